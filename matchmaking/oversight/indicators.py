"""What an annual report states, and the records that each figure comes from (年报指标体系).

A contract counts whole for the institute that is its seller. What the ledger cannot know has no
query; the institute states it, with its source.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Q, QuerySet, Sum, Value
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from matchmaking.cases.enums import SIX_MODES, THREE_MODES, ConversionMode
from matchmaking.cases.models import Contract, Payment, Reward, RewardShare, ShareGroup
from portal.accounts.models import Organization

from .kpis import Unit
from .kpis.dimensions import cut
from .kpis.money import SMALL, contracts
from .kpis.results import results

MILLION, HUNDRED_MILLION = 1_000_000, 100_000_000
Query = Callable[[Organization, int], QuerySet]


@dataclass(frozen=True)
class Indicator:
    """One line of the report; ``query`` is None for what only the institute knows."""

    key: str
    group: str | Promise
    label: str | Promise
    unit: Unit
    query: Query | None = None

    def compute(self, organization: Organization, year: int) -> Decimal | None:
        if self.query is None:
            return None
        total = self.query(organization, year).aggregate(total=Sum("part"))["total"]
        return Decimal(total or 0)


def _signed(organization: Organization, year: int, modes: Iterable[str]) -> QuerySet:
    rows = contracts().filter(seller__organization=organization, signed_on__year=year)
    return rows.filter(case__mode__in=modes)


def _received(organization: Organization, year: int, modes: Iterable[str]) -> QuerySet:
    sold = Contract.objects.filter(seller__organization=organization, case__mode__in=modes)
    rows = Payment.objects.filter(case__in=sold.values("case"), received_on__year=year)
    return cut(rows.select_related("case"), day="received_on").annotate(part=F("amount"))


MODES = {
    "three": (_("Three modes: assignment, licence, equity"), THREE_MODES),
    "six": (_("Six modes: with development, consulting, service"), SIX_MODES),
    "transfer": (_("Assignments of results"), {ConversionMode.TRANSFER}),
    "licence": (_("Licences of results"), {ConversionMode.LICENCE}),
    "equity": (_("Equity contributions of results"), {ConversionMode.EQUITY}),
    "development": (_("Technology development"), {ConversionMode.DEVELOPMENT}),
    "consulting": (_("Technology consulting"), {ConversionMode.CONSULTING}),
    "service": (_("Technology service"), {ConversionMode.SERVICE}),
}


def _of_modes(key: str) -> list[Indicator]:
    group, modes = MODES[key]
    return [
        Indicator(
            f"{key}-count",
            group,
            _("Contracts signed in the year"),
            Unit.COUNT,
            lambda organization, year: _signed(organization, year, modes).annotate(part=Value(1)),
        ),
        Indicator(
            f"{key}-amount",
            group,
            _("Contract amounts of the year"),
            Unit.MONEY,
            lambda organization, year: _signed(organization, year, modes).annotate(
                part=F("total_amount")
            ),
        ),
        Indicator(
            f"{key}-received",
            group,
            _("Received in the year"),
            Unit.MONEY,
            lambda organization, year: _received(organization, year, modes),
        ),
    ]


SHARES = _("Where it goes, and how large")


def _part_of(condition: Q) -> Query:
    def query(organization: Organization, year: int) -> QuerySet:
        rows = _signed(organization, year, SIX_MODES).filter(condition)
        return rows.annotate(part=F("total_amount"))

    return query


def _count_of(condition: Q) -> Query:
    def query(organization: Organization, year: int) -> QuerySet:
        return _signed(organization, year, SIX_MODES).filter(condition).annotate(part=Value(1))

    return query


REWARDS = _("Rewards paid in the year")


def _rewards(organization: Organization, year: int) -> QuerySet:
    sold = Contract.objects.filter(seller__organization=organization)
    rows = Reward.objects.filter(case__in=sold.values("case"), paid_on__year=year)
    return cut(rows.select_related("case"), day="paid_on").annotate(part=F("pool"))


def _shares(organization: Organization, year: int) -> QuerySet:
    rewards = _rewards(organization, year).values("pk")
    rows = RewardShare.objects.filter(reward__in=rewards).select_related("reward__case")
    return cut(rows, day="reward__paid_on")


def _main_shares(organization: Organization, year: int) -> QuerySet:
    rows = _shares(organization, year).filter(group=ShareGroup.MAIN)
    return rows.annotate(part=F("amount"))


def _people(organization: Organization, year: int) -> QuerySet:
    return _shares(organization, year).annotate(part=Value(1))


def _published(organization: Organization, year: int) -> QuerySet:
    rows = results().filter(in_institute=organization.pk, in_year=year)
    return rows.annotate(part=Value(1))


OWN = _("Stated by the institute")
LOCAL, SMALLER = (
    Q(buyer__organization__district__isnull=False),
    Q(buyer__organization__size__in=SMALL),
)
INDICATORS: dict[str, Indicator] = {
    each.key: each
    for each in (
        *(each for key in MODES for each in _of_modes(key)),
        Indicator(
            "local", SHARES, _("Contract amounts with local buyers"), Unit.MONEY, _part_of(LOCAL)
        ),
        Indicator(
            "small",
            SHARES,
            _("Contract amounts with small and medium buyers"),
            Unit.MONEY,
            _part_of(SMALLER),
        ),
        Indicator(
            "million",
            SHARES,
            _("Contracts of 1 million yuan and more"),
            Unit.COUNT,
            _count_of(Q(total_amount__gte=MILLION)),
        ),
        Indicator(
            "hundred-million",
            SHARES,
            _("Contracts of 100 million yuan and more"),
            Unit.COUNT,
            _count_of(Q(total_amount__gte=HUNDRED_MILLION)),
        ),
        Indicator("reward", REWARDS, _("Rewards in all"), Unit.MONEY, _rewards),
        Indicator("reward-main", REWARDS, _("To the main contributors"), Unit.MONEY, _main_shares),
        Indicator(
            "reward-people",
            REWARDS,
            _("Person-times rewarded"),
            Unit.COUNT,
            _people,
        ),
        Indicator(
            "published", _("Results"), _("Results published on the portal"), Unit.COUNT, _published
        ),
        Indicator("fiscal", OWN, _("Results of public projects converted"), Unit.COUNT),
        Indicator("reward-equity", OWN, _("Rewards in shares (yuan)"), Unit.MONEY),
        Indicator("office-staff", OWN, _("Full-time staff of the transfer office"), Unit.COUNT),
        Indicator(
            "part-time", OWN, _("Staff working part-time or on leave in companies"), Unit.COUNT
        ),
        Indicator("platforms", OWN, _("Platforms run with companies"), Unit.COUNT),
        Indicator("companies", OWN, _("Companies founded or shared in"), Unit.COUNT),
    )
}
