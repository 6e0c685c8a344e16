"""What the four lists of disclosure share."""

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.translation import gettext as _

from ..kinds import find_listings

PAGE = 20


def tabs_for(user, current: str) -> list[dict]:
    names = {
        "consents": _("Consents to disclosure"),
        "agreements": _("Confidentiality agreements"),
        "readings": _("Who has read it"),
        "requests": _("Access requests"),
    }
    if not user.organization_ids:
        names.pop("readings")
    return [
        {"label": label, "url": reverse(f"disclosure:{name}"), "is_current": name == current}
        for name, label in names.items()
    ]


def page_of(request, rows) -> Page:
    return Paginator(rows, PAGE).get_page(request.GET.get("page"))


def add_subjects(page_obj: Page) -> None:
    """Give each row the listing that its code names, as ``subject``."""
    listings = find_listings([row.listing for row in page_obj])
    for row in page_obj:
        row.subject = listings.get(row.listing)
