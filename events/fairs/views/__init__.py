from .acting import act
from .grid import grid, session, table, tables
from .planning import check, plan, step
from .reading import fair, fair_list

__all__ = [
    "act",
    "check",
    "fair",
    "fair_list",
    "grid",
    "plan",
    "session",
    "step",
    "table",
    "tables",
]
