"""Numbers that the ledger of conversion cases gives to schemes: contracts and money received."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from decimal import Decimal

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from matchmaking.cases.enums import PartyRole
from matchmaking.cases.models import CaseParty, Contract, Payment

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
