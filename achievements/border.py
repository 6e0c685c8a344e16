"""The border between institutes inside the Wagtail admin.

Institute offices see an allow-list of admin pages, closed by default, and only objects of their
own: pages below their institute page, pictures and files of their own collection. Platform staff
(superusers and site editors) are not concerned.
"""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision, TaskState

from portal.accounts.enums import PortalRole
from portal.media.models import PortalDocument, PortalImage

from .models import InstitutePage

ALLOWED_NAMES = frozenset(
    {
        "wagtailadmin_home",
        "wagtailadmin_explore",
        "wagtailadmin_explore_results",
        "wagtailadmin_explore_root",
        "my_institute",
        "wagtailadmin_logout",
        "wagtailadmin_sprite",
        "wagtailadmin_javascript_catalog",
        "wagtailadmin_dismissibles",
        "wagtailadmin_editing_sessions:ping",
        "wagtailadmin_editing_sessions:release",
        "wagtailadmin_pages:add",
        "wagtailadmin_pages:add_subpage",
        "wagtailadmin_pages:edit",
        "wagtailadmin_pages:history",
        "wagtailadmin_pages:history_results",
        "wagtailadmin_pages:preview_on_add",
        "wagtailadmin_pages:preview_on_edit",
        "wagtailadmin_pages:revisions_compare",
        "wagtailadmin_pages:revisions_view",
        "wagtailadmin_pages:view_draft",
        "wagtailadmin_pages:workflow_history",
        "wagtailadmin_pages:workflow_history_detail",
        "wagtailadmin_pages:confirm_workflow_cancellation",
        "wagtailimages_chooser:choose",
        "wagtailimages_chooser:choose_results",
        "wagtailimages_chooser:chosen",
        "wagtailimages_chooser:create",
        "wagtailimages_chooser:select_format",
        "wagtaildocs_chooser:choose",
        "wagtaildocs_chooser:choose_results",
        "wagtaildocs_chooser:chosen",
        "wagtaildocs_chooser:create",
    }
)
# The sidebar offers these to everybody: an office is led to what it has instead.
ACCOUNT, SEARCH = "wagtailadmin_account", "wagtailadmin_pages:search"
PAGE_ARGUMENTS = frozenset(
    {"page_id", "parent_page_id", "parent_id", "content_type_page_id", "root_page_id"}
)


def is_behind_border(user) -> bool:
    """Tell whether ``user`` works in the admin for one institute only."""
    return not user.is_superuser and not user.has_role(PortalRole.EDITOR)


def own_institutes(user) -> list[InstitutePage]:
    return list(InstitutePage.objects.filter(organization__in=user.office_organization_ids))


def may_touch_page(user, page: Page) -> bool:
    """Tell whether a page is one of the user's institutes or lies below one, or above them."""
    return any(
        page.path.startswith(institute.path) or institute.path.startswith(page.path)
        for institute in own_institutes(user)
    )


def may_write_page(user, page: Page) -> bool:
    return any(page.path.startswith(institute.path) for institute in own_institutes(user))


def owns_file(user, file) -> bool:
    names = {f"organization-{pk}" for pk in user.office_organization_ids}
    return file.collection.name in names


def _search_own_pages(request):
    own = own_institutes(request.user)
    if not own:
        raise PermissionDenied
    address = reverse("wagtailadmin_explore", args=[own[0].pk])
    return redirect(f"{address}?{urlencode({'q': request.GET.get('q', '')})}")


class AdminBorderMiddleware:
    """Refuse, before any admin view runs, what an institute's office has no business with."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        """Return None to go on, or where to go instead; raise ``PermissionDenied`` otherwise."""
        if not request.path.startswith("/admin/") or not request.user.is_authenticated:
            return None
        if not is_behind_border(request.user):
            return None
        match = request.resolver_match
        if match.view_name == ACCOUNT:
            return redirect("accounts:profile")
        if match.view_name == SEARCH:
            return _search_own_pages(request)
        if match.view_name not in ALLOWED_NAMES:
            raise PermissionDenied(_("This part of the editing desk is for the portal's staff."))
        self._check_ids(request, match)
        return None

    def _check_ids(self, request, match):
        user = request.user
        for name, value in match.kwargs.items():
            if name in PAGE_ARGUMENTS:
                self._check_page(user, value, writes=request.method == "POST")
            elif name == "object_id":
                self._check_page(user, value if str(value).isdecimal() else 0, writes=True)
            elif name == "revision_id":
                revision = Revision.objects.filter(pk=value).first()
                self._check_page(user, revision.object_id if revision else 0, writes=True)
            elif name == "task_state_id":
                state = TaskState.objects.filter(pk=value).first()
                self._check_page(user, state.workflow_state.object_id if state else 0, writes=True)
        if match.view_name == "wagtailadmin_editing_sessions:ping":
            pk = match.kwargs["object_id"]
            if match.kwargs["model_name"] != "page" or not (pk.isascii() and pk.isdecimal()):
                raise PermissionDenied
            self._check_page(user, pk, writes=True)
        if match.view_name.endswith("chooser:chosen"):
            model = PortalImage if "images" in match.view_name else PortalDocument
            file = model.objects.filter(pk=match.kwargs.get("pk")).first()
            if file is None or not owns_file(user, file):
                raise PermissionDenied

    def _check_page(self, user, pk, *, writes: bool):
        page = Page.objects.filter(pk=pk).first()
        allowed = page and (may_write_page if writes else may_touch_page)(user, page)
        if not allowed:
            raise PermissionDenied
