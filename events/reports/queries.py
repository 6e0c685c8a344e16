"""Reports put together: one fair's in full, and those of a series side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import QuerySet

from events.fairs.models import Fair
from portal.accounts.models import User

from .comparison import Comparison, compare_with_first_come
from .cuts import Cut, Part, cuts_for, parts_of
from .enums import Group
from .facts import Facts, read_facts
from .findings import Finding, findings_of
from .models import FairSeries
from .numbers import NUMBERS, Figure, figures_of
from .rules import REPORTED_STATES, can_read_report


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


def read_report(fair: Fair) -> Report:
    """Counted on reading, in a dozen queries: nothing is kept that could go stale."""
    facts = read_facts([fair])[fair.pk]
    figures = figures_of(facts)
    cuts = [(cut, parts_of(cut, facts)) for cut in cuts_for(facts)]
    return Report(fair, facts, figures, cuts, findings_of(figures))


def reports_of_series(series: FairSeries, user: User) -> list[tuple[Fair, dict[str, Figure]]]:
    """Each fair of a series that has something to report, the oldest first, with its numbers."""
    fairs = series.fairs.filter(state__in=REPORTED_STATES).with_page()
    fairs = [
        each for each in fairs.order_by("page__starts_at", "pk") if can_read_report(user, each)
    ]
    found = read_facts(fairs)
    return [(fair, figures_of(found[fair.pk])) for fair in fairs]


def series_of(fair: Fair, user: User) -> QuerySet[FairSeries]:
    return FairSeries.objects.for_user(user).filter(fairs=fair).order_by("name")


def fairs_to_choose(user: User, series: FairSeries | None) -> QuerySet[Fair]:
    """Fairs that may belong to a series: of its organizer, else those that the person runs."""
    fairs = Fair.objects.for_user(user).with_page()
    if series is not None:
        fairs = fairs.filter(organizer=series.organizer_id)
    elif user.office_organization_ids:
        fairs = fairs.filter(organizer__in=user.office_organization_ids)
    return fairs.exclude(state="CANCELLED").order_by("-page__starts_at", "-pk")


def figures_by_key(
    reports: Sequence[tuple[Fair, dict[str, Figure]]],
) -> Iterator[tuple[str, list[Figure | None]]]:
    """Each number with its figure of every fair, None where a fair has no such number."""
    for key in NUMBERS:
        row = [figures.get(key) for _fair, figures in reports]
        if any(row):
            yield key, row
