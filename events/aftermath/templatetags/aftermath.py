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


@register.inclusion_tag("aftermath/_choices.html")
def outcome_choices(meeting: Meeting, said: dict[int, Feedback]) -> dict:
    """Beside a meeting whose time has come: the answers as links, or the one that was given."""
    stage = stage_of(meeting, timezone.now())
    given = said.get(meeting.pk)
    return {
        "meeting": meeting,
        "given": given if given and given.stage == stage else None,
        "choices": OUTCOMES[stage] if stage else (),
    }


@register.filter
def linked_of(linked: dict[int, list], pk: int) -> list:
    return linked.get(pk, [])
