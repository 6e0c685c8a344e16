"""How much a solve may use."""

from dataclasses import dataclass, replace
from typing import Any

MOVES_PER_EFFORT = 100_000


@dataclass(frozen=True)
class Limits:
    """Seconds by the clock, or ``effort``, which the same seed on one worker repeats exactly.

    One unit of effort is one second of CP-SAT's deterministic time, or 100,000 moves of the
    annealing, for each stage.
    """

    seconds: float | None = None
    effort: float | None = None
    workers: int = 1
    seed: int = 0

    @property
    def moves(self) -> int | None:
        return None if self.effort is None else int(self.effort * MOVES_PER_EFFORT)

    def within(self, seconds: float | None, workers: int | None = None) -> "Limits":
        """These limits with less time; effort is left as it is."""
        workers = workers or self.workers
        if self.effort is not None:
            return replace(self, workers=workers)
        return replace(self, seconds=seconds, workers=workers)

    def apply(self, parameters: Any) -> None:
        """Set CP-SAT's parameters."""
        parameters.num_workers = self.workers
        parameters.random_seed = self.seed
        if self.seconds is not None and self.effort is None:
            parameters.max_time_in_seconds = max(0.0, self.seconds)
        if self.effort is not None:
            parameters.max_deterministic_time = self.effort
