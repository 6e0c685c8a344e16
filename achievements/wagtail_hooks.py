from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from .border import is_behind_border, own_institutes
from .models import ListingPage

INSTITUTE_MENU = {"explorer", "my-institute", "reviews"}


@hooks.register("construct_main_menu")
def keep_institute_menu(request, menu_items):
    """Show an institute's office its own pages only; the border refuses the rest anyway."""
    if is_behind_border(request.user):
        menu_items[:] = [item for item in menu_items if item.name in INSTITUTE_MENU]


@hooks.register("construct_homepage_panels")
def clear_homepage_panels(request, panels):
    if is_behind_border(request.user):
        panels.clear()


@hooks.register("construct_homepage_summary_items")
def clear_homepage_summary(request, items):
    if is_behind_border(request.user):
        items.clear()


@hooks.register("construct_explorer_page_queryset")
def keep_own_pages(parent_page, pages, request):
    """List below the index only the institutes that the user works for."""
    if not is_behind_border(request.user):
        return pages
    own = own_institutes(request.user)
    if any(parent_page.path.startswith(page.path) for page in own):
        return pages
    allowed = [
        page.path[: len(parent_page.path) + page.steplen]
        for page in own
        if page.path.startswith(parent_page.path)
    ]
    return pages.filter(path__in=allowed)


@hooks.register("construct_page_chooser_queryset")
def keep_own_pages_in_chooser(pages, request):
    if not is_behind_border(request.user):
        return pages
    own = own_institutes(request.user)
    wanted = pages.none()
    for page in own:
        wanted |= pages.descendant_of(page, inclusive=True)
    return wanted


def my_institute(request):
    own = own_institutes(request.user)
    if not own:
        return HttpResponseRedirect(reverse("wagtailadmin_home"))
    return HttpResponseRedirect(reverse("wagtailadmin_explore", args=[own[0].pk]))


@hooks.register("register_admin_urls")
def register_my_institute():
    return [path("my-institute/", my_institute, name="my_institute")]


@hooks.register("register_admin_menu_item")
def register_my_institute_item():
    return MenuItem(_("My institute"), reverse("my_institute"), name="my-institute", order=100)


@hooks.register("before_edit_page")
def send_restorable_to_workspace(request, page):
    """A withdrawn or archived listing is restored first, in the workspace, then written again."""
    if not isinstance(page, ListingPage) or not (page.withdrawn_at or page.archived_at):
        return None
    messages.warning(request, _("Restore the listing before you change its text."))
    return redirect("achievements:listing", page.pk)


@hooks.register("register_admin_menu_item")
def register_reviews_item():
    """Texts are decided on in the workspace, where both versions and the notes are."""
    return MenuItem(
        _("Reviews"), reverse("achievements:reviews"), name="reviews", icon_name="check", order=110
    )
