"""How the records of a report are cut into parts, each part a list of records (统计分组)."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from events.aftermath.enums import OUTCOMES, Stage
from events.exhibition.enums import LeadSource
from events.fairs.enums import ParticipantRole
from events.meetings.enums import DeclineReason, RequestState
from portal.taxonomy.models import District, Industry

from . import picks
from .enums import Group, Kind, Needs, ProfilePart
from .facts import NOT_GIVEN, Facts

Parts = dict[str, list[int]]
MOST_MEETINGS = 8  # from here on people are counted together


@dataclass(frozen=True)
class Cut:
    """Parts without records are left out.

    ``labels`` names the parts in the order in which they are shown.
    """

    key: str
    group: Group
    label: str | Promise
    kind: Kind
    split: Callable[[Facts], Parts]
    labels: Callable[[], dict[str, str]]
    needs: Needs | None = Needs.MEETINGS


@dataclass(frozen=True)
class Part:
    key: str
    label: str
    records: list[int]


def parts_of(cut: Cut, facts: Facts) -> list[Part]:
    """The parts that hold records, in the order of their labels."""
    split = cut.split(facts)
    return [Part(key, label, split[key]) for key, label in cut.labels().items() if split.get(key)]


def cuts_for(facts: Facts) -> list[Cut]:
    return [cut for cut in CUTS.values() if cut.needs in facts.has]


def _sorted_by(pairs: Iterable[tuple[str, int]]) -> Parts:
    found: Parts = {}
    for key, pk in pairs:
        found.setdefault(key, []).append(pk)
    return found


def _people_by(name: str) -> Callable[[Facts], Parts]:
    return lambda facts: _sorted_by((getattr(each, name), each.pk) for each in facts.people)


def _by_missing_part(facts: Facts) -> Parts:
    """Who lacks what: a profile that lacks two things stands in both parts."""
    people = [facts.person[pk] for pk in picks.profiled(facts)]
    return {
        part.value: [each.pk for each in people if part.value not in each.parts]
        for part in ProfilePart
    }


def _by_request_state(facts: Facts) -> Parts:
    return _sorted_by((each.state, each.pk) for each in facts.requests)


def _by_reason(facts: Facts) -> Parts:
    declined = (each for each in facts.requests if each.state == RequestState.DECLINED)
    return _sorted_by((each.reason or NOT_GIVEN, each.pk) for each in declined)


def _by_meetings(facts: Facts) -> Parts:
    held = facts.held_by
    people = picks.present(facts)
    return _sorted_by((str(min(held[pk], MOST_MEETINGS)), pk) for pk in people)


def _meetings_labels() -> dict[str, str]:
    counts = {str(number): str(number) for number in range(MOST_MEETINGS)}
    return counts | {str(MOST_MEETINGS): _("%(n)d or more") % {"n": MOST_MEETINGS}}


def _by_first_outcome(facts: Facts) -> Parts:
    return _sorted_by((each.first, each.pk) for each in facts.arranged_seats if each.first)


def _by_second_outcome(facts: Facts) -> Parts:
    return _sorted_by((each.second, each.pk) for each in facts.arranged_seats if each.second)


def _by_source(facts: Facts) -> Parts:
    return _sorted_by((each.source, each.pk) for each in facts.leads)


def _outcome_labels(stage: Stage) -> Callable[[], dict[str, str]]:
    return lambda: _labels(OUTCOMES[stage])


def _labels(choices: Collection) -> dict[str, str]:
    return {each.value: str(each.label) for each in choices}


def _labels_of(model: type[Industry] | type[District]) -> Callable[[], dict[str, str]]:
    def labels() -> dict[str, str]:
        terms = model._default_manager.order_by("sort_order", "pk")
        return {term.code: term.label for term in terms} | _not_given()

    return labels


def _not_given() -> dict[str, str]:
    return {NOT_GIVEN: _("not given")}


CUTS: dict[str, Cut] = {
    each.key: each
    for each in (
        Cut(
            "role",
            Group.PEOPLE,
            gettext_lazy("Registrations by role"),
            Kind.REGISTRATION,
            _people_by("role"),
            lambda: _labels(ParticipantRole),
            needs=None,
        ),
        Cut(
            "industry",
            Group.PEOPLE,
            gettext_lazy("Registrations by first industry"),
            Kind.REGISTRATION,
            _people_by("industry"),
            _labels_of(Industry),
            needs=None,
        ),
        Cut(
            "district",
            Group.PEOPLE,
            gettext_lazy("Registrations by the organization's district"),
            Kind.REGISTRATION,
            _people_by("district"),
            _labels_of(District),
            needs=None,
        ),
        Cut(
            "missing",
            Group.PEOPLE,
            gettext_lazy("What profiles lack"),
            Kind.REGISTRATION,
            _by_missing_part,
            lambda: _labels(ProfilePart),
            needs=None,
        ),
        Cut(
            "request_state",
            Group.REQUESTS,
            gettext_lazy("What became of the requests"),
            Kind.REQUEST,
            _by_request_state,
            lambda: _labels(RequestState),
        ),
        Cut(
            "reason",
            Group.REQUESTS,
            gettext_lazy("Why requests were declined"),
            Kind.REQUEST,
            _by_reason,
            lambda: _labels(DeclineReason) | _not_given(),
        ),
        Cut(
            "meetings",
            Group.MEETINGS,
            gettext_lazy("People by the number of their meetings"),
            Kind.REGISTRATION,
            _by_meetings,
            _meetings_labels,
        ),
        Cut(
            "first",
            Group.OUTCOMES,
            gettext_lazy("What people said right afterwards"),
            Kind.SEAT,
            _by_first_outcome,
            _outcome_labels(Stage.FIRST),
        ),
        Cut(
            "second",
            Group.OUTCOMES,
            gettext_lazy("What people said half a year later"),
            Kind.SEAT,
            _by_second_outcome,
            _outcome_labels(Stage.SECOND),
        ),
        Cut(
            "lead_source",
            Group.EXHIBITION,
            gettext_lazy("Leads by source"),
            Kind.LEAD,
            _by_source,
            lambda: _labels(LeadSource),
            needs=Needs.EXHIBITION,
        ),
    )
}
