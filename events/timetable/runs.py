"""The folder of a solve on disk, its process, and what it has found so far."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

from events.scheduling.fair_file import read_fair, write_fair
from events.scheduling.instance import Instance, Schedule
from events.scheduling.progress import BestOnDisk, Progress
from events.scheduling.tables import give_tables

from .instances import FairGrid
from .models import ScheduleVersion
from .process import BEST, FAIR, STOP, TASK


class SolveFolder:
    """Where a version's solve keeps its files; the best so far outlives every process."""

    def __init__(self, version: ScheduleVersion) -> None:
        self.path = Path(settings.SCHEDULES_DIR) / str(version.pk)

    def write(self, grid: FairGrid, task: Mapping[str, object]) -> None:
        """A new task; what an earlier one has left goes."""
        shutil.rmtree(self.path, ignore_errors=True)
        self.path.mkdir(parents=True)
        (self.path / FAIR).write_text(write_fair(grid.instance), encoding="utf-8")
        (self.path / TASK).write_text(json.dumps(task), encoding="utf-8")

    @property
    def is_there(self) -> bool:
        return (self.path / TASK).exists()

    @property
    def instance(self) -> Instance:
        return read_fair((self.path / FAIR).read_text(encoding="utf-8"), self.path.name)

    def best(self) -> Progress | None:
        return BestOnDisk(self.path / BEST).read()

    def best_schedule(self, progress: Progress) -> Schedule | None:
        """With a table for every meeting: a process that was killed has given none yet."""
        schedule = progress.schedule
        if schedule is None or len(schedule.table_of) == len(schedule.slot_of):
            return schedule
        return give_tables(self.instance, schedule)

    def start(self) -> "subprocess.Popen[bytes]":
        (self.path / STOP).unlink(missing_ok=True)
        with (self.path / "log").open("ab") as log:
            process = subprocess.Popen(  # noqa: S603  our own module, the path is a number
                [sys.executable, "-m", "events.timetable.process", str(self.path)],
                cwd=settings.BASE_DIR,
                stdout=log,
                stderr=log,
            )
        (self.path / "pid").write_text(str(process.pid), encoding="utf-8")
        return process

    def stop(self) -> None:
        """Ask the process to end with what it has."""
        (self.path / STOP).touch()
