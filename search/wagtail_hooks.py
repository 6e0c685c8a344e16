from collections.abc import Iterable

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_POST
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from portal.accounts.models import User
from portal.accounts.requests import SignedInRequest

from .client import SearchUnavailable
from .documents import registered_documents
from .models import DomainWord, FruitlessQuery, GenericWord, IndexBuild, SynonymGroup
from .services import check_index, is_rebuild_due, schedule_rebuild

MANAGE_INDEX = "search.change_indexbuild"


class GenericWordViewSet(SnippetViewSet):
    model = GenericWord
    icon = "minus"
    list_display = ["word"]
    search_fields = ["word"]
    ordering = ["word"]


class DomainWordViewSet(SnippetViewSet):
    model = DomainWord
    icon = "tag"
    list_display = ["word"]
    search_fields = ["word"]
    ordering = ["word"]


class SynonymGroupViewSet(SnippetViewSet):
    model = SynonymGroup
    icon = "list-ul"
    list_display = ["__str__"]
    search_fields = ["words"]


class ReadAndDeletePolicy(ModelPermissionPolicy):
    """Counted by the portal itself: staff read the list and may clear lines away."""

    def user_has_permission(self, user: User, action: str) -> bool:
        return action not in {"add", "change"} and super().user_has_permission(user, action)


class FruitlessQueryViewSet(SnippetViewSet):
    model = FruitlessQuery
    icon = "help"
    list_display = ["text", "kind", "count", "first_at", "last_at"]
    list_filter = ["kind"]
    list_export = ["text", "kind", "count", "first_at", "last_at"]
    search_fields = ["text"]
    ordering = ["-count", "-last_at"]

    @property
    def permission_policy(self) -> ReadAndDeletePolicy:
        return ReadAndDeletePolicy(self.model)


class SearchViewSetGroup(SnippetViewSetGroup):
    menu_label = gettext_lazy("Search")
    menu_icon = "search"
    items = (GenericWordViewSet, DomainWordViewSet, SynonymGroupViewSet, FruitlessQueryViewSet)


register_snippet(SearchViewSetGroup)


@hooks.register("after_create_snippet")
def say_rebuild_is_due(request: HttpRequest, instance: Model) -> None:
    if isinstance(instance, GenericWord | DomainWord):
        _warn(request)


@hooks.register("after_edit_snippet")
def say_rebuild_is_due_after_edit(request: HttpRequest, instance: Model) -> None:
    say_rebuild_is_due(request, instance)


@hooks.register("after_delete_snippet")
def say_rebuild_is_due_after_delete(request: HttpRequest, instances: Iterable[Model]) -> None:
    if any(isinstance(instance, GenericWord | DomainWord) for instance in instances):
        _warn(request)


def _warn(request: HttpRequest) -> None:
    messages.warning(
        request,
        _(
            "Queries use the changed words within a minute; the documents follow with the next "
            "rebuild of the indexes, which is due now."
        ),
    )


@permission_required(MANAGE_INDEX, login_url="account_login", raise_exception=True)
def index_state(request: HttpRequest) -> HttpResponse:
    """How each index stands, and the button that rebuilds what is due."""
    builds = {build.kind: build for build in IndexBuild.objects.all()}
    rows, unavailable = [], False
    for document in registered_documents():
        try:
            drift, due = check_index(document), is_rebuild_due(document)
        except SearchUnavailable:
            unavailable = True
            break
        rows.append(
            {
                "document": document,
                "drift": drift,
                "is_due": due,
                "build": builds.get(document.kind),
            }
        )
    context = {"rows": rows, "unavailable": unavailable}
    return render(request, "search/admin/index_state.html", context)


@require_POST
@permission_required(MANAGE_INDEX, login_url="account_login", raise_exception=True)
def rebuild(request: HttpRequest) -> HttpResponse:
    schedule_rebuild()
    messages.success(request, _("The rebuild has begun; searches go on meanwhile."))
    return redirect("search_index_state")


@hooks.register("register_admin_urls")
def register_index_urls() -> list[URLPattern]:
    return [
        path("search-index/", index_state, name="search_index_state"),
        path("search-index/rebuild/", rebuild, name="search_index_rebuild"),
    ]


class IndexMenuItem(MenuItem):
    def is_shown(self, request: SignedInRequest) -> bool:
        return request.user.has_perm(MANAGE_INDEX)


@hooks.register("register_settings_menu_item")
def register_index_menu_item() -> IndexMenuItem:
    return IndexMenuItem(_("Search indexes"), reverse("search_index_state"), icon_name="search")
