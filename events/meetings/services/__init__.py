from .answering import accept_request, answer_by_link, decline_request
from .asking import call_off, change_wish, send_request, withdraw_request
from .booking import arrange_meeting, cancel_meeting, tell_arranged, tell_cancelled, tell_moved
from .changes import UnableToMeet
from .day import note_meeting
from .links import answer_url, find_by_token, token_of
from .publishing import Moved, Placed, Published, publish_meetings
from .refusing import lift_refusal, refuse_to_meet
from .sweeps import sweep_meetings

__all__ = [
    "Moved",
    "Placed",
    "Published",
    "UnableToMeet",
    "accept_request",
    "answer_by_link",
    "answer_url",
    "arrange_meeting",
    "call_off",
    "cancel_meeting",
    "change_wish",
    "decline_request",
    "find_by_token",
    "lift_refusal",
    "note_meeting",
    "publish_meetings",
    "refuse_to_meet",
    "send_request",
    "sweep_meetings",
    "tell_arranged",
    "tell_cancelled",
    "tell_moved",
    "token_of",
    "withdraw_request",
]
