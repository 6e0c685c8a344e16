from .board import board
from .contacts import answer, ask, card, contacts
from .desk import conflicts, desk, duties, gate, revoke
from .door import door, enter, leave, offline_list, scan, sync, worker
from .onsite import onsite
from .tables import note, tables

__all__ = [
    "answer",
    "ask",
    "board",
    "card",
    "conflicts",
    "contacts",
    "desk",
    "door",
    "duties",
    "enter",
    "gate",
    "leave",
    "note",
    "offline_list",
    "onsite",
    "revoke",
    "scan",
    "sync",
    "tables",
    "worker",
]
