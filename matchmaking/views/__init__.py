from .matching import fitting, judge, listing_needs, mark, matches, why
from .needs import NeedListView, act, close, desk, need_detail, start, withdraw
from .repair import decide, rewrite
from .statistics import matching_statistics
from .writing import NeedStepView, check, edit

__all__ = [
    "NeedListView",
    "NeedStepView",
    "act",
    "check",
    "close",
    "decide",
    "desk",
    "edit",
    "fitting",
    "judge",
    "listing_needs",
    "mark",
    "matches",
    "matching_statistics",
    "need_detail",
    "rewrite",
    "start",
    "why",
    "withdraw",
]
