"""Whom somebody should meet and why: from the matches of needs and listings, else from words.

Rests on what people wrote into their registrations for this fair; whoever wants it otherwise has
the plain list (PIPL art. 24).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.registration.enums import EntryKind
from events.registration.models import Entry, Registration
from matchmaking.enums import Grade, NeedState
from matchmaking.models import Match
from search.analysis import analyse
from search.segmentation import telling_words

GRADE_POINTS = {Grade.STRONG: 60, Grade.GOOD: 40, Grade.FAIR: 20, Grade.WEAK: 5}
ALIKE_POINTS, INDUSTRY_POINTS, FEWEST_TERMS = 4, 3, 2
MOST_REASONS, MOST_WORDS = 3, 8


@dataclass(frozen=True)
class Reason:
    """My entry, theirs, and the words that both share; ``grade`` is there on measured matches."""

    mine: Entry
    theirs: Entry
    words: tuple[str, ...]
    points: float
    grade: str = ""

    @property
    def grade_label(self) -> str:
        return str(Grade(self.grade).label) if self.grade else ""

    @property
    def text(self):
        """Which of mine meets which of theirs; the template puts the titles beside it."""
        if self.mine.kind == EntryKind.SEEK:
            return _("Your need, what they bring")
        return _("What you bring, their need")


@dataclass
class Suggestion:
    """A person with the reasons for a meeting, the best first."""

    person: Registration
    reasons: list[Reason] = field(default_factory=list)
    industries: list[str] = field(default_factory=list)

    @property
    def points(self) -> float:
        best = sorted((reason.points for reason in self.reasons), reverse=True)
        return sum(best[:MOST_REASONS]) + INDUSTRY_POINTS * len(self.industries)


def suggest(own: Registration, people: Iterable[Registration]) -> list[Suggestion]:
    """Those of these people with a reason, the best first.

    ``people`` have entries and industries at hand; who does not show the name has no reasons.
    """
    mine = [*own.entries.all()]
    industries = {term.pk for term in own.industries.all()}
    shown = [person for person in people if person.shows_name]
    matches = _matches(mine, shown)
    terms = {entry.pk: _terms(entry) for entry in mine}
    found = []
    for person in shown:
        reasons = [*_measured(person, mine, matches)] or [*_alike(person, mine, terms)]
        reasons.sort(key=lambda reason: -reason.points)
        common = [term.label for term in person.industries.all() if term.pk in industries]
        if reasons or common:
            found.append(Suggestion(person, reasons[:MOST_REASONS], common))
    return sorted(found, key=lambda each: (-each.points, each.person.pk))


def _matches(mine: list[Entry], people: list[Registration]) -> dict[tuple[int, int], Match]:
    """The best match of each need and page between the own entries and those of the people."""
    needs = [entry.need_id for entry in mine if entry.need_id]
    pages = [entry.page_id for entry in mine if entry.page_id]
    theirs = Entry.objects.filter(registration__in=[person.pk for person in people])
    between = Q(need__in=needs, page__in=theirs.values("page")) | Q(
        need__in=theirs.values("need"), page__in=pages
    )
    best: dict[tuple[int, int], Match] = {}
    found = Match.objects.filter(between, need__state=NeedState.PUBLISHED, page__live=True)
    for match in found.exclude(grade=Grade.WEAK):
        key = (match.need_id, match.page_id)
        if key not in best or match.score > best[key].score:
            best[key] = match
    return best


def _measured(
    person: Registration, mine: list[Entry], matches: dict[tuple[int, int], Match]
) -> Iterator[Reason]:
    for own in mine if matches else []:
        for other in person.entries.all():
            need, page = (own.need_id or other.need_id, own.page_id or other.page_id)
            match = matches.get((need or 0, page or 0))
            if match:
                shares = dict(match.terms)
                points = GRADE_POINTS[Grade(match.grade)] + match.coverage
                yield Reason(own, other, _words(own, other, shares), points, match.grade)


def _terms(entry: Entry) -> set[str]:
    return {term for term in analyse(f"{entry.title}\n{entry.summary}") if len(term) > 1}


def _alike(person: Registration, mine: list[Entry], terms: dict[int, set[str]]) -> Iterator[Reason]:
    """What one side seeks against what the other brings, by the words that both use."""
    pairs = []
    for other in person.entries.all():
        theirs = _terms(other)
        for own in mine:
            shared = terms[own.pk] & theirs
            if own.kind != other.kind and len(shared) >= FEWEST_TERMS:
                pairs.append((own, other, shared))
    pairs.sort(key=lambda pair: -len(pair[2]))
    for own, other, shared in pairs[:MOST_REASONS]:
        words = _words(own, other, dict.fromkeys(shared, 1.0))
        if words:
            yield Reason(own, other, words, ALIKE_POINTS + min(len(shared), 10))


def _words(own: Entry, other: Entry, shares: dict[str, float]) -> tuple[str, ...]:
    text = f"{own.title}\n{own.summary}\n{other.title}\n{other.summary}"
    return tuple(telling_words(text, shares))[:MOST_WORDS]
