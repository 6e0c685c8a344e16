from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

from portal.accounts.models import User
from portal.audit.services import record

from ..enums import Secrecy
from ..models import InstitutePage, ListingPage
from ..rules import can_edit_listing, can_publish_under
from ..validators import validate_unclassified


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


def refuse_classified(page: ListingPage) -> None:
    """Raise ``UnableToChangeListing`` for a listing with a security classification (密级)."""
    try:
        validate_unclassified(getattr(page, "secrecy", Secrecy.NONE) or Secrecy.NONE)
    except ValidationError as error:
        raise UnableToChangeListing(error.messages[0]) from None


@transaction.atomic
def create_listing(*, page: ListingPage, institute: InstitutePage, actor: User) -> ListingPage:
    """Add a draft below ``institute``; raises ``UnableToChangeListing`` for strangers."""
    require(can_publish_under(actor, institute))
    refuse_classified(page)
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
    refuse_classified(page)
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


@transaction.atomic
def restore_version(*, page: ListingPage, actor: User, revision: Revision) -> Revision:
    """Make an earlier version the draft again; the published text stays as it is.

    Raises ``UnableToChangeListing`` while the text is under review, and for strangers.
    """
    if revision.object_id != str(page.pk):
        raise UnableToChangeListing(_("This is a version of another text."))
    saved = save_draft(page=revision.as_object(), actor=actor)
    record(
        actor=actor,
        action="achievements.restore_version",
        target=page,
        organization_id=page.institute.organization_id,
        revision=revision.pk,
    )
    return saved


@transaction.atomic
def discard_changes(*, page: ListingPage, actor: User) -> None:
    """Let the draft of a published text say again what is published."""
    current = lock(page)
    require(can_edit_listing(actor, current))
    if current.workflow_in_progress:
        raise UnableToChangeListing(
            _("This text is under review. Take it back before you change it.")
        )
    if not current.live or not current.has_unpublished_changes:
        raise UnableToChangeListing(_("There is no change to drop."))
    if current.current_workflow_state:
        current.current_workflow_state.cancel(user=actor)
    published = current.live_revision.as_object() if current.live_revision else current
    published.save_revision(user=actor, log_action=True, clean=False)
    Page.objects.filter(pk=page.pk).update(
        has_unpublished_changes=False, draft_title=published.title
    )
    record(
        actor=actor,
        action="achievements.discard_changes",
        target=page,
        organization_id=page.institute.organization_id,
    )


@transaction.atomic
def delete_draft(*, page: ListingPage, actor: User) -> None:
    """Delete a text that was never published and is not under review."""
    current = lock(page)
    require(can_edit_listing(actor, current))
    if current.live or current.first_published_at:
        raise UnableToChangeListing(_("What was published is archived, not deleted."))
    if current.workflow_in_progress:
        raise UnableToChangeListing(_("Take the text back from review before you delete it."))
    record(
        actor=actor,
        action="achievements.delete_draft",
        target=current,
        organization_id=current.institute.organization_id,
        code=current.code,
    )
    current.delete()
