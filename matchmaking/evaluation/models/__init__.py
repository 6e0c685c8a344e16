from .panel import Assignment, Draw, Moderation, PoolMember, Score, expert_code
from .rounds import Archive, Evidence, ReportedValue, Round, Subject
from .schemes import Indicator, Scheme

__all__ = [
    "Archive",
    "Assignment",
    "Draw",
    "Evidence",
    "Indicator",
    "Moderation",
    "PoolMember",
    "ReportedValue",
    "Round",
    "Scheme",
    "Score",
    "Subject",
    "expert_code",
]
