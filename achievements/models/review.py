from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail.locks import WorkflowLock
from wagtail.models import Task, TaskState, WorkflowState

from portal.accounts.enums import PortalRole
from portal.accounts.models import User


class UnableToReview(PermissionDenied):
    """The review cannot go on as asked; the message says why and what to do."""


class ReviewLock(WorkflowLock):
    """Keep everybody from editing a text while somebody reads it."""

    def for_user(self, user):
        return True

    def get_message(self, user):
        page = self.object.specific
        state = page.current_workflow_task_state
        if state and state.task.specific.may_decide(page, user):
            return format_html(
                '{} <a href="{}">{}</a>',
                _("This text waits for your review."),
                reverse("achievements:review", args=[state.pk]),
                _("Read it and decide"),
            )
        return _("This text is under review. Take it back before you change it.")


class ReviewTask(Task):
    """What both checks share: who may decide, and that only what was read passes.

    The page under review, a listing or an institute's own, names its ``institute``. Reviewers are
    found from there, never from a group, so that a task cannot be pointed at the wrong people.
    """

    lock_class = ReviewLock

    class Meta:
        abstract = True

    def reviewers(self, page):
        """Users who may decide on ``page`` at this step, authors included."""
        raise NotImplementedError

    def may_decide(self, page, user) -> bool:
        return (
            user.is_authenticated
            and self.reviewers(page).filter(pk=user.pk).exists()
            and user.pk not in author_ids(page)
        )

    def locked_for_user(self, obj, user):
        return True

    def user_can_access_editor(self, obj, user):
        return self.may_decide(obj.specific, user)

    def get_actions(self, obj, user):
        """The one door to a decision is the review page, which shows what is decided on."""
        return []

    @transaction.atomic
    def on_action(self, task_state, user, action_name, **kwargs):
        """Decide once, on the text that was read, by somebody who did not write it.

        Raises ``UnableToReview`` when another reviewer was faster, the text has changed, the
        institute is offline, or the actor may not decide.
        """
        state = WorkflowState.objects.select_for_update().get(pk=task_state.workflow_state_id)
        page = state.content_object
        if (
            state.status != WorkflowState.STATUS_IN_PROGRESS
            or state.current_task_state_id != task_state.pk
            or task_state.task_id != self.pk
        ):
            raise UnableToReview(_("Somebody else has decided on this text already."))
        if page.latest_revision_id != task_state.revision_id:
            raise UnableToReview(_("The text has changed since you read it. Please read it again."))
        if not page.specific.institute.live:
            raise UnableToReview(
                _("The institute's page is offline; its texts cannot be decided on meanwhile.")
            )
        if getattr(page.specific, "archived_at", None):
            raise UnableToReview(_("The listing was archived meanwhile."))
        if not self.may_decide(page.specific, user):
            raise UnableToReview(_("You may not decide on this text: somebody else has to."))
        if action_name == "reject" and not (kwargs.get("comment") or "").strip():
            raise UnableToReview(_("Please give the reason of the return."))
        super().on_action(task_state, user, action_name, **kwargs)

    def get_task_states_user_can_moderate(self, user, **kwargs):
        from ..queries import waiting_reviews

        return waiting_reviews(user).filter(task=self.task_ptr)


def author_ids(page) -> set[int]:
    """Everybody who had a hand in the text: owner, requesters and authors of any revision.

    An institute's own page outlives its writers: there only those count who wrote since its last
    publication, else nobody of a small office could ever sign it off.
    """
    revisions = page.revisions.order_by()
    if page.institute == page and page.live_revision_id:
        revisions = revisions.filter(pk__gt=page.live_revision_id)
    authors = set(revisions.values_list("user_id", flat=True))
    state = page.current_workflow_state
    authors |= {page.owner_id, state.requested_by_id if state else None}
    return authors - {None}


class InstituteReviewTask(ReviewTask):
    """The institute's own sign-off (单位审核)."""

    class Meta:
        verbose_name = _("institute's review")

    def reviewers(self, page):
        office = page.institute.organization.memberships.office()
        return User.objects.filter(is_active=True, pk__in=office.values("user"))


class PlatformReviewTask(ReviewTask):
    """The platform's check before publication (平台审核)."""

    class Meta:
        verbose_name = _("platform's review")

    def reviewers(self, page):
        return User.objects.filter(is_active=True, role_grants__role=PortalRole.REVIEWER)


class FieldNote(models.Model):
    """A reviewer's remark on one field of a returned listing (退回意见)."""

    task_state = models.ForeignKey(TaskState, models.CASCADE, related_name="field_notes")
    field_name = models.CharField(max_length=60)
    note = models.CharField(_("note"), max_length=500)

    def __str__(self):
        return f"{self.field_name}: {self.note}"
