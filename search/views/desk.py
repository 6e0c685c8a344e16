"""The desk of those who keep the search: its words, what it did not find, its indexes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import ListView, TemplateView
from django.views.generic.edit import FormMixin

from search.client import SearchUnavailable
from search.documents import registered_documents
from search.forms import LABELS, WORD_MODELS, word_form
from search.models import FruitlessQuery, IndexBuild, SynonymGroup
from search.rules import can_tend_search
from search.services import (
    check_index,
    delete_words,
    is_rebuild_due,
    save_words,
    settle_fruitless_query,
    start_rebuild,
)


class KeeperMixin(LoginRequiredMixin):
    """A page for those who keep the search; everybody else is told so."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not can_tend_search(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


def any_rebuild_due() -> bool:
    try:
        return any(is_rebuild_due(document) for document in registered_documents())
    except SearchUnavailable:
        return False


class WordFormMixin(FormMixin):
    """The form of the kind of words that the address names."""

    entry = None

    @property
    def kind(self) -> str:
        if self.kwargs["kind"] not in WORD_MODELS:
            raise Http404
        return self.kwargs["kind"]

    def get_form_class(self):
        return word_form(self.kind)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": self.entry}

    def get_success_url(self):
        return reverse("search:words", args=[self.kind])

    def form_valid(self, form):
        save_words(actor=self.request.user, entry=form.instance)
        said = (
            _("Saved. Searches use it within a minute.")
            if self.kind == "synonyms"
            else _("Saved. Queries use it within a minute, listings after the next rebuild.")
        )
        messages.success(self.request, said)
        return super().form_valid(form)

    def get_context_data(self, **kwargs):
        return super().get_context_data(kind=self.kind, heading=LABELS[self.kind], **kwargs)


class WordListView(KeeperMixin, WordFormMixin, ListView):
    """One kind of words with a form for one more (检索词维护)."""

    template_name = "search/words.html"
    context_object_name = "entries"
    paginate_by = 50

    def get_queryset(self):
        model = WORD_MODELS[self.kind]
        field = "words" if model is SynonymGroup else "word"
        query = self.request.GET.get("q", "").strip()[:100]
        found = model.objects.order_by("-pk" if model is SynonymGroup else field)
        return found.filter(**{f"{field}__icontains": query}) if query else found

    def get_initial(self):
        return {"words": self.request.GET.get("word", "")[:100]}

    def post(self, request, *args, **kwargs):
        form = self.get_form()
        if form.is_valid():
            return self.form_valid(form)
        self.object_list = self.get_queryset()
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs):
        tabs = [
            {
                "label": label,
                "url": reverse("search:words", args=[kind]),
                "is_current": kind == self.kind,
                "count": WORD_MODELS[kind].objects.count(),
            }
            for kind, label in LABELS.items()
        ]
        return super().get_context_data(tabs=tabs, is_rebuild_due=any_rebuild_due(), **kwargs)


class WordView(KeeperMixin, WordFormMixin, TemplateView):
    """Change one entry, or take it out."""

    template_name = "search/word.html"

    def dispatch(self, request, *args, **kwargs):
        if can_tend_search(request.user):
            self.entry = get_object_or_404(WORD_MODELS[self.kind], pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        if "delete" in request.POST:
            delete_words(actor=request.user, entry=self.entry)
            messages.success(request, _("Taken out."))
            return redirect(self.get_success_url())
        form = self.get_form()
        if form.is_valid():
            return self.form_valid(form)
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs):
        return super().get_context_data(entry=self.entry, **kwargs)


class FruitlessQueryListView(KeeperMixin, ListView):
    """What people looked for and did not find, the most frequent first (无结果检索)."""

    template_name = "search/fruitless.html"
    context_object_name = "queries"
    paginate_by = 50

    def get_queryset(self):
        return FruitlessQuery.objects.order_by("-count", "-last_at")

    def get_context_data(self, **kwargs):
        labels = {document.kind: document.label for document in registered_documents()}
        context = super().get_context_data(**kwargs)
        for query in context["queries"]:
            query.place = labels.get(query.kind, _("Whole site"))
        return context


@login_required
@require_POST
def settle(request, pk):
    """Take a query off the list."""
    if not can_tend_search(request.user):
        raise PermissionDenied
    settle_fruitless_query(actor=request.user, query=get_object_or_404(FruitlessQuery, pk=pk))
    return redirect("search:fruitless")


class IndexStateView(KeeperMixin, TemplateView):
    """How each index stands beside the database."""

    template_name = "search/indexes.html"

    def get_context_data(self, **kwargs):
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
        return super().get_context_data(rows=rows, unavailable=not rows, **kwargs)


@login_required
@require_POST
def rebuild(request):
    """Start a rebuild; searches go on meanwhile."""
    job = start_rebuild(actor=request.user)
    return redirect("jobs:job", job.pk)
