"""The desk of those who keep the search: its words, what it did not find, its indexes."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.accounts.requests import SignedInRequest
from search.client import SearchUnavailable
from search.documents import registered_documents
from search.forms import LABELS, WORD_MODELS, word_form
from search.models import (
    DomainWord,
    FruitlessQuery,
    GenericWord,
    IndexBuild,
    SynonymGroup,
)
from search.rules import can_tend_search
from search.services import (
    check_index,
    delete_words,
    is_rebuild_due,
    save_words,
    settle_fruitless_query,
    start_rebuild,
)

PER_PAGE = 50
View = Callable[..., HttpResponse]


def for_keepers(view: View) -> View:
    """Open a page to those who keep the search; everybody else is told so."""

    @login_required
    @wraps(view)
    def guarded(request: SignedInRequest, *args: int | str, **kwargs: int | str) -> HttpResponse:
        if not can_tend_search(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def any_rebuild_due() -> bool:
    try:
        return any(is_rebuild_due(document) for document in registered_documents())
    except SearchUnavailable:
        return False


@for_keepers
def words(request: SignedInRequest, kind: str) -> HttpResponse:
    """One kind of words with a form for one more (检索词维护)."""
    model = _model_of(kind)
    initial = {"words": request.GET.get("word", "")[:100]}
    form = word_form(kind)(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        save_words(actor=request.user, entry=form.instance)
        return _saved(request, kind)
    field, order = ("words", "-pk") if model is SynonymGroup else ("word", "word")
    query = request.GET.get("q", "").strip()[:100]
    entries = model._default_manager.order_by(order)
    if query:
        entries = entries.filter(**{f"{field}__icontains": query})
    page = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "kind": kind,
        "heading": LABELS[kind],
        "page_obj": page,
        "tabs": _tabs(kind),
        "is_rebuild_due": any_rebuild_due(),
    }
    return render(request, "search/words.html", context)


@for_keepers
def word(request: SignedInRequest, kind: str, pk: int) -> HttpResponse:
    """Change one entry, or take it out."""
    entry = _model_of(kind)._default_manager.filter(pk=pk).first()
    if entry is None:
        raise Http404
    if request.method == "POST" and "delete" in request.POST:
        delete_words(actor=request.user, entry=entry)
        messages.success(request, _("Taken out."))
        return redirect("search:words", kind)
    form = word_form(kind)(request.POST or None, instance=entry)
    if request.method == "POST" and form.is_valid():
        save_words(actor=request.user, entry=form.instance)
        return _saved(request, kind)
    context = {"form": form, "kind": kind, "heading": LABELS[kind], "entry": str(entry)}
    return render(request, "search/word.html", context)


@for_keepers
def fruitless(request: SignedInRequest) -> HttpResponse:
    """What people looked for and did not find, the most frequent first (无结果检索)."""
    found = FruitlessQuery.objects.order_by("-count", "-last_at")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    labels = {document.kind: document.label for document in registered_documents()}
    rows = [{"query": query, "place": labels.get(query.kind, _("Whole site"))} for query in page]
    return render(request, "search/fruitless.html", {"page_obj": page, "rows": rows})


@for_keepers
@require_POST
def settle(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a query off the list."""
    settle_fruitless_query(actor=request.user, query=get_object_or_404(FruitlessQuery, pk=pk))
    return redirect("search:fruitless")


@for_keepers
def indexes(request: SignedInRequest) -> HttpResponse:
    """How each index stands beside the database."""
    builds = {build.kind: build for build in IndexBuild.objects.all()}
    try:
        rows = [
            {
                "document": document,
                "drift": check_index(document),
                "is_due": is_rebuild_due(document),
                "build": builds.get(document.kind),
            }
            for document in registered_documents()
        ]
    except SearchUnavailable:
        rows = []
    return render(request, "search/indexes.html", {"rows": rows, "unavailable": not rows})


@for_keepers
@require_POST
def rebuild(request: SignedInRequest) -> HttpResponse:
    """Start a rebuild; searches go on meanwhile."""
    return redirect("jobs:job", start_rebuild(actor=request.user).pk)


def _model_of(kind: str) -> type[SynonymGroup | GenericWord | DomainWord]:
    if kind not in WORD_MODELS:
        raise Http404
    return WORD_MODELS[kind]


def _saved(request: SignedInRequest, kind: str) -> HttpResponse:
    said = (
        _("Saved. Searches use it within a minute.")
        if kind == "synonyms"
        else _("Saved. Queries use it within a minute, listings after the next rebuild.")
    )
    messages.success(request, said)
    return redirect("search:words", kind)


def _tabs(current: str) -> list[dict]:
    return [
        {
            "label": label,
            "url": reverse("search:words", args=[kind]),
            "is_current": kind == current,
            "count": WORD_MODELS[kind]._default_manager.count(),
        }
        for kind, label in LABELS.items()
    ]
