from .counters import check_snapshot, store_snapshot
from .dormant import tell_of_dormant
from .feeds import open_feed, revoke_feed
from .monday import send_monday
from .recount import count_on_reading, recount
from .reminders import remind_of_reports
from .reports import (
    UnableToReport,
    accept_report,
    prepare_report,
    return_report,
    sign_off_report,
    state_figure,
    write_remarks,
)

__all__ = [
    "UnableToReport",
    "accept_report",
    "check_snapshot",
    "count_on_reading",
    "open_feed",
    "prepare_report",
    "recount",
    "remind_of_reports",
    "return_report",
    "revoke_feed",
    "send_monday",
    "sign_off_report",
    "state_figure",
    "store_snapshot",
    "tell_of_dormant",
    "write_remarks",
]
