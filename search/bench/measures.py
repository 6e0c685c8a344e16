"""Timings side by side in one run; what counts is the ratio, not the milliseconds."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median

from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict

from search.analysis import analyse
from search.client import Answer, SearchRequest, execute, get_client, using_engine
from search.documents import BaseDocument
from search.services import boosted_terms_search, temporary_index

from .listings import Generator, Listing, ListingDocument, ListingSearch
from .raw import RawHttp, RawTantivy

BODY_BOOST = 0.05
QUERY_TERMS = 128
DEPTH = 100


@dataclass(frozen=True)
class Figure:
    """``portal`` and ``raw`` are medians in milliseconds of the same work; None: not measured."""

    portal: float
    raw: float | None
    at_most: float
    unit: str = "ratio"

    @property
    def value(self) -> float:
        """The ratio, or the milliseconds themselves where nothing raw stands beside them."""
        return self.portal / self.raw if self.raw else self.portal

    @property
    def is_met(self) -> bool:
        return self.value <= self.at_most

    def as_dict(self) -> dict:
        return {
            "value": round(self.value, 3),
            "at_most": self.at_most,
            "unit": self.unit,
            "is_met": self.is_met,
            "portal_ms": round(self.portal, 3),
            "raw_ms": None if self.raw is None else round(self.raw, 3),
        }


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def side_by_side(
    portal: Sequence[Callable], raw: Sequence[Callable], *, at_most: float, rounds: int = 3
) -> Figure:
    """Run both by turns, several rounds; the first round only warms up."""
    ours: list[float] = []
    theirs: list[float] = []
    for number in range(rounds + 1):
        for mine, other in zip(portal, raw, strict=True):
            times = _timed(mine), _timed(other)
            if number:
                ours.append(times[0])
                theirs.append(times[1])
    return Figure(median(ours), median(theirs), at_most)


def weighted(need: tuple[str, str]) -> dict[str, dict[str, float]]:
    """A need's terms as the matcher sends them: 128 over the titles, lightly over the bodies."""
    terms = list(dict.fromkeys(analyse(" ".join(need))))[:QUERY_TERMS]
    weights = {term: 1.0 + position % 7 for position, term in enumerate(terms)}
    light = {term: BODY_BOOST * weight for term, weight in weights.items()}
    return {"title_terms": weights, "body_terms": light}


def _match(document: type[BaseDocument], weights: dict[str, dict[str, float]]) -> Answer:
    terms = {field: list(pairs.items()) for field, pairs in weights.items()}
    return boosted_terms_search(document, terms, size=DEPTH)


def list_searches(document: type[BaseDocument], words: Sequence[str]) -> list[ListingSearch]:
    """List pages with five facets: as they open, with a facet chosen, with words typed."""
    addresses = ["", "industry=industry3", *(f"q={word}" for word in words)]
    searches = []
    for address in addresses:
        search = ListingSearch(QueryDict(address), user=AnonymousUser())
        search.document = document
        searches.append(search)
    return searches


def measure_embedded(generator: Generator, listings: list[Listing], *, queries: int = 40) -> dict:
    """List search, match and indexing through the portal over tantivy called by hand."""
    bodies = [ListingDocument.to_body(listing) for listing in listings]
    raw = RawTantivy(ListingDocument.mapping())
    raw_fill = _timed(lambda: raw.fill(bodies))
    prepared = [_Prepared(body) for body in bodies]
    started = time.perf_counter()
    with temporary_index(_PreparedDocument, prepared, engine="embedded") as document:
        door_fill = (time.perf_counter() - started) * 1000
        opened, chosen, *typed = list_searches(document, generator.words[:queries])
        needs = [weighted(need) for need in generator.needs(queries)]
        return {
            "list_search": _list_figure(raw, [opened] * queries),
            "list_search_with_choice": _list_figure(raw, [chosen] * queries),
            "list_search_with_words": _list_figure(raw, typed),
            "match": side_by_side(
                [partial(_match, document, need) for need in needs],
                [partial(raw.match, need, DEPTH) for need in needs],
                at_most=3,
            ),
            "indexing": Figure(door_fill, raw_fill, 2),
        }


def _list_figure(raw: RawTantivy, searches: list[ListingSearch]) -> Figure:
    return side_by_side(
        [partial(_run, search) for search in searches],
        [raw.prepare_list(search) for search in searches],
        at_most=1.5,
    )


def _run(search: ListingSearch) -> Answer:
    return execute(SearchRequest(search.document.alias(), search.body()))


@dataclass(frozen=True)
class _Prepared:
    """A body made beforehand, so that text analysis, which both need, is in neither timing."""

    body: dict

    @property
    def pk(self) -> int:
        return self.body["sort_id"]


class _PreparedDocument(ListingDocument):
    @classmethod
    def to_body(cls, instance: _Prepared) -> dict:
        return instance.body


def measure_large_match(generator: Generator, titles: int, *, queries: int = 40) -> dict:
    """A match among very many titles, in milliseconds."""
    rows = list(generator.listings(titles, body_words=0))
    with temporary_index(ListingDocument, rows, engine="embedded") as document:
        needs = [weighted(need) for need in generator.needs(queries)]
        for need in needs[:5]:
            _match(document, need)
        times = [_timed(partial(_match, document, need)) for need in needs]
    return {f"match_among_{titles}": Figure(median(times), None, 50, "ms")}


def measure_elasticsearch(
    generator: Generator, listings: list[Listing], hosts: Sequence[str], *, queries: int = 40
) -> dict:
    """The list search through the portal over the same body sent by plain HTTP."""
    raw = RawHttp(hosts[0])
    with (
        using_engine("elasticsearch"),
        temporary_index(ListingDocument, listings, engine="elasticsearch") as document,
    ):
        client = get_client().options(request_timeout=120)
        client.indices.forcemerge(index=document.alias(), max_num_segments=1)
        searches = list_searches(document, generator.words[:queries])
        return {
            "elasticsearch_list_search": side_by_side(
                [partial(_run, search) for search in searches],
                [partial(raw.search, document.alias(), search.body()) for search in searches],
                at_most=1.3,
            )
        }
