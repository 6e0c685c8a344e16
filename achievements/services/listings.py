from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

from portal.accounts.models import User
from portal.audit.services import record

from ..models import InstitutePage, ListingPage
from ..rules import can_edit_listing, can_publish_under


class UnableToChangeListing(Exception):
    """The listing cannot be changed as asked; the message says why and what to do."""


class TextMovedOn(UnableToChangeListing):
    """The text was saved by somebody, or in another window, since the actor opened it."""


def lock(page: ListingPage) -> ListingPage:
    Page.objects.select_for_update().get(pk=page.pk)
    return type(page).objects.get(pk=page.pk)


def require(allowed: bool) -> None:
    if not allowed:
        raise UnableToChangeListing(_("You may not change this listing."))


@transaction.atomic
def create_listing(*, page: ListingPage, institute: InstitutePage, actor: User) -> ListingPage:
    """Add a draft below ``institute``; raises ``UnableToChangeListing`` for strangers."""
    require(can_publish_under(actor, institute))
    page.live = False
    page.owner = actor
    page.institute = institute
    institute.add_child(instance=page)
    page.save_revision(user=actor, log_action=True, clean=False)
    record(
        actor=actor,
        action="achievements.create_listing",
        target=page,
        organization_id=institute.organization_id,
    )
    return page


@transaction.atomic
def save_draft(*, page: ListingPage, actor: User, base_revision: int | None = None) -> Revision:
    """Store the text of ``page`` as a new draft; the published text stays as it is.

    ``page`` carries the new content, as a form left it; ``base_revision`` is the revision that
    its writer saw. Raises ``TextMovedOn`` when there is a newer one, and
    ``UnableToChangeListing`` while the text is under review.
    """
    current = lock(page)
    require(can_edit_listing(actor, current))
    if current.workflow_in_progress:
        raise UnableToChangeListing(
            _("This text is under review. Take it back before you change it.")
        )
    if base_revision is not None and base_revision != current.latest_revision_id:
        raise TextMovedOn(_("This text was saved elsewhere meanwhile."))
    revision = page.save_revision(user=actor, log_action=True, clean=False)
    if not current.live:
        Page.objects.filter(pk=page.pk).update(title=page.title, draft_title=page.title)
    return revision
