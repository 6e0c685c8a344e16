"""Why a listing fits a need, in words and figures that both sides can check."""

from dataclasses import dataclass, field

from search.analysis import analyse
from search.client import SearchUnavailable
from search.documents import BaseDocument
from search.segmentation import telling_words

from .matcher import weigh_words
from .models import Match, NeedTarget
from .services import listing_text, need_text

SHOWN_WORDS = 24
SHOWN_GAPS = 10
ALIKE = 0.5


@dataclass(frozen=True)
class Word:
    """A stretch of the need's text with its share of the need's weight, in per cent."""

    text: str
    share: int
    is_shared: bool


@dataclass(frozen=True)
class Figure:
    """A target of the need beside the listing's closest indicator; None: nothing is said."""

    target: NeedTarget
    indicator: object | None


@dataclass
class Reasons:
    """What the why page shows."""

    words: list[Word] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)

    @property
    def gaps(self) -> list[str]:
        """The need's heaviest words that the listing does not have."""
        return [word.text for word in self.words if not word.is_shared][:SHOWN_GAPS]

    @property
    def open_figures(self) -> list[NeedTarget]:
        return [figure.target for figure in self.figures if figure.indicator is None]


def reasons_of(match: Match, document: type[BaseDocument]) -> Reasons:
    """Weigh the need's words anew and hold each against the listing.

    Without an engine only the shared words are known; they are stored with the match.
    """
    need, listing = match.need, match.listing
    text = f"{need.title}\n{need_text(need)}"
    try:
        weights = weigh_words(need.title, need_text(need), document)
        total = sum(weights.values()) or 1.0
        shares = {term: weight / total for term, weight in weights.items()}
    except SearchUnavailable:
        shares = dict(match.terms)
    theirs = set(analyse(f"{listing.title}\n{listing_text(listing)}"))
    shared = {term: share for term, share in shares.items() if term in theirs}
    missing = {term: share for term, share in shares.items() if term not in theirs}
    words = [*_words(text, shared, is_shared=True), *_words(text, missing, is_shared=False)]
    words.sort(key=lambda word: (-word.share, word.text))
    kept = [word for word in words if word.share][:SHOWN_WORDS] or words[:SHOWN_WORDS]
    return Reasons(kept, _figures(need, listing))


def shared_words(need, matches: list[Match]) -> list[Word]:
    """The need's words that any of the matches shares, heaviest first."""
    shares = {term: share for match in matches for term, share in match.terms}
    words = _words(f"{need.title}\n{need_text(need)}", shares, is_shared=True)
    words.sort(key=lambda word: (-word.share, word.text))
    return [word for word in words if word.share][:SHOWN_WORDS]


def mark_words(need, matches: list[Match]) -> None:
    """Give each match the ``words`` that it shares, for marking them in both texts."""
    text = f"{need.title}\n{need_text(need)}"
    for match in matches:
        match.words = [word.lower() for word in telling_words(text, dict(match.terms))]


def _words(text: str, shares: dict[str, float], *, is_shared: bool) -> list[Word]:
    found = telling_words(text, shares, joined=is_shared)
    return [
        Word(word, round(100 * sum(shares.get(term, 0) for term in set(analyse(word)))), is_shared)
        for word in found
        if not any(word != other and word in other for other in found)
    ]


def _figures(need, listing) -> list[Figure]:
    """Pair each target with the indicator that is named most alike and has the same unit.

    Other units are paired only where the names are the same. Patents state no indicators and have
    no pairs.
    """
    if not hasattr(listing, "indicators"):
        return []
    indicators = list(listing.indicators.all())
    figures = []
    for target in need.targets.all():
        best = max(indicators, key=lambda each: _likeness(target, each), default=None)
        is_pair = best is not None and _likeness(target, best) >= ALIKE
        figures.append(Figure(target, best if is_pair else None))
    return figures


def _likeness(target: NeedTarget, indicator) -> float:
    """Dice's measure over the pairs of the names; half of it where the units differ."""
    wanted, stated = (
        {t for t in analyse(name) if len(t) > 1} for name in (target.metric, indicator.name)
    )
    common = 2 * len(wanted & stated) / (len(wanted) + len(stated) or 1)
    return common if indicator.unit == target.unit else common / 2
