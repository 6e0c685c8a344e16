"""The numbers of a report: each a definition in words around the records behind it (统计口径).

A number is its records: a count is how many there are, a share how many of a larger whole. So
every number opens exactly the records that it was made of.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from statistics import mean, median

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy as _

from achievements.amounts import write_yuan
from events.meetings.enums import RequestState

from . import picks
from .enums import Group, Kind, Unit
from .facts import Facts
from .picks import Pick, Value


@dataclass(frozen=True)
class Number:
    """One definition; ``measure`` is there where the value is no count and no share of records.

    ``is_public`` numbers stand in the short version, too.
    """

    key: str
    group: Group
    label: str | Promise
    formula: str | Promise
    unit: Unit
    kind: Kind
    part: Pick
    whole: Pick | None = None
    measure: Callable[[Facts], Value] | None = None
    is_public: bool = False
    needs_meetings: bool = False


@dataclass(frozen=True)
class Figure:
    """A number of one fair: its value, the records that make it, and those it is a share of."""

    number: Number
    value: Value
    part: list[int] = field(repr=False)
    whole: list[int] | None = field(repr=False)

    def hidden(self) -> "Figure":
        """The same without its value, for a reader whom it would tell too much."""
        return replace(self, value=None)

    @property
    def text(self) -> str:
        """The value in words, with its unit; a dash where there is none."""
        if self.value is None:
            return "–"
        if self.number.unit == Unit.MONEY:
            return write_yuan(self.value) if self.value else "0"
        if self.number.unit == Unit.COUNT:
            return f"{self.value:,}"
        return f"{self.value:,.1f}" + (" %" if self.number.unit == Unit.SHARE else "")

    @property
    def made_of(self) -> str:
        """The records in numbers: a share tells both, everything else how many there are."""
        if self.whole is None:
            if self.number.measure is None:
                return ""
            return gettext("from %(n)s records") % {"n": f"{len(self.part):,}"}
        return f"{len(self.part):,} ÷ {len(self.whole):,}"


def figure_of(number: Number, facts: Facts) -> Figure:
    part = number.part(facts)
    whole = number.whole(facts) if number.whole else None
    if number.measure:
        value = number.measure(facts)
    elif whole is None:
        value = len(part)
    else:
        value = 100 * len(part) / len(whole) if whole else None
    return Figure(number, value, part, whole)


def figures_of(facts: Facts) -> dict[str, Figure]:
    """Every number of a fair by its key; those on meetings only where people meet at tables."""
    has_meetings = facts.fair.has_meetings
    return {
        key: figure_of(number, facts)
        for key, number in NUMBERS.items()
        if has_meetings or not number.needs_meetings
    }


PEOPLE = (
    Number(
        "registered",
        Group.PEOPLE,
        _("People registered"),
        _("registrations that were sent, whatever became of them"),
        Unit.COUNT,
        Kind.REGISTRATION,
        picks.registered,
    ),
    Number(
        "approval",
        Group.PEOPLE,
        _("Approval rate"),
        _("admitted ÷ admitted or refused"),
        Unit.SHARE,
        Kind.REGISTRATION,
        picks.admitted,
        picks.decided,
    ),
    Number(
        "came",
        Group.PEOPLE,
        _("People who came"),
        _("admitted people who were checked in at a door"),
        Unit.COUNT,
        Kind.REGISTRATION,
        picks.came,
        is_public=True,
    ),
    Number(
        "show_up",
        Group.PEOPLE,
        _("Show-up rate"),
        _("checked in ÷ admitted"),
        Unit.SHARE,
        Kind.REGISTRATION,
        picks.came,
        picks.admitted,
        is_public=True,
    ),
    Number(
        "complete",
        Group.PEOPLE,
        _("Complete profiles"),
        _(
            "admitted people who gave organization, post, one line, industry and something they "
            "bring or seek ÷ all admitted people in roles that meet"
        ),
        Unit.SHARE,
        Kind.REGISTRATION,
        picks.complete,
        picks.profiled,
    ),
)
REQUESTS = (
    Number(
        "requests",
        Group.REQUESTS,
        _("Requests in all"),
        _("all requests for meetings, taken back ones included"),
        Unit.COUNT,
        Kind.REQUEST,
        picks.requests,
        is_public=True,
        needs_meetings=True,
    ),
    Number(
        "acceptance",
        Group.REQUESTS,
        _("Acceptance rate"),
        _("accepted, also where it was called off later ÷ accepted, declined or run out"),
        Unit.SHARE,
        Kind.REQUEST,
        picks.accepted,
        picks.answered,
        is_public=True,
        needs_meetings=True,
    ),
    Number(
        "declined",
        Group.REQUESTS,
        _("Requests declined"),
        _("declined ÷ accepted, declined or run out"),
        Unit.SHARE,
        Kind.REQUEST,
        picks.requests_in(RequestState.DECLINED),
        picks.answered,
        needs_meetings=True,
    ),
    Number(
        "expired",
        Group.REQUESTS,
        _("Requests run out"),
        _("never answered ÷ accepted, declined or run out"),
        Unit.SHARE,
        Kind.REQUEST,
        picks.requests_in(RequestState.EXPIRED),
        picks.answered,
        needs_meetings=True,
    ),
    Number(
        "must_meet",
        Group.REQUESTS,
        _("Must-meet rate"),
        _("accepted requests marked “must” by either side whose meeting was held ÷ all of them"),
        Unit.SHARE,
        Kind.REQUEST,
        picks.must_met,
        picks.must,
        is_public=True,
        needs_meetings=True,
    ),
)
MEETINGS = (
    Number(
        "arranged",
        Group.MEETINGS,
        _("Meetings arranged"),
        _("meetings that people were told of and that were not cancelled"),
        Unit.COUNT,
        Kind.MEETING,
        picks.arranged,
        needs_meetings=True,
    ),
    Number(
        "held",
        Group.MEETINGS,
        _("Meetings held"),
        _("marked as held or begun by a host, or of which one of its people names an outcome"),
        Unit.COUNT,
        Kind.MEETING,
        picks.held,
        is_public=True,
        needs_meetings=True,
    ),
    Number(
        "not_held",
        Group.MEETINGS,
        _("Meetings not held"),
        _("marked as not held, or said to be by all who answered ÷ arranged"),
        Unit.SHARE,
        Kind.MEETING,
        picks.not_held,
        picks.arranged,
        needs_meetings=True,
    ),
    Number(
        "cancelled",
        Group.MEETINGS,
        _("Meetings cancelled"),
        _("meetings that people were told of and that were called off"),
        Unit.COUNT,
        Kind.MEETING,
        picks.cancelled,
        needs_meetings=True,
    ),
    Number(
        "mean",
        Group.MEETINGS,
        _("Meetings per person, mean"),
        _("held meetings of everybody who came or sat in one, in roles that meet"),
        Unit.MEAN,
        Kind.REGISTRATION,
        picks.present,
        measure=picks.per_person(mean),
        needs_meetings=True,
    ),
    Number(
        "median",
        Group.MEETINGS,
        _("Meetings per person, median"),
        _("half of these people had as many or more"),
        Unit.MEAN,
        Kind.REGISTRATION,
        picks.present,
        measure=picks.per_person(median),
        needs_meetings=True,
    ),
    Number(
        "alone",
        Group.MEETINGS,
        _("Came and met nobody"),
        _("people without a held meeting ÷ everybody who came or sat in one, in roles that meet"),
        Unit.SHARE,
        Kind.REGISTRATION,
        picks.alone,
        picks.present,
        needs_meetings=True,
    ),
)
OUTCOMES = (
    Number(
        "feedback",
        Group.OUTCOMES,
        _("Feedback response rate"),
        _("answers right after a meeting ÷ all people in arranged meetings"),
        Unit.SHARE,
        Kind.SEAT,
        picks.said,
        picks.seated,
        is_public=True,
        needs_meetings=True,
    ),
    Number(
        "possible",
        Group.OUTCOMES,
        _("Cooperation possible"),
        _("answers “cooperation possible” ÷ all answers right after a meeting"),
        Unit.SHARE,
        Kind.SEAT,
        picks.possible,
        picks.said,
        is_public=True,
        needs_meetings=True,
    ),
    Number(
        "agreements",
        Group.OUTCOMES,
        _("Agreements within half a year"),
        _(
            "held meetings from which a contract in the ledger came within 180 days, or an "
            "agreement as a side says when asked half a year later"
        ),
        Unit.COUNT,
        Kind.MEETING,
        picks.agreed_meetings,
        measure=picks.agreements,
        is_public=True,
        needs_meetings=True,
    ),
    Number(
        "yield",
        Group.OUTCOMES,
        _("Event yield (K12)"),
        _("these meetings ÷ held meetings, once the fair is 180 days old"),
        Unit.SHARE,
        Kind.MEETING,
        picks.agreed_meetings,
        picks.held,
        measure=picks.event_yield,
        needs_meetings=True,
    ),
)
MONEY = (
    Number(
        "contracts",
        Group.MONEY,
        _("Cases signed from this fair"),
        _("cases that began at its meetings and were signed within twelve months after it"),
        Unit.COUNT,
        Kind.CASE,
        picks.signed,
        needs_meetings=True,
    ),
    Number(
        "amount",
        Group.MONEY,
        _("Contract amount of the fair (K13)"),
        _("sum of their contracts at the latest amendment"),
        Unit.MONEY,
        Kind.CASE,
        picks.signed,
        measure=picks.contract_amount,
        needs_meetings=True,
    ),
    Number(
        "cost",
        Group.MONEY,
        _("Cost of the fair"),
        _("sum of what the organizer entered"),
        Unit.MONEY,
        Kind.COST,
        picks.costs,
        measure=picks.total_cost,
    ),
    Number(
        "cost_per_meeting",
        Group.MONEY,
        _("Cost per held meeting"),
        _("cost of the fair ÷ held meetings"),
        Unit.MONEY,
        Kind.COST,
        picks.costs,
        measure=picks.cost_per_meeting,
        needs_meetings=True,
    ),
)
NUMBERS: dict[str, Number] = {
    each.key: each for each in (*PEOPLE, *REQUESTS, *MEETINGS, *OUTCOMES, *MONEY)
}
