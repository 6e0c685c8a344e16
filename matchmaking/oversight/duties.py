"""Everything that falls due, derived from the database: what, by when, by which law, with whom.

A source is a query whose rows carry the columns of ``COLUMNS`` and one date, ``base``, from which
the due day is some months later. All sources are read in the order of their due days and merged,
so that a page of the list never reads more than a page of each source.
"""

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import islice

from dateutil.relativedelta import relativedelta
from django.core.cache import cache
from django.db.models import CharField, Count, Q, QuerySet, Sum, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise

from matchmaking.cases.enums import RuleCode
from matchmaking.cases.models import ConversionCase, LawRule
from matchmaking.cases.queries import rules_in_force
from portal.accounts.models import Organization, User
from portal.accounts.rules import can_oversee

from .enums import DutyKind
from .models import DutyCount

CACHE_SECONDS = 60
MANY = 500
LISTED = 2_000
COLUMNS = ("duty", "ref", "base", "code", "title")


def kept_rules() -> dict[str, LawRule]:
    """The rules of law in force today, kept for a minute."""
    today = timezone.localdate()
    found = cache.get_or_set(f"rules:{today}", lambda: rules_in_force(today), CACHE_SECONDS)
    return found or {}


@dataclass(frozen=True)
class Reach:
    """Whose duties: those of some organizations and cases, or everybody's (``is_all``).

    ``rules`` are the rules of law in force today.
    """

    cases: QuerySet[ConversionCase]
    organizations: frozenset[int] = frozenset()
    is_all: bool = False
    rules: dict[str, LawRule] = field(default_factory=kept_rules)

    def of_case(self, path: str) -> Q:
        return Q() if self.is_all else Q(**{f"{path}__in": self.cases.values("pk")})

    def of_organization(self, path: str) -> Q:
        return Q() if self.is_all else Q(**{f"{path}__in": self.organizations})


def reach_of(user: User) -> Reach:
    """What concerns a person: everything as the commission, else the own organizations' and cases'.

    A broker sees the cases that name the broker.
    """
    cases = ConversionCase.objects.for_user(user)
    return Reach(cases, frozenset(user.organization_ids), can_oversee(user))


def reach_of_organization(organization: Organization) -> Reach:
    parties = organization.case_parties.filter(left_on__isnull=True)
    cases = ConversionCase.objects.filter(pk__in=parties.values("case"))
    return Reach(cases, frozenset({organization.pk}))


@dataclass(frozen=True)
class Duty:
    """One thing that falls due (待办)."""

    kind: DutyKind
    due_on: date
    code: str
    title: str
    ref: int
    url: str
    law: str = ""
    party_id: int | None = None
    party: str = ""

    @property
    def label(self) -> str | Promise:
        return self.kind.label

    @property
    def is_late(self) -> bool:
        return self.due_on < timezone.localdate()


Rows = Callable[[Reach], QuerySet]
Link = Callable[[str, int, Reach], str]


def _to_case(code: str, _ref: int, _reach: Reach) -> str:
    return reverse("cases:case", args=[code])


@dataclass(frozen=True)
class Source:
    """Where duties of one kind come from; ``months`` tells how long after ``base`` they are due."""

    kind: DutyKind
    rows: Rows
    rule: RuleCode | None = None
    months: str = ""
    link: Link = _to_case


SOURCES: dict[DutyKind, Source] = {}


def source(
    kind: DutyKind, *, rule: RuleCode | None = None, months: str = "", link: Link = _to_case
) -> Callable[[Rows], Rows]:
    """Register the decorated query; ``months`` names the parameter of the rule that is added."""

    def register(rows: Rows) -> Rows:
        SOURCES[kind] = Source(kind, rows, rule, months, link)
        return rows

    return register


@dataclass(frozen=True)
class Span:
    """Due days from ``since`` up to and including ``until``; None leaves a side open."""

    since: date | None = None
    until: date | None = None


class Calendar:
    """The duties of a reach: counted, listed in the order of their days, summed up."""

    def __init__(self, reach: Reach, kinds: frozenset[DutyKind] | None = None):
        self.reach = reach
        self.sources = {
            kind: each for kind, each in SOURCES.items() if kinds is None or kind in kinds
        }

    def first(
        self,
        number: int,
        window: Span = Span(),
        *,
        skipped: int = 0,
        counts: Mapping[DutyKind, int] | None = None,
    ) -> list[Duty]:
        """The earliest duties in a window after ``skipped`` ones, with their parties' names.

        Sources with terms of the same length are read in one query, which has to sort them all;
        those of which there are many, by ``counts``, each in one that follows its index.
        """
        groups: dict[tuple[int, str], list[Source]] = {}
        for kind, each in self.sources.items():
            known = counts[kind] if counts and kind in counts else 0
            if counts is None or known:
                own = kind.value if known > MANY else ""
                groups.setdefault((self._months(each), own), []).append(each)
        reads = [
            self._read(self._union(group, window, COLUMNS), skipped + number)
            for group in groups.values()
        ]
        merged = heapq.merge(*reads, key=lambda duty: (duty.due_on, duty.kind, duty.ref))
        return self._with_parties(list(islice(merged, skipped, skipped + number)))

    def within(self, window: Span) -> list[Duty]:
        """All duties of a window in one query, without names: for those of a few organizations."""
        rows = self._union(self.sources.values(), window, COLUMNS)
        found = [self._duty(row) for row in rows]
        return sorted(found, key=lambda duty: (duty.due_on, duty.kind, duty.ref))

    def by_kind_day_party(self) -> Iterator[tuple[DutyKind, date, int | None, int]]:
        """How many duties of each kind fall due on each day with each organization."""
        for kind, each in self.sources.items():
            term = relativedelta(months=self._months(each))
            rows = self._rows(each, Span()).order_by().values_list("base", "party")
            for base, party, number in rows.annotate(number=Count("pk")):
                yield kind, base + term, party, number

    def count(self, window: Span = Span()) -> dict[DutyKind, int]:
        found: Counter[DutyKind] = Counter()
        for kind, number in self._count_by("duty", window):
            found[DutyKind(kind)] += number
        return {kind: found[kind] for kind in self.sources if found[kind]}

    def by_party(self, window: Span) -> Counter[int | None]:
        """How many duties each organization has in a window."""
        found: Counter[int | None] = Counter()
        for party, number in self._count_by("party", window):
            found[party] += number
        return found

    def by_day(self, window: Span) -> Counter[date]:
        """How many duties fall on each day of a window."""
        found: Counter[date] = Counter()
        for kind, base in self._union(self.sources.values(), window, ("duty", "base")):
            found[base + relativedelta(months=self._months(self.sources[DutyKind(kind)]))] += 1
        return found

    def _count_by(self, column: str, window: Span) -> QuerySet:
        """Pairs of a column's value and how many duties have it, from each source."""
        rows = [
            self._rows(each, window)
            .order_by()
            .values(column)
            .annotate(number=Count("pk"))
            .values_list(column, "number")
            for each in self.sources.values()
        ]
        return rows[0].union(*rows[1:], all=True)

    def _union(self, sources: Iterable[Source], window: Span, columns: tuple[str, ...]) -> QuerySet:
        rows = [self._rows(each, window).order_by().values_list(*columns) for each in sources]
        return rows[0].union(*rows[1:], all=True)

    def _rows(self, source: Source, window: Span) -> QuerySet:
        rows, months = source.rows(self.reach), self._months(source)
        if window.since:
            rows = rows.filter(base__gt=last_base(window.since, months))
        if window.until:
            rows = rows.filter(base__lte=last_base(window.until + timedelta(days=1), months))
        return rows.annotate(duty=Value(source.kind.value, output_field=CharField()))

    def _read(self, rows: QuerySet, number: int) -> Iterator[Duty]:
        return map(self._duty, rows.order_by("base", "duty", "ref")[:number])

    def _duty(self, row: tuple) -> Duty:
        kind, ref, base, code, title = row
        source = self.sources[DutyKind(kind)]
        rule = self.reach.rules.get(source.rule or "")
        return Duty(
            kind=source.kind,
            due_on=base + relativedelta(months=self._months(source)),
            code=code,
            title=title,
            ref=ref,
            url=source.link(code, ref, self.reach),
            law=rule.source_label if rule else "",
        )

    def _with_parties(self, duties: list[Duty]) -> list[Duty]:
        """Say whose each duty is: asked for those that are shown only, in two queries."""
        refs: dict[DutyKind, list[int]] = {}
        for duty in duties:
            refs.setdefault(duty.kind, []).append(duty.ref)
        if not refs:
            return []
        rows = [
            self._rows(self.sources[kind], Span())
            .filter(pk__in=ids)
            .order_by()
            .values_list("duty", "ref", "party")
            for kind, ids in refs.items()
        ]
        whose = {(kind, ref): party for kind, ref, party in rows[0].union(*rows[1:], all=True)}
        parties = Organization.objects.filter(pk__in={*whose.values()} - {None})
        names = {each.pk: each.label for each in parties}
        found = []
        for duty in duties:
            party = whose.get((duty.kind, duty.ref))
            found.append(replace(duty, party_id=party, party=names.get(party or 0, "")))
        return found

    def _months(self, source: Source) -> int:
        rule = self.reach.rules.get(source.rule or "") if source.months else None
        return int(rule.parameters[source.months]) if rule else 0


class CountedCalendar(Calendar):
    """Everybody's duties, as the commission sees them: listed as they are, counted of late."""

    def count(self, window: Span = Span()) -> dict[DutyKind, int]:
        found = dict(self._counted("kind", window))
        return {kind: found[kind] for kind in self.sources if kind in found}

    def by_party(self, window: Span) -> Counter[int | None]:
        return Counter(dict(self._counted("party", window)))

    def by_day(self, window: Span) -> Counter[date]:
        return Counter(dict(self._counted("due_on", window)))

    def _counted(self, column: str, window: Span) -> QuerySet:
        rows = DutyCount.objects.filter(kind__in=self.sources).order_by()
        if window.since:
            rows = rows.filter(due_on__gte=window.since)
        if window.until:
            rows = rows.filter(due_on__lte=window.until)
        return rows.values_list(column).annotate(total=Sum("number"))


def calendar_for(user: User, kinds: frozenset[DutyKind] | None = None) -> Calendar:
    reach = reach_of(user)
    return CountedCalendar(reach, kinds) if reach.is_all else Calendar(reach, kinds)


class DutyList(Sequence[Duty]):
    """The duties of a window for a paginator: counted without being read, read page by page.

    Of very many only the first ``LISTED`` can be turned to; a day or a kind leads to the others.
    """

    def __init__(self, calendar: Calendar, window: Span):
        self.calendar, self.window = calendar, window
        self.counts = calendar.count(window)

    def __len__(self) -> int:
        return min(self.total, LISTED)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def __getitem__(self, place):
        start, stop, _step = place.indices(len(self))
        return self.calendar.first(stop - start, self.window, skipped=start, counts=self.counts)


def last_base(due_before: date, months: int) -> date:
    """The latest day whose term of ``months`` ends before ``due_before``."""
    day = due_before - relativedelta(months=months) + timedelta(days=3)
    while day + relativedelta(months=months) >= due_before:
        day -= timedelta(days=1)
    return day
