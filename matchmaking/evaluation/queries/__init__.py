from .afterwards import Afterwards, afterwards
from .archives import broken_archives
from .progress import (
    Progress,
    open_calls,
    progress_of,
    steps_of,
    waiting_for,
    with_tasks,
)
from .recusals import recusals_of
from .tables import (
    RoundTable,
    Spread,
    criterion_of,
    open_spreads,
    sensitivity_of,
    spreads_of,
    table_of,
)

__all__ = [
    "Afterwards",
    "Progress",
    "RoundTable",
    "Spread",
    "afterwards",
    "broken_archives",
    "criterion_of",
    "open_calls",
    "open_spreads",
    "progress_of",
    "recusals_of",
    "sensitivity_of",
    "spreads_of",
    "steps_of",
    "table_of",
    "waiting_for",
    "with_tasks",
]
