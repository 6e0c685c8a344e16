"""What pages of the rooms below show of what came of meetings, and the tones of outcomes."""

from django import template
from django.utils import timezone

from events.aftermath.enums import OUTCOMES, FollowUpState, Outcome
from events.aftermath.models import Feedback
from events.aftermath.queries import feedback_of
from events.aftermath.rules import stage_of
from events.meetings.enums import MeetingState
from events.meetings.models import Meeting
from events.registration.models import Registration

register = template.Library()

TONES = {
    Outcome.NOT_HELD: "amber",
    Outcome.COOPERATION: "lake",
    Outcome.VALUABLE: "blue",
    Outcome.NEGOTIATION: "lake",
    Outcome.AGREEMENT: "lake",
    FollowUpState.OPEN: "blue",
    FollowUpState.DONE: "lake",
    MeetingState.HELD: "lake",
}


@register.filter
def outcome_tone(value: str) -> str:
    return TONES.get(value, "")  # type: ignore[call-overload]


@register.simple_tag
def said_after(own: Registration) -> dict[int, Feedback]:
    """What somebody said last of each meeting, by one query for a whole list."""
    return feedback_of(own)


@register.simple_tag
def asked_after(meeting: Meeting, own: Registration, said: dict[int, Feedback]) -> dict:
    """Of a meeting whose time has come: what was answered, else the answers to choose from."""
    meeting.fair = own.fair
    stage, given = stage_of(meeting, timezone.now()), said.get(meeting.pk)
    given = given if given and given.stage == stage else None
    return {"given": given, "choices": OUTCOMES[stage] if stage and not given else ()}


@register.filter
def linked_of(linked: dict[int, list], pk: int) -> list:
    return linked.get(pk, [])
