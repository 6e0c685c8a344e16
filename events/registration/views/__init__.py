from .desk import badges, decide, export, people, person
from .guests import guest_report, guests, write
from .mailings import mailing, mailings, remind
from .own import act, begin, check, file, mine, own_list, step
from .public import participants
from .questions import question, questions

__all__ = [
    "act",
    "badges",
    "begin",
    "check",
    "decide",
    "export",
    "file",
    "guest_report",
    "guests",
    "mailing",
    "mailings",
    "mine",
    "own_list",
    "participants",
    "people",
    "person",
    "question",
    "questions",
    "remind",
    "step",
    "write",
]
