from .changes import UnableToConclude
from .feedback import comment_by_link, comment_on, give_feedback, give_feedback_by_link
from .follow_ups import add_follow_up, end_follow_up
from .links import feedback_url, find_by_token, token_of
from .outcomes import link_case, open_case, open_interest
from .sweeps import sweep_aftermath

__all__ = [
    "UnableToConclude",
    "add_follow_up",
    "comment_by_link",
    "comment_on",
    "end_follow_up",
    "feedback_url",
    "find_by_token",
    "give_feedback",
    "give_feedback_by_link",
    "link_case",
    "open_case",
    "open_interest",
    "sweep_aftermath",
    "token_of",
]
