"""Schedules a fair in stages: the most weight, with it the fewest breaks, then the tables."""

from collections.abc import Callable

from .breaks_stage import close_breaks
from .instance import Instance, Schedule
from .limits import Limits
from .progress import Progress, Stage
from .run import Run
from .tables import give_tables
from .weight_stage import find_weight


def solve(
    instance: Instance,
    limits: Limits,
    *,
    tell: Callable[[Progress], None] = lambda _progress: None,
    stopped: Callable[[], bool] = lambda: False,
    start: Schedule | None = None,
) -> Progress:
    """The best schedule within the limits, from ``start`` where one is given.

    ``tell`` hears of every better schedule and bound; ``stopped`` is asked many times a second
    and ends the solve with the best so far.
    """
    run = Run(instance, limits, tell=tell, stopped=stopped)
    if start is not None:
        run.offer(start)
    heaviest = find_weight(run)
    if heaviest is not None and not run.is_over() and not run.is_proved:
        run.stage = Stage.BREAKS
        run.report()
        close_breaks(run, heaviest)
    if run.best is not None:
        run.stage = Stage.TABLES
        run.best = give_tables(instance, run.best)
    run.stage = Stage.DONE
    return run.report()
