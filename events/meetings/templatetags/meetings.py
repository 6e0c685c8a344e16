"""What pages show of requests and meetings: tones of their states."""

from django import template

from events.meetings.enums import MeetingState, RequestState

register = template.Library()

TONES = {
    RequestState.SENT: "blue",
    RequestState.ACCEPTED: "lake",
    RequestState.SCHEDULED: "lake",
    RequestState.UNSCHEDULABLE: "amber",
    MeetingState.ARRANGED: "lake",
    MeetingState.STARTED: "vermilion",
    MeetingState.NOT_HELD: "amber",
}


@register.filter
def meeting_tone(state: str) -> str:
    return TONES.get(state, "")  # type: ignore[call-overload]
