from .acting import act, discard, express, write
from .reading import answers, file, interest, interest_list, statistics

__all__ = [
    "act",
    "answers",
    "discard",
    "express",
    "file",
    "interest",
    "interest_list",
    "statistics",
    "write",
]
