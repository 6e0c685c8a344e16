from .changes import UnableToCheckIn
from .checking import Synced, check_in, note_list, sync_scans
from .contacts import (
    UnableToExchange,
    ask_contact,
    confirm_exchange,
    decline_exchange,
    hand_out_card,
)
from .gates import (
    default_gate,
    digest_of,
    make_link,
    name_person,
    remove_gate,
    revoke_duty,
    save_gate,
)
from .tables import note_at_table

__all__ = [
    "Synced",
    "UnableToCheckIn",
    "UnableToExchange",
    "ask_contact",
    "check_in",
    "confirm_exchange",
    "decline_exchange",
    "default_gate",
    "digest_of",
    "hand_out_card",
    "make_link",
    "name_person",
    "note_at_table",
    "note_list",
    "remove_gate",
    "revoke_duty",
    "save_gate",
    "sync_scans",
]
