from .board import board
from .contacts import answer, ask, card, contacts
from .desk import conflicts, desk, duties, gate, revoke
from .door import door, enter, leave, offline_list, scan, sync, worker

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
    "offline_list",
    "revoke",
    "scan",
    "sync",
    "worker",
]
