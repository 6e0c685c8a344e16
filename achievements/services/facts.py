"""Facts of a listing that change at once, outside review."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User, Visitor
from portal.audit.services import record
from portal.disclosure.enums import Basis, FieldGroup
from portal.disclosure.queries import has_read_today, levels_of, parts_for
from portal.disclosure.services import record_reading
from search.services import schedule_sync

from ..enums import Disclosure
from ..models import ListingPage
from ..rules import can_change_facts
from .listings import UnableToChangeListing, lock, require

LONGEST_VALIDITY = timedelta(days=3 * 365 + 1)


@transaction.atomic
def _change_facts(
    page: ListingPage, actor: User, action: str, changes: Mapping[str, Any], **payload: Any
) -> None:
    current = lock(page)
    require(can_change_facts(actor, current))
    type(page).objects.filter(pk=page.pk).update(updated_at=timezone.now(), **changes)
    page.refresh_from_db()
    record(
        actor=actor,
        action=f"achievements.{action}",
        target=page,
        organization_id=page.institute.organization_id,
        **payload,
    )
    schedule_sync(page)


def set_disclosure(*, page: ListingPage, actor: User, disclosure: str) -> None:
    """Change at once who may read the listing."""
    _change_facts(
        page,
        actor,
        "set_disclosure",
        {"disclosure": Disclosure(disclosure)},
        before=page.disclosure,
        after=disclosure,
    )


def set_validity(*, page: ListingPage, actor: User, valid_until: date) -> None:
    """Choose until when the listing stands; at most three years ahead."""
    today = timezone.localdate()
    if not today <= valid_until <= today + LONGEST_VALIDITY:
        raise UnableToChangeListing(
            _("Choose a day between today and %(last)s.")
            % {"last": (today + LONGEST_VALIDITY).isoformat()}
        )
    _change_facts(
        page,
        actor,
        "set_validity",
        {"valid_until": valid_until},
        before=str(page.valid_until or ""),
        after=str(valid_until),
    )


def confirm_listing(*, page: ListingPage, actor: User, now: datetime) -> None:
    """Say that the listing still holds: its validity starts anew, and is never shortened."""
    if page.withdrawn_at or page.archived_at:
        raise UnableToChangeListing(_("Restore the listing before you confirm it."))
    valid_until = timezone.localdate(now) + timedelta(days=settings.LISTING_VALID_DAYS)
    valid_until = max(valid_until, page.valid_until or valid_until)
    _change_facts(page, actor, "confirm_listing", {"valid_until": valid_until, "confirmed_at": now})


def withdraw_listing(*, page: ListingPage, actor: User, reason: str, now: datetime) -> None:
    """Take the listing off the portal; it can be restored.

    A new version under review stays there; once approved it shows when the listing is restored.
    """
    if not page.live:
        raise UnableToChangeListing(_("Only what is published can be withdrawn."))
    if not reason.strip():
        raise UnableToChangeListing(_("Please say why the listing is withdrawn."))
    changes = {"withdrawn_at": now, "withdrawn_reason": reason.strip()[:300]}
    _change_facts(page, actor, "withdraw_listing", changes, reason=reason)


def restore_listing(*, page: ListingPage, actor: User) -> None:
    """Undo a withdrawal or an archiving."""
    changes = {"withdrawn_at": None, "withdrawn_reason": "", "archived_at": None}
    _change_facts(page, actor, "restore_listing", changes)


@transaction.atomic
def archive_listing(*, page: ListingPage, actor: User, now: datetime) -> None:
    """Keep the listing for the record only, and end its review; it can be restored."""
    _change_facts(page, actor, "archive_listing", {"archived_at": now})
    if page.workflow_in_progress:
        page.current_workflow_state.cancel(user=actor)


def resync_listing(*, page: ListingPage) -> None:
    """Bring the index up to what of a listing is public now."""
    type(page).objects.filter(pk=page.pk).update(updated_at=timezone.now())
    schedule_sync(page)


def note_file_reading(*, user: Visitor, pages: Sequence[ListingPage]) -> None:
    """Put on record that a picture or file was read that its page does not show to everybody.

    A page that was read today says so already. Whom it does not show it reads it as the platform's
    reviewer.
    """
    if not user.is_authenticated:
        return
    levels = levels_of(page.code for page in pages)
    closed = [page for page in pages if FieldGroup.FILES in levels.get(page.code, {})]
    for part in parts_for(user, closed):
        is_own = part.organization.pk in user.organization_ids
        if not is_own and not has_read_today(user, part.code, FieldGroup.FILES):
            is_shown = FieldGroup.FILES in part.access.read
            record_reading(
                user=user,
                listing=part.code,
                owner_id=part.organization.pk,
                groups=[FieldGroup.FILES],
                level=levels[part.code][FieldGroup.FILES],
                basis=part.access.basis if is_shown else Basis.REVIEW,
                organization_id=part.access.organization_id if is_shown else None,
            )
