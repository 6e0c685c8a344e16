from .answering import act, answer, request
from .desk import desk, mine, refused, requests
from .meetings import cancel
from .organizer import overview
from .people import lift, people, person, refuse

__all__ = [
    "act",
    "answer",
    "cancel",
    "desk",
    "lift",
    "mine",
    "overview",
    "people",
    "person",
    "refuse",
    "refused",
    "request",
    "requests",
]
