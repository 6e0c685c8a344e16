"""What somebody says of a meeting: the outcome with two taps, marks and words if wanted."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events.meetings.enums import MeetingState
from events.meetings.models import Meeting
from events.registration.models import Registration
from portal.accounts.models import User
from portal.audit.services import record

from ..enums import OUTCOMES, Outcome, Stage
from ..models import Feedback
from ..queries import with_word
from ..rules import stage_of
from .changes import UnableToConclude, lock_meeting, own_of
from .links import find_by_token


@transaction.atomic
def give_feedback(*, actor: User, meeting: Meeting, outcome: str) -> Feedback:
    """Say what came of one's own meeting; said anew until the next stage, the last word counts.

    Raises ``UnableToConclude`` before the meeting, and for an outcome of the other stage.
    """
    meeting, people = lock_meeting(meeting)
    return _give(meeting, own_of(actor, people), outcome, via="portal")


@transaction.atomic
def give_feedback_by_link(*, token: str, meeting: Meeting, outcome: str) -> Feedback:
    """As the person who holds the mail's link; guests without an account have no other way."""
    meeting, people = lock_meeting(meeting)
    return _give(meeting, _holder(token, people), outcome, via="link")


@transaction.atomic
def comment_on(
    *,
    actor: User,
    meeting: Meeting,
    rating: int | None = None,
    comment: str = "",
    shares_comment: bool = False,
) -> Feedback:
    """Add marks and words to what was said; the organizer reads them only where that is agreed."""
    meeting, people = lock_meeting(meeting)
    return _comment(meeting, own_of(actor, people), rating, comment, shares_comment, via="portal")


@transaction.atomic
def comment_by_link(
    *,
    token: str,
    meeting: Meeting,
    rating: int | None = None,
    comment: str = "",
    shares_comment: bool = False,
) -> Feedback:
    meeting, people = lock_meeting(meeting)
    own = _holder(token, people)
    return _comment(meeting, own, rating, comment, shares_comment, via="link")


def _holder(token: str, people: list[Registration]) -> Registration:
    found = find_by_token(token)
    if found is None:
        raise UnableToConclude(_("This link is not complete: copy it whole from the mail."))
    for each in people:
        if each.pk == found.pk:
            return each
    raise UnableToConclude(_("Only the people of a meeting say what came of it."))


def _open_stage(meeting: Meeting) -> Stage:
    stage = stage_of(meeting, timezone.now())
    if stage is None:
        raise UnableToConclude(_("There is nothing to say of this meeting now."))
    word = with_word(Meeting.objects.filter(pk=meeting.pk)).get().word
    if stage == Stage.SECOND and word == MeetingState.NOT_HELD:
        raise UnableToConclude(_("This meeting did not take place: nothing could come of it."))
    return stage


def _give(meeting: Meeting, own: Registration, outcome: str, *, via: str) -> Feedback:
    stage = _open_stage(meeting)
    if outcome not in OUTCOMES[stage]:
        raise UnableToConclude(_("Choose one of the answers."))
    feedback, _is_new = Feedback.objects.update_or_create(
        meeting=meeting,
        registration=own,
        stage=stage,
        defaults={"outcome": Outcome(outcome), "given_at": timezone.now()},
    )
    _record(feedback, meeting, own, "aftermath.give_feedback", via)
    return feedback


def _comment(
    meeting: Meeting,
    own: Registration,
    rating: int | None,
    comment: str,
    shares_comment: bool,
    *,
    via: str,
) -> Feedback:
    found = Feedback.objects.filter(meeting=meeting, registration=own, stage=_open_stage(meeting))
    feedback = found.first()
    if feedback is None:
        raise UnableToConclude(_("Say first what came of the meeting."))
    feedback.rating, feedback.comment = rating, comment.strip()
    feedback.shares_comment = shares_comment and bool(feedback.comment)
    feedback.save(update_fields=["rating", "comment", "shares_comment"])
    _record(feedback, meeting, own, "aftermath.comment", via)
    return feedback


def _record(feedback: Feedback, meeting: Meeting, own: Registration, action: str, via: str) -> None:
    """The log holds that somebody spoke, not what: nobody reads judgements of people there."""
    record(
        actor=own.person,
        action=action,
        target=meeting,
        organization_id=meeting.fair.organizer_id,
        stage=feedback.stage,
        via=via,
    )
