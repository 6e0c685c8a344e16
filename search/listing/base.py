import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _, gettext_lazy

from portal.accounts.models import Visitor
from search.advice import corrections, fewer_words, other_kinds
from search.analysis import clean_query
from search.client import Answer, SearchRequest, SearchUnavailable, execute, execute_many
from search.documents import BaseDocument
from search.highlight import highlight
from search.queries import initials_query, text_query, visible_filters
from search.vocabulary import counting, words_in_use

from .facets import Facet, Sort
from .results import (
    Chip,
    CountedPaginator,
    FacetOption,
    FacetView,
    HitView,
    Loosening,
    ResultPage,
    ResultRow,
    SortView,
)

logger = logging.getLogger(__name__)
LAST_REACHABLE = 10_000
OPEN_FACETS = 3
EXAMPLES = 5
RELEVANCE = Sort("relevance", "_score", gettext_lazy("Best match"))
NEWEST = Sort("newest", "-published_at", gettext_lazy("Newest first"))
DEFAULT_SORTS = (NEWEST,)


class ListSearch:
    """One searchable list over one kind of document; a room names its document and facets.

    The query string is the whole state: ``q``, one parameter per facet (repeated for several
    values), ``sort``, ``page``. Within a facet values widen, between facets they narrow; a facet's
    own choice does not change its counts. Without a query the first of ``sorts`` orders the list,
    with one the best match comes first.
    """

    document: type[BaseDocument]
    facets: ClassVar[Sequence[Facet]] = ()
    sorts: ClassVar[Sequence[Sort]] = DEFAULT_SORTS
    page_size: ClassVar[int] = 20

    def __init__(self, parameters: QueryDict, *, user: Visitor | None, now: datetime | None = None):
        self.user = user
        self.now = now
        self.query = clean_query(parameters.get("q", ""))
        chosen = {facet: facet.chosen(parameters) for facet in self.facets}
        self.chosen = {facet: values for facet, values in chosen.items() if values}
        self.asked_sort = parameters.get("sort", "")
        self.number = _page_number(parameters.get("page"))

    # What a room may override ---------------------------------------------------------------

    def base_filters(self) -> list[dict]:
        """Further clauses that always hold, e.g. one district's page."""
        return []

    def base_parameters(self) -> dict[str, str]:
        """Parameters of the page that every address must carry along."""
        return {}

    def load(self, pks: Sequence[str]) -> dict[str, Any]:
        """The rows of these ids by id as text, in one query (and its prefetches).

        The database has the last word on who may read them: the index follows a moment later.
        """
        rows = self.document.readable_rows(self.user).filter(pk__in=pks)
        return {str(row.pk): row for row in self.document.open_rows(rows)}

    def fallback_queryset(self, user: Visitor | None) -> QuerySet:
        """What ``user`` may see, newest first, for when the engine is down."""
        return self.document.queryset().none()

    # Running --------------------------------------------------------------------------------

    def run(self) -> ResultPage:
        """Search, load the rows, arrange the page; never raises because of the engine."""
        try:
            answer = self._execute()
        except SearchUnavailable as error:
            logger.warning("list of %s falls back to the database: %s", self.document.kind, error)
            return self._fallback()
        page = self._arrange(answer)
        if not page.total:
            self._help_out(page)
        return page

    @property
    def is_query_ignored(self) -> bool:
        """Whether nothing in the query can be searched for, as in one of signs alone."""
        return bool(self.query and not self.text_clause)

    def _execute(self) -> Answer:
        if self.is_query_ignored:
            return Answer(0, [], {})
        answer = execute(SearchRequest(self.document.alias(), self.body()))
        initials = initials_query(self.query) if not answer.total else None
        if initials:
            self.text_clause = initials
            answer = execute(SearchRequest(self.document.alias(), self.body()))
        pages = max(1, -(-min(answer.total or 0, LAST_REACHABLE) // self.page_size))
        if self.number > pages:
            self.number = pages
            answer = execute(SearchRequest(self.document.alias(), self.body()))
        return answer

    @cached_property
    def text_clause(self) -> dict | None:
        return text_query(self.query) if self.query else None

    @cached_property
    def sort(self) -> Sort:
        offered = {sort.key: sort for sort in self._offered_sorts()}
        return offered.get(self.asked_sort) or next(iter(offered.values()))

    def _offered_sorts(self) -> list[Sort]:
        return [RELEVANCE, *self.sorts] if self.text_clause else list(self.sorts)

    def query_clause(self) -> dict:
        """The query with its permission and validity filters, without the facets."""
        clause: dict = {"filter": [*visible_filters(self.user, self.now), *self.base_filters()]}
        if self.text_clause:
            clause["must"] = [self.text_clause]
        return {"bool": clause}

    def body(self) -> dict:
        """The whole request."""
        body = {
            "query": self.query_clause(),
            "aggs": self._aggregations(),
            "sort": self.sort.clauses(),
            "from": (self.number - 1) * self.page_size,
            "size": self.page_size,
            "_source": False,
            "track_total_hits": True,
        }
        if self.chosen:
            body["post_filter"] = _all_of(self._facet_filters())
        return body

    def _facet_filters(self, *, but: Facet | None = None) -> list[dict]:
        return [facet.filter(values) for facet, values in self.chosen.items() if facet != but]

    def _aggregations(self) -> dict[str, dict]:
        found = {}
        for facet in self.facets:
            others = self._facet_filters(but=facet)
            for name, request in facet.aggregations().items():
                narrowed = {"filter": _all_of(others), "aggs": {"inner": request}} if others else {}
                found[name] = narrowed or request
        return found

    # Arranging ------------------------------------------------------------------------------

    def _arrange(self, answer: Answer) -> ResultPage:
        total = answer.total or 0
        rows = self._rows(answer)
        paginator = CountedPaginator(min(total, LAST_REACHABLE), self.page_size)
        labels = self._labels(answer)
        return ResultPage(
            query=self.query,
            total=total,
            rows=rows,
            page=paginator.page_of(self.number, rows),
            facets=[self._facet_view(facet, labels[facet]) for facet in self.facets],
            chips=self._chips({facet: named for facet, (_, named) in labels.items()}),
            sorts=self._sort_views(),
            clear_url=self.url(values=()),
            hidden=self._hidden(),
            is_query_ignored=self.is_query_ignored,
        )

    def _rows(self, answer: Answer) -> list[ResultRow]:
        loaded = self.load(answer.pks) if answer.hits else {}
        return [
            ResultRow(
                hit=HitView.of(hit, highlight(_title_of(loaded[hit.pk]), self.query)),
                object=loaded[hit.pk],
                template=self.document.result_template,
            )
            for hit in answer.hits
            if hit.pk in loaded
        ]

    def _labels(self, answer: Answer) -> dict[Facet, tuple[dict[str, int], dict[str, str]]]:
        found = {}
        for facet in self.facets:
            counts = facet.counts_in(answer.aggregations) if answer.aggregations else {}
            for value in self.chosen.get(facet, ()):
                counts.setdefault(value, 0)
            found[facet] = counts, facet.labels(list(counts))
        return found

    def _facet_view(
        self, facet: Facet, labelled: tuple[dict[str, int], dict[str, str]]
    ) -> FacetView:
        counts, labels = labelled
        chosen = self.chosen.get(facet, [])
        options = [
            FacetOption(
                value=value,
                label=labels[value],
                count=counts[value],
                is_chosen=value in chosen,
                url=self._toggled(facet, value),
            )
            for value in facet.arranged(counts, labels)
            if counts[value] or value in chosen
        ]
        kind = "radio" if facet.is_single else "checkbox"
        is_leading = facet in self.facets[:OPEN_FACETS]
        return FacetView(facet.name, str(facet.label), options, kind, is_leading)

    def _toggled(self, facet: Facet, value: str) -> str:
        values = [(f.name, v) for f, vs in self.chosen.items() for v in vs]
        pair = (facet.name, value)
        if pair in values:
            return self.url(values=[other for other in values if other != pair])
        if facet.is_single:
            values = [other for other in values if other[0] != facet.name]
        return self.url(values=[*values, pair])

    def _chips(self, labels: dict[Facet, dict[str, str]]) -> list[Chip]:
        chips = (
            [Chip("", f"“{Truncator(self.query).chars(40)}”", self.url(query=""))]
            if self.query
            else []
        )
        for facet, values in self.chosen.items():
            named = labels.get(facet) or facet.labels(values)
            chips += [
                Chip(str(facet.label), named.get(value, value), self._toggled(facet, value))
                for value in values
            ]
        return chips

    def _sort_views(self) -> list[SortView]:
        return [
            SortView(sort.key, str(sort.label), sort == self.sort, self.url(sort=sort.key))
            for sort in self._offered_sorts()
        ]

    def _hidden(self) -> list[tuple[str, str]]:
        return list(self.base_parameters().items())

    def url(
        self,
        *,
        query: str | None = None,
        values: Iterable[tuple[str, str]] | None = None,
        sort: str | None = None,
    ) -> str:
        """The address of this list with something changed; always page one."""
        parameters = QueryDict(mutable=True)
        for name, value in self.base_parameters().items():
            parameters[name] = value
        query = self.query if query is None else query
        if query:
            parameters["q"] = query
        if values is None:
            values = [(facet.name, v) for facet, vs in self.chosen.items() for v in vs]
        for name, value in values:
            parameters.appendlist(name, value)
        if sort or (self.asked_sort and self.asked_sort == self.sort.key):
            parameters["sort"] = sort or self.asked_sort
        return f"?{parameters.urlencode()}"

    def url_of_kind(self, document: type[BaseDocument]) -> str:
        """The address of the same query in another kind's tab of the site search."""
        parameters = QueryDict(mutable=True)
        parameters["q"], parameters["kind"] = self.query, document.kind
        return f"{reverse('search:site')}?{parameters.urlencode()}"

    # When nothing is found, or nobody answers -------------------------------------------------

    def _help_out(self, page: ResultPage) -> None:
        try:
            if self.is_query_ignored:
                common = words_in_use([self.document], self.user).most_common(EXAMPLES)
                page.examples = [(word, self.url(query=word)) for word, _count in common]
                return
            page.loosenings = self._loosenings()
            if self.query:
                self._advise_on_words(page)
        except SearchUnavailable as error:
            logger.warning("no advice for an empty list: %s", error)

    def _advise_on_words(self, page: ResultPage) -> None:
        page.corrections = [
            (text, self.url(query=text))
            for text in corrections(self.query, [self.document], self.user)
        ]
        shorter = fewer_words(self.query, [self.document], self.user)
        page.loosenings += [
            Loosening(f"“{text}”", count, self.url(query=text, values=()))
            for text, count in shorter.items()
        ]
        page.loosenings += [
            Loosening(str(document.label), count, self.url_of_kind(document))
            for document, count in other_kinds(self.query, self.document, self.user)
        ]

    def _loosenings(self) -> list[Loosening]:
        options: list[tuple[str, str, list[Facet], bool]] = []
        for facet in self.chosen:
            label = _("Any %(facet)s") % {"facet": str(facet.label)}
            values = [(f.name, v) for f, vs in self.chosen.items() if f != facet for v in vs]
            kept = [f for f in self.chosen if f != facet]
            options.append((label, self.url(values=values), kept, True))
        if self.query and self.chosen:
            everything = _("Without any filter")
            options.append((everything, self.url(values=()), [], True))
            without = _("Without “%(query)s”") % {"query": Truncator(self.query).chars(40)}
            options.append((without, self.url(query=""), list(self.chosen), False))
        answers = execute_many([self._counting(kept, text) for _, _, kept, text in options])
        return [
            Loosening(label, answer.total or 0, url)
            for (label, url, _, _), answer in zip(options, answers, strict=True)
            if answer.total
        ]

    def _counting(self, kept: list[Facet], with_text: bool) -> SearchRequest:
        filters = [*visible_filters(self.user, self.now), *self.base_filters()]
        filters += [facet.filter(self.chosen[facet]) for facet in kept]
        return counting(self.document, self.text_clause if with_text else None, filters)

    def _fallback(self) -> ResultPage:
        paginator = Paginator(self.fallback_queryset(self.user), self.page_size)
        page = paginator.get_page(self.number)
        rows = [
            ResultRow(
                hit=HitView(str(row.pk), self.document.kind, None, highlight(_title_of(row), "")),
                object=row,
                template=self.document.result_template,
            )
            for row in self.document.open_rows(list(page))
        ]
        return ResultPage(
            query=self.query,
            total=paginator.count,
            rows=rows,
            page=page,
            chips=self._chips({}),
            clear_url="?",
            hidden=self._hidden(),
            fallback=True,
        )


def _title_of(row: object) -> str:
    return str(getattr(row, "label", None) or row)


def _all_of(clauses: list[dict]) -> dict:
    return clauses[0] if len(clauses) == 1 else {"bool": {"filter": clauses}}


def _page_number(text: str | None) -> int:
    number = int(text[:9]) if text and text.isascii() and text.isdigit() else 1
    return max(1, min(number, LAST_REACHABLE // 20))
