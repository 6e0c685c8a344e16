"""One solve's state: its clock, the best schedule so far, what is proved, and who listens."""

import time
from collections.abc import Callable

from .checker import find_violations, measure
from .instance import Instance, Schedule
from .limits import Limits
from .progress import Method, Progress, Stage, Status
from .rounds import Allowance

# Pairs of a meeting and a slot up to which exact models pay.
SMALL = 20_000


class Run:
    """Takes schedules and bounds from the stages and tells of every step forward."""

    def __init__(
        self,
        instance: Instance,
        limits: Limits,
        *,
        tell: Callable[[Progress], None] = lambda _progress: None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self.instance = instance
        self.limits = limits
        self.tell = tell
        self.stopped = stopped
        self.began = time.monotonic()
        self.stage = Stage.WEIGHT
        self.is_small = sum(map(len, instance.possible_slots)) <= SMALL
        by_cores = instance.every_meeting and self.is_small
        self.method = Method.CORES if by_cores else Method.NEIGHBOURHOODS
        self.best: Schedule | None = None
        self.weight = self.breaks = 0
        self.value = (0, 0, 0)
        self.weight_bound, self.bound = instance.weight, 0
        self.is_infeasible = False
        # Whether what comes before the breaks is proved, too; see late_changes.
        self.is_settled = True

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    @property
    def seconds_left(self) -> float | None:
        if self.limits.seconds is None or self.limits.effort is not None:
            return None
        return max(0.0, self.limits.seconds - self.seconds)

    def is_over(self) -> bool:
        return self.stopped() or self.seconds_left == 0

    def allowance(self, share: float = 1, until: Callable[[], bool] = lambda: False) -> Allowance:
        """For a search: a share of the seconds left, or all the moves."""
        left = self.seconds_left
        return Allowance(
            deadline=None if left is None else time.monotonic() + share * left,
            moves=self.limits.moves,
            stopped=lambda: self.stopped() or until(),
        )

    def share(self, share: float = 1, workers: int | None = None) -> Limits:
        """For an exact solve: a share of the seconds left, or all the effort."""
        left = self.seconds_left
        return self.limits.within(None if left is None else share * left, workers)

    @property
    def is_proved(self) -> bool:
        if self.best is None or not self.is_settled:
            return False
        return self.weight == self.weight_bound and self.breaks <= self.bound

    @property
    def status(self) -> Status:
        if self.is_infeasible:
            return Status.INFEASIBLE
        if self.best is None:
            return Status.UNKNOWN
        return Status.OPTIMAL if self.is_proved else Status.FEASIBLE

    def offer(self, schedule: Schedule) -> None:
        """Take a schedule if it keeps every rule and is better than the best."""
        if find_violations(self.instance, schedule):
            return
        figures = measure(self.instance, schedule)
        empty_days = self.instance.empty_day * figures.people_without
        found = (figures.weight, -figures.breaks - empty_days, -figures.breaks)
        if self.best is None or found > self.value:
            self.best, self.value = schedule, found
            self.weight, self.breaks = figures.weight, figures.breaks
            self.report()

    def replace(self, schedule: Schedule) -> None:
        """Take a schedule that keeps every rule, even where it has more breaks than the best."""
        if not find_violations(self.instance, schedule):
            self.best = None
            self.offer(schedule)

    def raise_bound(self, breaks: int) -> None:
        if breaks > self.bound:
            self.bound = breaks
            self.report()

    def lower_weight_bound(self, weight: int) -> None:
        if weight < self.weight_bound:
            self.weight_bound = weight
            self.report()

    def report(self) -> Progress:
        found = self.best is not None
        progress = Progress(
            stage=self.stage,
            method=self.method,
            status=self.status,
            seconds=round(self.seconds, 3),
            weight_bound=self.weight_bound,
            bound=min(self.bound, self.breaks) if found else self.bound,
            weight=self.weight if found else None,
            breaks=self.breaks if found else None,
            schedule=self.best,
        )
        self.tell(progress)
        return progress
