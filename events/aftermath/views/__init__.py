from .concluding import case, interest
from .feedback import by_link, feedback
from .follow_ups import add, end, follow_ups
from .organizer import outcomes

__all__ = ["add", "by_link", "case", "end", "feedback", "follow_ups", "interest", "outcomes"]
