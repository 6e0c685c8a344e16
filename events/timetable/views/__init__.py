from .moving import board, changes, lift, place
from .own import change_feed, feed, meeting_file, my_day, note
from .planning import act, feasibility, progress, publish, schedule, solve, undo, version

__all__ = [
    "act",
    "board",
    "change_feed",
    "changes",
    "feasibility",
    "feed",
    "lift",
    "meeting_file",
    "my_day",
    "note",
    "place",
    "progress",
    "publish",
    "schedule",
    "solve",
    "undo",
    "version",
]
