"""What a solve says while it runs and at its end, and how the best schedule stays on disk."""

import json
import os
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from .instance import Schedule


class Stage(StrEnum):
    WEIGHT = "weight"
    BREAKS = "breaks"
    CHANGES = "changes"
    TABLES = "tables"
    DONE = "done"


class Status(StrEnum):
    """OPTIMAL is proved for weight and breaks, INFEASIBLE too; UNKNOWN has no schedule yet."""

    OPTIMAL = "OPTIMAL"
    FEASIBLE = "FEASIBLE"
    INFEASIBLE = "INFEASIBLE"
    UNKNOWN = "UNKNOWN"


class Method(StrEnum):
    """How breaks are reduced: to a proof by cores, or by neighbourhoods.

    CHANGES holds what people have been told as far as possible.
    """

    CORES = "cores"
    NEIGHBOURHOODS = "neighbourhoods"
    CHANGES = "changes"


@dataclass(frozen=True)
class Progress:
    """A moment of a solve; ``bound`` is the fewest breaks that are not ruled out."""

    stage: Stage
    method: Method
    status: Status
    seconds: float
    weight_bound: int
    bound: int
    weight: int | None = None
    breaks: int | None = None
    schedule: Schedule | None = None

    @property
    def gap_percent(self) -> float | None:
        """By how much the breaks could still fall at most, of what they are; None without any."""
        if self.breaks is None:
            return None
        return 100 * (self.breaks - self.bound) / self.breaks if self.breaks else 0.0


class BadProgress(ValueError):
    """A file that holds no progress."""


class BestOnDisk:
    """A file that always holds one whole progress, whatever kills the process that writes it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, progress: Progress) -> None:
        schedule = progress.schedule
        data = asdict(progress) | {"schedule": schedule.rows() if schedule else None}
        beside = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        with beside.open("w", encoding="utf-8") as file:
            json.dump(data, file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.path)

    def read(self) -> Progress | None:
        """The last progress written, or None. Raises ``BadProgress`` for any other file."""
        try:
            data = json.loads(self.path.read_text(encoding="utf-8"))
            rows = data["schedule"]
            named = {
                "stage": Stage(data["stage"]),
                "method": Method(data["method"]),
                "status": Status(data["status"]),
                "schedule": None if rows is None else Schedule.from_rows(rows),
            }
            return Progress(**data | named)
        except FileNotFoundError:
            return None
        except (ValueError, TypeError, LookupError) as error:
            raise BadProgress from error
