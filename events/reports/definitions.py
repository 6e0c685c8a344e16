"""Every number of a report (统计指标), in the order in which it is read."""

from statistics import mean, median

from django.utils.translation import gettext_lazy as _

from events.meetings.enums import RequestState

from . import picks
from .enums import Group, Kind, Needs, Unit
from .facts import Facts
from .numbers import Figure, Number, figure_of

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
        needs=Needs.MEETINGS,
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
        needs=Needs.MEETINGS,
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
        needs=Needs.MEETINGS,
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
        needs=Needs.MEETINGS,
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
        needs=Needs.MEETINGS,
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
        needs=Needs.MEETINGS,
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
        needs=Needs.MEETINGS,
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
        needs=Needs.MEETINGS,
    ),
    Number(
        "cancelled",
        Group.MEETINGS,
        _("Meetings cancelled"),
        _("meetings that people were told of and that were called off"),
        Unit.COUNT,
        Kind.MEETING,
        picks.cancelled,
        needs=Needs.MEETINGS,
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
        needs=Needs.MEETINGS,
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
        needs=Needs.MEETINGS,
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
        needs=Needs.MEETINGS,
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
        needs=Needs.MEETINGS,
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
        needs=Needs.MEETINGS,
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
        needs=Needs.MEETINGS,
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
        needs=Needs.MEETINGS,
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
        needs=Needs.MEETINGS,
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
        needs=Needs.MEETINGS,
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
        needs=Needs.MEETINGS,
    ),
)
EXHIBITION = (
    Number(
        "exhibitors",
        Group.EXHIBITION,
        _("Exhibitors"),
        _("organizations with a booth whose materials had passed"),
        Unit.COUNT,
        Kind.EXHIBITOR,
        picks.exhibitors,
        is_public=True,
        needs=Needs.EXHIBITION,
    ),
    Number(
        "leads",
        Group.EXHIBITION,
        _("Leads of exhibitors"),
        _("visitors noted at booths, once for each pair; erased when the retention is over"),
        Unit.COUNT,
        Kind.LEAD,
        picks.leads,
        measure=picks.lead_count,
        is_public=True,
        needs=Needs.EXHIBITION,
    ),
    Number(
        "open_leads",
        Group.EXHIBITION,
        _("Leads with consent"),
        _("leads whose visitor lets the exhibitor have name and contact data ÷ all leads"),
        Unit.SHARE,
        Kind.LEAD,
        picks.open_leads,
        picks.leads,
        needs=Needs.EXHIBITION,
    ),
    Number(
        "sought_out",
        Group.EXHIBITION,
        _("Exhibitors with leads"),
        _("exhibitors who noted at least one visitor ÷ all exhibitors"),
        Unit.SHARE,
        Kind.EXHIBITOR,
        picks.sought_out,
        picks.counted_exhibitors,
        needs=Needs.EXHIBITION,
    ),
)
NUMBERS: dict[str, Number] = {
    each.key: each for each in (*PEOPLE, *REQUESTS, *MEETINGS, *OUTCOMES, *EXHIBITION, *MONEY)
}


def figures_of(facts: Facts) -> dict[str, Figure]:
    """Every number of a fair by its key, those left out whose need the fair does not meet."""
    return {
        key: figure_of(number, facts)
        for key, number in NUMBERS.items()
        if number.needs in facts.has
    }
