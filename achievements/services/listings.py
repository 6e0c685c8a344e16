from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy
from wagtail.models import Page, Revision, TaskState, WorkflowState

from portal.accounts.models import User
from portal.audit.services import record
from portal.notifications.services import notify
from search.services import schedule_sync

from ..contents import missing_fields
from ..enums import Disclosure
from ..models import FieldNote, InstitutePage, ListingPage, UnableToReview
from ..rules import can_change_facts, can_edit_listing, can_publish_under


class UnableToChangeListing(Exception):
    """The listing cannot be changed as asked; the message says why and what to do."""


def _lock(page: ListingPage) -> ListingPage:
    Page.objects.select_for_update().get(pk=page.pk)
    return type(page).objects.get(pk=page.pk)


def _require(allowed: bool) -> None:
    if not allowed:
        raise UnableToChangeListing(_("You may not change this listing."))


@transaction.atomic
def create_listing(*, page: ListingPage, institute: InstitutePage, actor: User) -> ListingPage:
    """Add a draft below ``institute``; raises ``UnableToChangeListing`` for strangers."""
    _require(can_publish_under(actor, institute))
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
def save_draft(*, page: ListingPage, actor: User) -> Revision:
    """Store the text of ``page`` as a new draft; the published text stays as it is.

    ``page`` carries the new content, as a form left it. Raises ``UnableToChangeListing`` while
    the text is under review.
    """
    current = _lock(page)
    _require(can_edit_listing(actor, current))
    if current.workflow_in_progress:
        raise UnableToChangeListing(
            _("This text is under review. Take it back before you change it.")
        )
    revision = page.save_revision(user=actor, log_action=True, clean=False)
    if not current.live:
        Page.objects.filter(pk=page.pk).update(title=page.title, draft_title=page.title)
    return revision


@transaction.atomic
def submit_listing(*, page: ListingPage, actor: User) -> WorkflowState:
    """Send the latest draft to the institute's review, from the first step each time."""
    page = _lock(page)
    _require(can_edit_listing(actor, page))
    state = page.current_workflow_state
    if state and state.status == WorkflowState.STATUS_IN_PROGRESS:
        raise UnableToChangeListing(_("This text is under review already."))
    if page.archived_at:
        raise UnableToChangeListing(_("An archived listing cannot be submitted."))
    if missing_fields(page.get_latest_revision_as_object()):
        raise UnableToChangeListing(_("Some answers are missing or wrong. See the check page."))
    if state:
        state.cancel(user=actor)
    started = page.get_workflow().start(page, user=actor)
    record(
        actor=actor,
        action="achievements.submit_listing",
        target=page,
        organization_id=page.institute.organization_id,
        revision=page.latest_revision_id,
    )
    _tell_reviewers(started.current_task_state, page, actor)
    return started


def _tell_reviewers(task_state: TaskState, page: ListingPage, actor: User) -> None:
    for reviewer in task_state.task.specific.reviewers(page).exclude(pk=actor.pk)[:50]:
        notify(
            user=reviewer,
            kind="review-waiting",
            title=gettext_lazy("A text waits for your review"),
            body=page.draft_title,
            url=f"/workspace/reviews/{task_state.pk}/",
            dedupe_key=f"review:{task_state.pk}:{reviewer.pk}",
        )


@transaction.atomic
def take_back_listing(*, page: ListingPage, actor: User) -> None:
    """End the review so that the text can be changed again."""
    page = _lock(page)
    _require(can_edit_listing(actor, page))
    state = page.current_workflow_state
    if not state:
        raise UnableToChangeListing(_("This text is not under review."))
    state.cancel(user=actor)
    record(actor=actor, action="achievements.take_back_listing", target=page)


@transaction.atomic
def approve_listing(
    *, task_state: TaskState, actor: User, revision_id: int, comment: str = ""
) -> None:
    """Pass one step of the review for the revision that ``actor`` read.

    Raises ``UnableToReview`` when the step was decided meanwhile, the text changed, or the
    actor may not decide.
    """
    if revision_id != task_state.revision_id:
        raise UnableToReview(_("The text has changed since you read it. Please read it again."))
    task_state.task.specific.on_action(task_state, actor, "approve", comment=comment)
    state = WorkflowState.objects.get(pk=task_state.workflow_state_id)
    page = state.content_object.specific
    record(
        actor=actor,
        action="achievements.approve_listing",
        target=page,
        organization_id=page.institute.organization_id,
        revision=revision_id,
        step=task_state.task.name,
    )
    if state.status == WorkflowState.STATUS_IN_PROGRESS:
        _tell_reviewers(state.current_task_state, page, actor)


@transaction.atomic
def return_listing(
    *,
    task_state: TaskState,
    actor: User,
    reason: str,
    field_notes: Mapping[str, str] | None = None,
) -> None:
    """Send a text back with a reason and notes by field; raises ``UnableToReview``."""
    task_state.task.specific.on_action(task_state, actor, "reject", comment=reason)
    FieldNote.objects.bulk_create(
        FieldNote(task_state=task_state, field_name=name, note=note)
        for name, note in (field_notes or {}).items()
    )
    page = WorkflowState.objects.get(pk=task_state.workflow_state_id).content_object.specific
    record(
        actor=actor,
        action="achievements.return_listing",
        target=page,
        organization_id=page.institute.organization_id,
        reason=reason,
    )
    if page.owner:
        notify(
            user=page.owner,
            kind="review-returned",
            title=gettext_lazy("Your text was returned"),
            body=f"{page.draft_title}\n{reason}",
            url=f"/workspace/listings/{page.pk}/",
        )


def complete_publication(*, page: ListingPage, actor: User | None, now: datetime) -> None:
    """Start the validity of a newly published text and tell its owner; part of the publication."""
    page = type(page).objects.get(pk=page.pk)
    changes: dict[str, Any] = {"confirmed_at": now, "withdrawn_at": None, "withdrawn_reason": ""}
    if page.valid_until is None or page.valid_until < timezone.localdate(now):
        changes["valid_until"] = timezone.localdate(now) + timedelta(
            days=settings.LISTING_VALID_DAYS
        )
    type(page).objects.filter(pk=page.pk).update(updated_at=now, **changes)
    record(
        actor=actor,
        action="achievements.publish_listing",
        target=page,
        organization_id=page.institute.organization_id,
    )
    if page.owner:
        notify(
            user=page.owner,
            kind="listing-published",
            title=gettext_lazy("Your text is published"),
            body=page.title,
            url=f"/workspace/listings/{page.pk}/",
        )
    schedule_sync(page)


@transaction.atomic
def _change_facts(
    page: ListingPage, actor: User, action: str, changes: Mapping[str, Any], **payload: Any
) -> None:
    current = _lock(page)
    _require(can_change_facts(actor, current))
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


def confirm_listing(*, page: ListingPage, actor: User, now: datetime) -> None:
    """Say that the listing still holds: its validity starts anew, expired or not."""
    if page.withdrawn_at or page.archived_at:
        raise UnableToChangeListing(_("Restore the listing before you confirm it."))
    valid_until = timezone.localdate(now) + timedelta(days=settings.LISTING_VALID_DAYS)
    _change_facts(page, actor, "confirm_listing", {"valid_until": valid_until, "confirmed_at": now})


def withdraw_listing(*, page: ListingPage, actor: User, reason: str, now: datetime) -> None:
    """Take the listing off the portal; it can be restored."""
    if not reason.strip():
        raise UnableToChangeListing(_("Please say why the listing is withdrawn."))
    changes = {"withdrawn_at": now, "withdrawn_reason": reason.strip()[:300]}
    _change_facts(page, actor, "withdraw_listing", changes, reason=reason)


def restore_listing(*, page: ListingPage, actor: User) -> None:
    """Undo a withdrawal or an archiving."""
    changes = {"withdrawn_at": None, "withdrawn_reason": "", "archived_at": None}
    _change_facts(page, actor, "restore_listing", changes)


def archive_listing(*, page: ListingPage, actor: User, now: datetime) -> None:
    """Keep the listing for the record only; it can be restored."""
    _change_facts(page, actor, "archive_listing", {"archived_at": now})
