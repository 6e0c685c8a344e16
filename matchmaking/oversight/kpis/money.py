"""K1–K6, K14, K21: contracts and the money that they bring."""

from decimal import Decimal

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from matchmaking.cases.models import Contract, Payment
from portal.accounts.enums import PUBLISHING_KINDS, OrganizationSize

from .dimensions import cut_cases, cut_contracts, flag
from .registry import Unit, kpi

SMALL = [OrganizationSize.MICRO, OrganizationSize.SMALL, OrganizationSize.MEDIUM]
CONTRACTS = _("contracts of the conversion cases")
SIGNED = _("year in which the contract was signed")


def contracts(**more: str) -> QuerySet:
    rows = Contract.objects.select_related("case", "seller__organization", "buyer__organization")
    return cut_contracts(rows, **more)


@kpi(
    "K1",
    _("Contract amount"),
    formula=_(
        "Sum of the amounts of all signed contracts at their latest amendment; contracts that "
        "were broken off later stay in."
    ),
    unit=Unit.MONEY,
    period=SIGNED,
    source=CONTRACTS,
)
def contract_amount() -> QuerySet:
    return contracts().annotate(part=F("total_amount"))


@kpi(
    "K2",
    _("Money received"),
    formula=_("Sum of all payments that owners recorded as received."),
    unit=Unit.MONEY,
    period=_("year in which the money arrived"),
    source=_("payments of the conversion cases"),
)
def received() -> QuerySet:
    rows = cut_cases(Payment.objects.select_related("case"), day="received_on", case="case__")
    return rows.annotate(part=F("amount"))


@kpi(
    "K3",
    _("Received in per cent of the contracts"),
    formula=_("Money received until today on these contracts ÷ their contract amounts."),
    unit=Unit.RATIO,
    period=SIGNED,
    source=_("contracts and payments of the conversion cases"),
)
def received_rate() -> QuerySet:
    rows = contracts().filter(total_amount__gt=0)
    return rows.annotate(part=F("case__received"), whole=F("total_amount"))


@kpi(
    "K4",
    _("Technology amount"),
    formula=_(
        "Sum of the technology amounts: contract amounts less equipment, parts and material."
    ),
    unit=Unit.MONEY,
    period=SIGNED,
    source=CONTRACTS,
)
def technology_amount() -> QuerySet:
    return contracts().annotate(part=F("technology_amount"))


@kpi(
    "K5-OUT",
    _("Technology output by district"),
    formula=_("Sum of contract amounts by the district of the seller."),
    unit=Unit.MONEY,
    period=SIGNED,
    source=CONTRACTS,
)
def output() -> QuerySet:
    return contracts().annotate(part=F("total_amount"))


@kpi(
    "K5-IN",
    _("Technology absorbed by district"),
    formula=_("Sum of contract amounts by the district of the buyer."),
    unit=Unit.MONEY,
    period=SIGNED,
    source=CONTRACTS,
)
def absorbed() -> QuerySet:
    return contracts(side="buyer").annotate(part=F("total_amount"))


@kpi(
    "K6",
    _("Local conversion"),
    formula=_(
        "Contract amounts with a buyer in a district of the city ÷ all contract amounts. A buyer "
        "without a record on the portal counts as not local."
    ),
    unit=Unit.RATIO,
    period=SIGNED,
    source=CONTRACTS,
)
def local_conversion() -> QuerySet:
    is_local = Q(buyer__organization__district__isnull=False)
    rows = contracts().annotate(whole=F("total_amount"))
    return rows.annotate(part=Case(When(is_local, then=F("whole")), default=Value(Decimal(0))))


@kpi(
    "K14",
    _("Share of small and medium buyers"),
    formula=_(
        "Contracts bought by micro, small and medium enterprises ÷ contracts whose buyer's size "
        "is known."
    ),
    unit=Unit.RATIO,
    period=SIGNED,
    source=_("contracts; size of the organization by the 2011 standard"),
)
def small_buyers() -> QuerySet:
    rows = contracts().exclude(buyer__organization__isnull=True)
    rows = rows.exclude(buyer__organization__size="")
    is_small = flag(Q(buyer__organization__size__in=SMALL))
    return rows.annotate(part=is_small, whole=Value(1))


@kpi(
    "K21",
    _("Contracts per transfer office"),
    formula=_(
        "Signed contracts ÷ institutes and universities that signed any; staff numbers per office "
        "stand in the annual reports."
    ),
    unit=Unit.AVERAGE,
    period=SIGNED,
    source=CONTRACTS,
)
def contracts_per_office() -> QuerySet:
    rows = contracts().filter(seller__organization__kind__in=PUBLISHING_KINDS)
    return rows.annotate(part=Value(1))
