"""The process that solves: ``python -m events.timetable.process FOLDER``.

It knows neither Django nor the database. The folder holds ``fair.json`` and ``task.json``; the
best schedule so far stands in ``best.json`` at every moment, whoever kills the process, and a
file ``stop`` ends it. It ends with the process that started it, too.
"""

import ctypes
import json
import signal
import sys
from pathlib import Path

from events.scheduling.fair_file import read_fair
from events.scheduling.late_changes import solve_changes
from events.scheduling.limits import Limits
from events.scheduling.progress import BestOnDisk, Progress, Stage
from events.scheduling.solver import solve
from events.timetable.choosing import choose_meetings, top_up

PR_SET_PDEATHSIG = 1
FAIR, TASK, BEST, STOP = "fair.json", "task.json", "best.json", "stop"


def run(folder: Path) -> Progress:
    """Solve what the folder holds, going on from the best that it holds."""
    instance = read_fair((folder / FAIR).read_text(encoding="utf-8"), folder.name)
    task = json.loads((folder / TASK).read_text(encoding="utf-8"))
    choice = choose_meetings(instance, task["most"])
    best = BestOnDisk(folder / BEST)
    before = best.read()
    limits = Limits(seconds=task["seconds"], workers=task["workers"], seed=task["seed"])

    def keep(progress: Progress) -> None:
        """Nothing replaces what an earlier run has found until there is something as good."""
        if _is_as_good(progress, before, few_changes=task["few_changes"]):
            best.write(progress)

    def tell(progress: Progress) -> None:
        keep(choice.restore(progress))

    def is_stopped() -> bool:
        return (folder / STOP).exists()

    if task["few_changes"]:
        found = solve_changes(choice.instance, limits, tell=tell, stopped=is_stopped)
    else:
        start = choice.narrow(before.schedule) if before and before.schedule else None
        found = solve(choice.instance, limits, tell=tell, stopped=is_stopped, start=start)
    found = choice.restore(found)
    if not choice.is_all:
        found = top_up(instance, found, task["most"])
        keep(found)
    return found


def _is_as_good(progress: Progress, before: Progress | None, *, few_changes: bool) -> bool:
    """The fewest changes are known at the end only: no step before that counts."""
    if before is None or before.schedule is None:
        return True
    if progress.weight is None or progress.breaks is None or before.weight is None:
        return False
    if few_changes:
        return progress.stage is Stage.DONE
    return (progress.weight, -progress.breaks) >= (before.weight, -(before.breaks or 0))


def end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    end_with_parent()
    run(Path(sys.argv[1]))
