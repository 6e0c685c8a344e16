from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from achievements.queries import listing_states, reviewed_listings, waiting_reviews
from matchmaking.queries import desk_of, fitting_needs
from portal.accounts.enums import PortalRole
from portal.accounts.queries import open_invitations

SHOWN = 8
STAFF_PAGES = (
    (PortalRole.OPERATOR, gettext_lazy("Outbox"), "operations:outbox"),
    (PortalRole.AUDITOR, gettext_lazy("Audit log"), "operations:audit"),
    (PortalRole.COMMISSION, gettext_lazy("Precision of the matching"), "matchmaking:statistics"),
)


@dataclass
class Section:
    """A part of the start page: a heading, rows of (title, url, state), and where all are."""

    heading: str
    url: str
    rows: list = field(default_factory=list)
    total: int = 0


def waiting_for(user, listings) -> list[Section]:
    """What waits for this person, by kind; ``listings`` are those that are the person's to mind."""
    sections = _invitations_section(user)
    reviews = waiting_reviews(user)
    total = reviews.count()
    if total:
        rows = [
            (page.draft_title, reverse("achievements:review", args=[state.pk]), state.task.name)
            for state, page in reviewed_listings(reviews[:SHOWN])
        ]
        sections.append(Section(_("Reviews"), reverse("achievements:reviews"), rows, total))
    sections += _fitting_section(user, listings)
    sections += _desk_sections(user, "decide", "repair", "review")
    return sections


def _invitations_section(user) -> list[Section]:
    rows = [
        (
            invitation.organization.label,
            reverse("accounts:own-invitation", args=[invitation.pk]),
            invitation.get_role_display(),
        )
        for invitation in open_invitations(user)
    ]
    url = reverse("workspace:home")
    return [Section(_("Invitations to join"), url, rows, len(rows))] if rows else []


def _fitting_section(user, listings) -> list[Section]:
    """The invitation: needs in whose lists one's own listings stand high."""
    if not user.recommendations_enabled:
        return []
    matches = fitting_needs(user, listings.values("pk"))
    total = matches.count()
    if not total:
        return []
    rows = [
        (
            f"{match.page.title} → {match.need.label}",
            reverse("matchmaking:why", args=[match.need.code, match.page_id]),
            match.get_grade_display(),
        )
        for match in matches[:SHOWN]
    ]
    heading = _("Needs that your listings fit")
    return [Section(heading, reverse("matchmaking:fitting"), rows, total)]


def _desk_sections(user, *shelves: str) -> list[Section]:
    sections = []
    for key, (label, needs) in desk_of(user).items():
        total = needs.count() if key in shelves else 0
        if total:
            rows = [
                (need.title, need.get_absolute_url(), need.get_state_display())
                for need in needs[:SHOWN]
            ]
            url = reverse("matchmaking:desk", args=[key])
            sections.append(Section(label, url, rows, total))
    return sections


def own_things(user, listings) -> list[Section]:
    """The person's listings and needs with their states, the latest first."""
    sections = []
    total = listings.count()
    if total:
        pages = list(listings.specific()[:SHOWN])
        states = listing_states(pages)
        rows = [
            (
                page.draft_title,
                reverse("achievements:listing", args=[page.pk]),
                states[page.pk].label,
            )
            for page in pages
        ]
        sections.append(Section(_("My listings"), reverse("achievements:my-listings"), rows, total))
    sections += _desk_sections(user, "own")
    return sections


def staff_pages(user) -> list[tuple[str, str]]:
    """Return (label, url) of the pages that the person's platform roles open."""
    return [(label, reverse(name)) for role, label, name in STAFF_PAGES if user.has_role(role)]
