from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy
from wagtail.models import Page, TaskState, WorkflowState

from portal.accounts.models import User
from portal.audit.services import record
from portal.notifications.services import notify
from search.services import schedule_sync

from ..contents import missing_fields
from ..models import FieldNote, ListingPage, UnableToReview
from ..rules import can_edit_listing
from .listings import UnableToChangeListing, lock, require


@transaction.atomic
def submit_listing(*, page: ListingPage, actor: User) -> WorkflowState:
    """Send the latest draft to the institute's review, from the first step each time."""
    page = lock(page)
    require(can_edit_listing(actor, page))
    state = page.current_workflow_state
    if state and state.status == WorkflowState.STATUS_IN_PROGRESS:
        raise UnableToChangeListing(_("This text is under review already."))
    if page.archived_at or page.withdrawn_at:
        raise UnableToChangeListing(_("Restore the listing before you send it to review."))
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
    return started


def tell_reviewers(*, task_state: TaskState, actor: User | None) -> None:
    """Tell those who may decide that a text waits; its authors hear nothing."""
    page = task_state.workflow_state.content_object.specific
    reviewers = task_state.task.specific.reviewers(page).exclude(pk=actor and actor.pk)
    for reviewer in reviewers[:50]:
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
    page = lock(page)
    require(can_edit_listing(actor, page))
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


@transaction.atomic
def return_listing(
    *, task_state: TaskState, actor: User, reason: str, field_notes: Mapping[str, str] | None = None
) -> None:
    """Send a text back with a reason and notes by field; raises ``UnableToReview``."""
    task_state.task.specific.on_action(task_state, actor, "reject", comment=reason)
    FieldNote.objects.bulk_create(
        FieldNote(task_state=task_state, field_name=name, note=note)
        for name, note in (field_notes or {}).items()
    )
    state = WorkflowState.objects.select_related("requested_by").get(
        pk=task_state.workflow_state_id
    )
    page = state.content_object.specific
    record(
        actor=actor,
        action="achievements.return_listing",
        target=page,
        organization_id=page.institute.organization_id,
        reason=reason,
    )
    _tell_writer(
        state,
        page,
        kind="review-returned",
        title=gettext_lazy("Your text was returned"),
        body=f"{page.draft_title}\n{reason}",
    )


def _tell_writer(state: WorkflowState, page: Page, **message: Any) -> None:
    """Tell a listing's owner, or whoever asked for the review of an institute's page."""
    is_listing = isinstance(page, ListingPage)
    writer = page.owner if is_listing else state.requested_by
    url = f"/workspace/listings/{page.pk}/" if is_listing else f"/admin/pages/{page.pk}/edit/"
    if writer:
        notify(user=writer, url=url, **message)


def complete_publication(*, state: WorkflowState, actor: User | None, now: datetime) -> None:
    """Start the validity of a newly published text and tell its writer; part of the publication.

    A listing that was withdrawn meanwhile stays withdrawn.
    """
    page = Page.objects.get(pk=state.object_id).specific
    record(
        actor=actor,
        action="achievements.publish_listing",
        target=page,
        organization_id=page.institute.organization_id,
    )
    title = gettext_lazy("Your text is published")
    if isinstance(page, ListingPage):
        _start_validity(page, now)
        if page.withdrawn_at or page.archived_at:
            title = gettext_lazy("Your text is approved; restore the listing to show it")
    _tell_writer(state, page, kind="listing-published", title=title, body=page.title)


def _start_validity(page: ListingPage, now: datetime) -> None:
    changes: dict[str, Any] = {"confirmed_at": now}
    if page.valid_until is None or page.valid_until < timezone.localdate(now):
        changes["valid_until"] = timezone.localdate(now) + timedelta(
            days=settings.LISTING_VALID_DAYS
        )
    type(page).objects.filter(pk=page.pk).update(updated_at=now, **changes)
    schedule_sync(page)
