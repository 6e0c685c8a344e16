"""What a template gets. Everything is plain data; addresses are relative to the list's own."""

from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.safestring import SafeString

from search.client import Hit


class CountedPaginator(Paginator):
    """A paginator over rows that were fetched already: it only knows how many there are."""

    def __init__(self, total: int, per_page: int):
        super().__init__(range(total), per_page)

    def page_of(self, number: int, rows: list) -> Page:
        return Page(rows, number, self)


@dataclass(frozen=True, slots=True)
class HitView:
    """The hit beside its row: ``title_html`` is the title with its hits marked, safe HTML."""

    pk: str
    kind: str
    score: float | None
    title_html: SafeString

    @classmethod
    def of(cls, hit: Hit, title_html: SafeString) -> "HitView":
        return cls(hit.pk, hit.kind, hit.score, title_html)


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One result; ``template`` is included with ``hit`` and ``object``."""

    hit: HitView
    object: Any
    template: str


@dataclass(frozen=True, slots=True)
class FacetOption:
    value: str
    label: str
    count: int
    is_chosen: bool
    url: str


@dataclass(frozen=True, slots=True)
class FacetView:
    """A facet to show; an option's ``url`` switches it on or off."""

    name: str
    label: str
    options: list[FacetOption]
    input_type: str = "checkbox"
    is_leading: bool = False

    @property
    def is_open(self) -> bool:
        return self.is_leading or any(option.is_chosen for option in self.options)


@dataclass(frozen=True, slots=True)
class Chip:
    """A chosen filter; ``facet`` is empty for the query itself."""

    facet: str
    label: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class SortView:
    key: str
    label: str
    is_chosen: bool
    url: str


@dataclass(frozen=True, slots=True)
class Loosening:
    """What to drop to find something, and how many results that gives."""

    label: str
    count: int
    url: str


@dataclass(slots=True)
class ResultPage:
    """A list as searched.

    ``fallback``: the engine did not answer; rows come from the database by date, unfiltered.
    ``is_query_ignored``: nothing in the query can be searched for; ``examples`` (word, url) can.
    ``page`` is a Django page over ``rows``; ``corrections`` are other spellings (text, url);
    ``hidden`` are parameters that a form of filters must carry along.
    """

    query: str
    total: int
    rows: list[ResultRow]
    page: Page
    facets: list[FacetView] = field(default_factory=list)
    chips: list[Chip] = field(default_factory=list)
    sorts: list[SortView] = field(default_factory=list)
    clear_url: str = "?"
    loosenings: list[Loosening] = field(default_factory=list)
    corrections: list[tuple[str, str]] = field(default_factory=list)
    examples: list[tuple[str, str]] = field(default_factory=list)
    hidden: list[tuple[str, str]] = field(default_factory=list)
    fallback: bool = False
    is_query_ignored: bool = False

    @property
    def all_url(self) -> str:
        """The list without its query."""
        return next((c.remove_url for c in self.chips if not c.facet), self.clear_url)

    @property
    def objects(self) -> list:
        return [row.object for row in self.rows]

    @property
    def chosen_count(self) -> int:
        return sum(1 for chip in self.chips if chip.facet)
