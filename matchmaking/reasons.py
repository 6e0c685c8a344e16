"""Why a listing fits a need, in words and figures that both sides can check."""

from dataclasses import dataclass, field

from search.analysis import analyse
from search.client import SearchUnavailable
from search.documents import BaseDocument
from search.highlight import phrases

from .matcher import count_terms, weigh_terms, words_of
from .models import Match, NeedTarget
from .services import listing_text, need_text

SHOWN_WORDS = 24
SHOWN_GAPS = 10
LONGEST_WORD = 12
PARTICLES = set("一二三四五六七八九十百千万两几多每这那其个台条次年月日我你他们的了着过地得")
PARTICLES |= set("在是有无和与及或也都就还又再不没未把被让使将从到对按以用于能可会要想该更最很较已")


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

    Words that no listing has are left out. Without an engine only the shared words are known; they
    are stored with the match.
    """
    need, listing = match.need, match.listing
    text = f"{need.title}\n{need_text(need)}"
    total = sum(words_of(count_terms(need.title, need_text(need))).values()) or 1.0
    try:
        known = words_of(weigh_terms(need.title, need_text(need), document))
        shares = {term: weight / total for term, weight in known.items()}
    except SearchUnavailable:
        shares = dict(match.terms)
    theirs = set(analyse(f"{listing.title}\n{listing_text(listing)}"))
    shared = {term: share for term, share in shares.items() if term in theirs}
    missing = {term: share for term, share in shares.items() if term not in theirs}
    words = [*_words(text, shared, is_shared=True), *_words(text, missing, is_shared=False)]
    words.sort(key=lambda word: (-word.share, word.text))
    kept = [word for word in words if word.share][:SHOWN_WORDS] or words[:SHOWN_WORDS]
    return Reasons(kept, _figures(need, listing))


def is_telling(phrase: str) -> bool:
    """Whether a stretch of text says something by itself: 元明粉 does, 一台 and 也能 do not."""
    return len(phrase) <= LONGEST_WORD and not {phrase[0], phrase[-1]} & PARTICLES


def _words(text: str, shares: dict[str, float], *, is_shared: bool) -> list[Word]:
    """Neighbouring terms grown together again: 石墨 and 墨烯 become 石墨烯."""
    words: list[Word] = []
    told: set[str] = set()
    for phrase in sorted(phrases(text, shares), key=len, reverse=True):
        inside = set(analyse(phrase)) & shares.keys()
        if is_telling(phrase) and not inside <= told:
            told |= inside
            share = sum(shares[term] for term in inside)
            words.append(Word(phrase, round(100 * share), is_shared))
    return words


def _figures(need, listing) -> list[Figure]:
    """Pair each target with the indicator whose name shares most words, the same unit first.

    Patents state no indicators and have no pairs.
    """
    if not hasattr(listing, "indicators"):
        return []
    indicators = list(listing.indicators.all())
    figures = []
    for target in need.targets.all():
        wanted = set(analyse(target.metric))

        def likeness(indicator, wanted=wanted, unit=target.unit):
            common = len(wanted & set(analyse(indicator.name)))
            return common and (common + (indicator.unit == unit != ""))

        best = max(indicators, key=likeness, default=None)
        figures.append(Figure(target, best if best and likeness(best) >= 2 else None))
    return figures
