"""Annealing in rounds that double: a good schedule early, a better one late."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from .annealing import BREAKS, CHANGES, WEIGHT, Annealing
from .board import NOWHERE, Board
from .instance import Instance, Schedule

FIRST_ROUND = 200_000
TELL_EVERY_SECONDS = 0.25


@dataclass
class Allowance:
    """How long a search may go on: to a deadline, or for so many moves, which repeats exactly."""

    deadline: float | None = None
    moves: int | None = None
    stopped: Callable[[], bool] = lambda: False

    def goes_on(self) -> bool:
        late = self.deadline is not None and time.monotonic() >= self.deadline
        return not late and not self.stopped()

    def next_round(self, wanted: int, moves_per_second: float) -> int:
        """The wanted moves; all that is left where that is less than half more."""
        left = float("inf")
        if self.moves is not None:
            left = self.moves
        elif self.deadline is not None and moves_per_second:
            left = max(0.0, self.deadline - time.monotonic()) * moves_per_second
        return int(left if left < 1.5 * wanted else wanted)


def reduce_breaks(
    instance: Instance,
    schedule: Schedule,
    *,
    seed: int,
    allowance: Allowance,
    tell: Callable[[Schedule], None],
    target: int = 0,
) -> None:
    """Tell of ever better schedules of the same weight, down to ``target`` breaks."""
    search = Annealing(Board(instance, schedule), _chance(seed), BREAKS, target)
    _run_rounds(search, allowance, tell)


def gain_weight(
    instance: Instance,
    schedule: Schedule,
    *,
    seed: int,
    allowance: Allowance,
    tell: Callable[[Schedule], None],
    ceiling: int,
) -> None:
    """Tell of ever heavier schedules, up to ``ceiling``; breaks hardly count."""
    board = Board(instance, schedule)
    possible = sum(weight for weight, can in zip(board.weight, board.possible, strict=True) if can)
    spare = possible - ceiling

    def is_reached() -> bool:
        return sum(board.weight[each] for each in board.waiting) <= spare

    until = Allowance(
        allowance.deadline, allowance.moves, lambda: allowance.stopped() or is_reached()
    )
    _run_rounds(Annealing(board, _chance(seed), WEIGHT), until, tell)
    if is_reached():
        tell(board.schedule())


def gain_fairly(
    instance: Instance,
    schedule: Schedule,
    *,
    seed: int,
    allowance: Allowance,
    tell: Callable[[Schedule], None],
) -> None:
    """Tell of ever better schedules where a break over the bound outweighs any meeting."""
    unfair = 2 * WEIGHT.worth * max(meeting.weight for meeting in instance.meetings)
    board = Board(instance, schedule, unfair)
    _run_rounds(Annealing(board, _chance(seed), WEIGHT), allowance, tell)


def restore_told(
    instance: Instance,
    schedule: Schedule,
    *,
    seed: int,
    allowance: Allowance,
    tell: Callable[[Schedule], None],
) -> None:
    """Tell of ever better schedules: heavier, then nearer to what people were told."""
    _run_rounds(Annealing(Board(instance, schedule), _chance(seed), CHANGES), allowance, tell)


def _chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  a search, no secret


def _run_rounds(search: Annealing, allowance: Allowance, tell: Callable[[Schedule], None]) -> None:
    wanted, speed = FIRST_ROUND, 0.0
    told, told_at = search.cost, time.monotonic()

    def goes_on() -> bool:
        nonlocal told, told_at
        if search.cost < told and time.monotonic() > told_at + TELL_EVERY_SECONDS:
            told, told_at = search.cost, time.monotonic()
            tell(_schedule(search.best))
        return allowance.goes_on()

    while search.board.invited and goes_on() and search.cost > search.target:
        moves = allowance.next_round(wanted, speed)
        if not moves:
            break
        started = time.monotonic()
        done = search.run(moves, goes_on)
        speed = done / max(time.monotonic() - started, 1e-6)
        if allowance.moves is not None:
            allowance.moves -= done
        wanted *= 2
        if allowance.goes_on():
            search.return_to_best()
    if search.cost < told:
        tell(_schedule(search.best))


def _schedule(slots: list[int]) -> Schedule:
    return Schedule({number: slot for number, slot in enumerate(slots) if slot != NOWHERE})
