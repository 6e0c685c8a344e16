from .experts import interests, score, tasks
from .public import public_round, published
from .results import archive_file, moderate, results
from .rounds import enter, open_round, panel, round_action, round_detail, rounds
from .schemes import (
    add_indicator,
    begin_scheme,
    compare,
    edit_scheme,
    scheme_action,
    scheme_detail,
    schemes,
)
from .units import evidence_file, own, report, subject_action, subject_detail

__all__ = [
    "add_indicator",
    "archive_file",
    "begin_scheme",
    "compare",
    "edit_scheme",
    "enter",
    "evidence_file",
    "interests",
    "moderate",
    "open_round",
    "own",
    "panel",
    "public_round",
    "published",
    "report",
    "results",
    "round_action",
    "round_detail",
    "rounds",
    "scheme_action",
    "scheme_detail",
    "schemes",
    "score",
    "subject_action",
    "subject_detail",
    "tasks",
]
