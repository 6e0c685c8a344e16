"""Numbers that the ledger of conversion cases gives to schemes: contracts and money received."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from statistics import median

from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _

from matchmaking.cases.enums import THREE_MODES, PartyRole
from matchmaking.cases.models import CaseParty, Contract, ConversionCase, FollowUp, Payment

from .enums import ObjectType
from .indicators import UNITS, Measure, counted, register_query

LEDGER = _("ledger of conversion cases")
TEN_THOUSAND, WHOLE = Decimal(10_000), Decimal(100)


@register_query(
    "contracts_signed",
    label=_("Contracts signed"),
    formula=_("contracts signed in the period with the unit as the seller"),
    unit=_("items"),
    source=LEDGER,
    object_types=UNITS,
)
def contracts_signed(ids: Collection[int], start: date, end: date) -> dict[int, Measure]:
    rows = Contract.objects.filter(
        seller__organization__in=ids, signed_on__range=(start, end)
    ).values_list("seller__organization")
    return counted(ids, dict(rows.annotate(Count("pk"))))


@register_query(
    "money_received",
    label=_("Money received"),
    formula=_("payments received in the period in cases that the unit owns, by its share"),
    unit=_("ten thousand yuan"),
    source=LEDGER,
    object_types=UNITS,
    is_outcome=True,
)
def money_received(ids: Collection[int], start: date, end: date) -> dict[int, Measure]:
    payments = Payment.objects.filter(
        received_on__range=(start, end), case__parties__organization__in=ids
    ).distinct()
    by_case: dict[int, Decimal] = defaultdict(Decimal)
    for payment in payments:
        by_case[payment.case_id] += payment.amount
    owners: dict[int, list[CaseParty]] = defaultdict(list)
    for party in CaseParty.objects.present().filter(case__in=by_case, role=PartyRole.OWNER):
        owners[party.case_id].append(party)
    received = dict.fromkeys(ids, Decimal(0))
    for case, parties in owners.items():
        for party in parties:
            if party.organization_id in received:
                share = WHOLE / len(parties) if party.share is None else party.share
                received[party.organization_id] += by_case[case] * share / WHOLE
    return {pk: Measure(float(amount / TEN_THOUSAND)) for pk, amount in received.items()}


@register_query(
    "contracts_of_three_modes",
    label=_("Transfers, licences, investments"),
    formula=_(
        "contracts signed in the period with the unit as the seller, in cases of transfer, licence "
        "or investment"
    ),
    unit=_("items"),
    source=LEDGER,
    object_types=UNITS,
)
def contracts_of_three_modes(ids: Collection[int], start: date, end: date) -> dict[int, Measure]:
    rows = Contract.objects.filter(
        seller__organization__in=ids, signed_on__range=(start, end), case__mode__in=THREE_MODES
    ).values_list("seller__organization")
    return counted(ids, dict(rows.annotate(Count("pk"))))


@register_query(
    "days_to_contract",
    label=_("Days to the contract"),
    formula=_(
        "median of the days from the opening of a case to its signature, of the unit's cases "
        "signed in the period"
    ),
    unit=_("days"),
    source=LEDGER,
    object_types=UNITS,
)
def days_to_contract(ids: Collection[int], start: date, end: date) -> dict[int, Measure]:
    cases = ConversionCase.objects.filter(lead_owner__in=ids, signed_on__range=(start, end))
    days: dict[int | None, list[int]] = defaultdict(list)
    for case in cases:
        days[case.lead_owner_id].append(_days_of(case))
    return {pk: Measure(float(median(each)), len(each)) for pk, each in days.items() if pk}


@register_query(
    "achievement_contracts",
    label=_("Contracts on the achievement"),
    formula=_("contracts signed in the period in cases of the achievement"),
    unit=_("items"),
    source=LEDGER,
    object_types=(ObjectType.ACHIEVEMENT,),
)
def achievement_contracts(ids: Collection[int], start: date, end: date) -> dict[int, Measure]:
    rows = Contract.objects.filter(case__page__in=ids, signed_on__range=(start, end))
    return counted(ids, dict(rows.values_list("case__page").annotate(Count("pk"))))


@register_query(
    "achievement_received",
    label=_("Money received for the achievement"),
    formula=_("payments received in the period in cases of the achievement"),
    unit=_("ten thousand yuan"),
    source=LEDGER,
    object_types=(ObjectType.ACHIEVEMENT,),
    is_outcome=True,
)
def achievement_received(ids: Collection[int], start: date, end: date) -> dict[int, Measure]:
    received = dict.fromkeys(ids, Decimal(0))
    payments = Payment.objects.filter(case__page__in=ids, received_on__range=(start, end))
    for page, amount in payments.values_list("case__page", "amount"):
        if page is not None:
            received[page] += amount
    return {pk: Measure(float(amount / TEN_THOUSAND)) for pk, amount in received.items()}


CASES = (ObjectType.CASE,)


@register_query(
    "case_contract",
    label=_("Contract amount of the case"),
    formula=_("amounts of the case's contracts signed in the period, at their latest amendment"),
    unit=_("ten thousand yuan"),
    source=LEDGER,
    object_types=CASES,
)
def case_contract(ids: Collection[int], start: date, end: date) -> dict[int, Measure]:
    rows = Contract.objects.filter(case__in=ids, signed_on__range=(start, end))
    found = rows.order_by().values_list("case").annotate(Sum("total_amount"))
    return {pk: Measure(float(amount / TEN_THOUSAND)) for pk, amount in found}


@register_query(
    "case_received",
    label=_("Received in per cent of the contract"),
    formula=_("payments of the case received by the end of the period ÷ its contract amount"),
    unit="%",
    source=LEDGER,
    object_types=CASES,
)
def case_received(ids: Collection[int], start: date, end: date) -> dict[int, Measure]:
    payments = Payment.objects.filter(case__in=ids, received_on__lte=end).order_by()
    received = dict(payments.values_list("case").annotate(Sum("amount")))
    contracts = Contract.objects.filter(case__in=ids, total_amount__gt=0).order_by()
    totals = contracts.values_list("case").annotate(Sum("total_amount"))
    return {pk: Measure(float(received.get(pk, 0) / total * 100)) for pk, total in totals}


@register_query(
    "case_days",
    label=_("Days from opening to signature"),
    formula=_("days from the opening of the case to the signature of its contract"),
    unit=_("days"),
    source=LEDGER,
    object_types=CASES,
)
def case_days(ids: Collection[int], start: date, end: date) -> dict[int, Measure]:
    cases = ConversionCase.objects.filter(pk__in=ids, signed_on__isnull=False)
    return {case.pk: Measure(float(_days_of(case))) for case in cases}


def _days_of(case: ConversionCase) -> int:
    return (case.signed_on - case.opened_on).days if case.signed_on else 0


@register_query(
    "case_sales",
    label=_("New sales reported of the case"),
    formula=_("sales that the taker's latest follow-up answered in the period reports"),
    unit=_("ten thousand yuan"),
    source=LEDGER,
    object_types=CASES,
    is_outcome=True,
)
def case_sales(ids: Collection[int], start: date, end: date) -> dict[int, Measure]:
    """A case that nobody reported on has no such number."""
    answers = FollowUp.objects.filter(
        case__in=ids, answered_at__date__range=(start, end), sales__isnull=False
    )
    rows = answers.order_by("months").values_list("case", "sales")
    return {pk: Measure(float(sales / TEN_THOUSAND)) for pk, sales in rows if sales is not None}
