"""Reports put together: one fair's in full, and those of a series side by side."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import QuerySet

from events.aftermath.rules import can_read_amounts
from events.fairs.enums import OPENED_STATES, FairState
from events.fairs.models import Fair
from portal.accounts.models import User

from .comparison import Comparison, compare_with_first_come
from .cuts import Cut, Part, cuts_for, parts_of
from .definitions import NUMBERS, figures_of
from .enums import Group
from .facts import Facts, read_facts
from .findings import Finding, findings_of
from .models import FairSeries
from .numbers import Figure
from .published import may_show_amount
from .rules import can_read_report


@dataclass(frozen=True)
class Report:
    """All that a fair came to."""

    fair: Fair
    facts: Facts
    figures: dict[str, Figure]
    cuts: list[tuple[Cut, list[Part]]]
    findings: list[Finding]

    def by_group(self) -> Iterator[tuple[Group, list[Figure]]]:
        rows = groupby(self.figures.values(), key=lambda each: each.number.group)
        return ((group, list(figures)) for group, figures in rows)

    def parts(self, key: str) -> list[Part]:
        return next((parts for cut, parts in self.cuts if cut.key == key), [])

    def comparison(self) -> Comparison | None:
        """Against first come first served; read only where it is shown."""
        return compare_with_first_come(self.facts)


def read_report(fair: Fair, user: User) -> Report:
    """Counted on reading, in a dozen queries: nothing is kept that could go stale."""
    facts = read_facts([fair])[fair.pk]
    figures = _figures_for(user, [facts])[fair.pk]
    cuts = [(cut, parts_of(cut, facts)) for cut in cuts_for(facts)]
    return Report(fair, facts, figures, cuts, findings_of(figures))


def _figures_for(user: User, found: Collection[Facts]) -> dict[int, dict[str, Figure]]:
    """All numbers; a sum that tells of single contracts is for those who oversee alone."""
    figures = {facts.fair.pk: figures_of(facts) for facts in found}
    for facts in found:
        if facts.signed and not may_show_amount(facts) and not can_read_amounts(user):
            mine = figures[facts.fair.pk]
            mine["amount"] = mine["amount"].hidden()
    return figures


def reports_of_series(series: FairSeries, user: User) -> list[tuple[Fair, dict[str, Figure]]]:
    """Each fair of a series that has something to report, the oldest first, with its numbers."""
    fairs = series.fairs.filter(state__in=OPENED_STATES).with_page()
    fairs = [
        each for each in fairs.order_by("page__starts_at", "pk") if can_read_report(user, each)
    ]
    figures = _figures_for(user, read_facts(fairs).values())
    return [(fair, figures[fair.pk]) for fair in fairs]


def series_of(fair: Fair, user: User) -> QuerySet[FairSeries]:
    return FairSeries.objects.for_user(user).filter(fairs=fair).order_by("name")


def fairs_to_choose(user: User, series: FairSeries | None) -> QuerySet[Fair]:
    """Fairs that may belong to a series: of its organizer, else those that the person runs."""
    fairs = Fair.objects.for_user(user).with_page()
    if series is not None:
        fairs = fairs.filter(organizer=series.organizer_id)
    elif user.office_organization_ids:
        fairs = fairs.filter(organizer__in=user.office_organization_ids)
    return fairs.exclude(state=FairState.CANCELLED).order_by("-page__starts_at", "-pk")


def figures_by_key(
    reports: Sequence[tuple[Fair, dict[str, Figure]]],
) -> Iterator[tuple[str, list[Figure | None]]]:
    """Each number with its figure of every fair, None where a fair has no such number."""
    for key in NUMBERS:
        row = [figures.get(key) for _fair, figures in reports]
        if any(row):
            yield key, row
