from .changes import UnableToCheckIn
from .checking import Synced, check_in, sync_scans
from .gates import (
    default_gate,
    digest_of,
    make_link,
    name_person,
    remove_gate,
    revoke_duty,
    save_gate,
)

__all__ = [
    "Synced",
    "UnableToCheckIn",
    "check_in",
    "default_gate",
    "digest_of",
    "make_link",
    "name_person",
    "remove_gate",
    "revoke_duty",
    "save_gate",
    "sync_scans",
]
