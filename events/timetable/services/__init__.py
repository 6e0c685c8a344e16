from .changes import UnableToSchedule
from .late import lift_change, report_change
from .moving import (
    NeedsConfirmation,
    comment_version,
    copy_version,
    place_meeting,
    set_lock,
    take_out,
)
from .own import erase_words, open_feed, revoke_feed, sweep_purged, write_note
from .publishing import (
    last_publication,
    publish_version,
    sweep_notices,
    tell_people,
    told_after,
    told_plan,
    undo_publication,
    what_is_left,
)
from .solving import (
    can_go_on,
    go_on_solving,
    is_silent,
    solve_version,
    start_solving,
    stop_solving,
    sweep_solves,
    take_best,
)

__all__ = [
    "NeedsConfirmation",
    "UnableToSchedule",
    "can_go_on",
    "comment_version",
    "copy_version",
    "erase_words",
    "go_on_solving",
    "is_silent",
    "last_publication",
    "lift_change",
    "open_feed",
    "place_meeting",
    "publish_version",
    "report_change",
    "revoke_feed",
    "set_lock",
    "solve_version",
    "start_solving",
    "stop_solving",
    "sweep_notices",
    "sweep_purged",
    "sweep_solves",
    "take_best",
    "take_out",
    "tell_people",
    "told_after",
    "told_plan",
    "undo_publication",
    "what_is_left",
    "write_note",
]
