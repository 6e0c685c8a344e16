from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _, gettext_lazy
from django.views import View
from django.views.generic import TemplateView

from portal.accounts.limits import limited
from portal.accounts.models import Visitor
from portal.accounts.requests import PortalRequest
from search.advice import corrections, fewer_words
from search.analysis import clean_query
from search.client import SearchRequest, SearchUnavailable, execute_many
from search.documents import BaseDocument, registered_documents
from search.listing import EXAMPLES, ListSearch, Loosening, ResultPage
from search.queries import initials_query, text_query, visible_filters
from search.services import count_fruitless_query
from search.suggestions import Suggestion, suggest
from search.vocabulary import words_in_use

SHOWN_PER_KIND = 5


@method_decorator(limited("search", methods=("GET",)), name="dispatch")
class SearchListView(TemplateView):
    """A searchable list: a room names its ``search_class`` and its ``title``.

    Templates get ``result`` (``search.listing.ResultPage``), ``title`` and ``list_search``. An htmx
    request for ``#results`` gets the results alone.
    """

    request: PortalRequest
    search_class: ClassVar[type[ListSearch]]
    title: str | Promise = ""
    template_name = "search/list.html"

    def get_template_names(self) -> list[str]:
        wants_results = self.request.htmx and self.request.htmx.target == "results"
        return ["search/_results.html"] if wants_results else [self.template_name]

    def get_search(self) -> ListSearch:
        return self.search_class(self.request.GET, user=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        search = self.get_search()
        result = search.run()
        note_fruitless(search.document.kind, result)
        return super().get_context_data(
            result=result, list_search=search, title=self.title, **kwargs
        )


def note_fruitless(kind: str, result: ResultPage) -> None:
    is_odd = result.fallback or result.chosen_count or result.is_query_ignored
    if result.query and not (result.total or is_odd):
        count_fruitless_query(kind=kind, text=result.query)


class SiteListSearch(ListSearch):
    """One kind's tab of the site search: no facets, the address carries the tab."""

    def __init__(
        self, parameters: QueryDict, *, user: Visitor | None, document: type[BaseDocument]
    ):
        self.document = document
        super().__init__(parameters, user=user)

    def base_parameters(self) -> dict[str, str]:
        return {"kind": self.document.kind}


@method_decorator(limited("search", methods=("GET",)), name="dispatch")
class SiteSearchView(TemplateView):
    """Search over every kind, with a tab and a count for each (全站检索)."""

    template_name = "search/site.html"
    title = gettext_lazy("Search")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = clean_query(self.request.GET.get("q", ""))
        documents = [document for document in registered_documents() if document.in_site_search]
        current = next((d for d in documents if d.kind == self.request.GET.get("kind")), None)
        text = text_query(query) if query else None
        context: dict[str, Any] = {
            "query": query,
            "title": self.title,
            "current": current,
            "unavailable": False,
            "is_query_ignored": bool(query and not text),
            "sections": [],
        }
        try:
            context |= self._found(query, text, documents, current)
        except SearchUnavailable:
            context["unavailable"] = True
        if current:
            search = SiteListSearch(self.request.GET, user=self.request.user, document=current)
            context["result"] = search.run()
        context["tabs"] = _tabs(query, context["sections"], current)
        return super().get_context_data(**context, **kwargs)

    def _found(
        self,
        query: str,
        text: dict | None,
        documents: Sequence[type[BaseDocument]],
        current: type[BaseDocument] | None,
    ) -> dict[str, Any]:
        """The sections of each kind, or what to try instead."""
        if query and not text:
            common = words_in_use(documents, self.request.user).most_common(EXAMPLES)
            return {"examples": [(word, _tab_url(word, "")) for word, _count in common]}
        sections = self._sections(query, text, documents)
        if query and not _any_found(sections) and (initials := initials_query(query)):
            sections = self._sections(query, initials, documents)
        if _any_found(sections) or not query or current:
            return {"sections": sections}
        count_fruitless_query(kind="site", text=query)
        return {"sections": sections} | self._advice(query, documents)

    def _sections(
        self, query: str, text: dict | None, documents: Sequence[type[BaseDocument]]
    ) -> list[dict]:
        requests = [_section_request(document, text, self.request.user) for document in documents]
        sections = []
        for document, answer in zip(documents, execute_many(requests), strict=True):
            search = SiteListSearch(self.request.GET, user=self.request.user, document=document)
            sections.append(
                {
                    "kind": document.kind,
                    "label": document.label,
                    "count": answer.total or 0,
                    "rows": search._rows(answer),
                    "url": _tab_url(query, document.kind),
                    "list_url": _list_url(document, query),
                }
            )
        return sections

    def _advice(self, query: str, documents: Sequence[type[BaseDocument]]) -> dict[str, Any]:
        spellings = corrections(query, documents, self.request.user)
        shorter = fewer_words(query, documents, self.request.user)
        return {
            "corrections": [(text, _tab_url(text, "")) for text in spellings],
            "loosenings": [
                Loosening(f"“{text}”", count, _tab_url(text, "")) for text, count in shorter.items()
            ],
        }


def _any_found(sections: list[dict]) -> bool:
    return any(section["count"] for section in sections)


def _section_request(
    document: type[BaseDocument], text: dict | None, user: Visitor
) -> SearchRequest:
    clause: dict = {"filter": visible_filters(user)}
    if text:
        clause["must"] = [text]
    order = ["_score"] if text else []
    body = {
        "query": {"bool": clause},
        "size": SHOWN_PER_KIND,
        "sort": [*order, {"published_at": "desc"}, {"sort_id": "asc"}],
        "_source": False,
        "track_total_hits": True,
    }
    return SearchRequest(document.alias(), body)


def _tab_url(query: str, kind: str) -> str:
    parameters = QueryDict(mutable=True)
    if query:
        parameters["q"] = query
    if kind:
        parameters["kind"] = kind
    return f"{reverse('search:site')}?{parameters.urlencode()}"


def _list_url(document: type[BaseDocument], query: str) -> str:
    try:
        address = reverse(document.list_url_name)
    except NoReverseMatch:
        return ""
    return f"{address}?{urlencode({'q': query})}" if query else address


def _tabs(query: str, sections: list[dict], current: type[BaseDocument] | None) -> list[dict]:
    total = sum(section["count"] for section in sections)
    everything = {
        "label": _("All"),
        "count": total if sections else None,
        "url": _tab_url(query, ""),
        "is_current": current is None,
    }
    return [
        everything,
        *[
            {
                "label": section["label"],
                "count": section["count"],
                "url": section["url"],
                "is_current": current is not None and section["kind"] == current.kind,
            }
            for section in sections
        ],
    ]


@method_decorator(limited("suggest", methods=("GET",)), name="dispatch")
class SuggestView(View):
    """Suggestions while typing: options for htmx, JSON for everybody else."""

    def get(self, request: PortalRequest) -> HttpResponse:
        documents = [document for document in registered_documents() if document.in_site_search]
        try:
            found = suggest(request.GET.get("q", ""), documents, request.user)
        except SearchUnavailable:
            found = []
        labels = {document.kind: document.label for document in documents}
        addresses = _addresses(found, documents)
        suggestions = [
            {
                "text": s.text,
                "kind": str(labels.get(s.kind, "")),
                "url": addresses.get((s.kind, s.pk)) or _tab_url(s.text, s.kind),
            }
            for s in found
        ]
        if request.htmx:
            return render(request, "components/suggestions.html", {"suggestions": suggestions})
        return JsonResponse({"suggestions": suggestions})


def _addresses(
    found: list[Suggestion], documents: Sequence[type[BaseDocument]]
) -> dict[tuple[str, str], str]:
    """Kind and id of each title → where it is read; one query for each kind."""
    addresses = {}
    for document in documents:
        pks = [suggestion.pk for suggestion in found if suggestion.kind == document.kind]
        for row in document.model._default_manager.filter(pk__in=pks) if pks else ():
            addresses[document.kind, str(row.pk)] = document.address_of(row)
    return addresses
