"""Re-solves a fair whose schedule people have been told, changing as little as possible.

First as much weight as possible, then as few people as possible whose schedule changes, then as
few moved meetings, then breaks. On large fairs everything stays that is more than two meetings
away from what has to change.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from .background import BackgroundSolve
from .ceiling import find_ceiling
from .checker import Rule, find_violations, measure
from .exact import FairModel
from .instance import Instance, Schedule
from .limits import Limits
from .progress import Method, Progress, Stage, Status
from .rounds import restore_told
from .run import Run
from .tables import give_tables

SHARE_OF_WEIGHT, SHARE_OF_SEARCH, SHARE_OF_CHANGES = 0.15, 0.3, 0.7
MOVES = 2_000_000
FAR = 2


def solve_changes(
    instance: Instance,
    limits: Limits,
    *,
    tell: Callable[[Progress], None] = lambda _progress: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Progress:
    """The schedule nearest to what the meetings were ``told``.

    Nobody is told anything here: mark what cannot stay by taking the person's slots away, what
    must stay by ``held``, and add new requests as meetings that were not told.
    """
    run = Run(instance, limits, tell=tell, stopped=stopped)
    run.method, run.stage, run.is_settled = Method.CHANGES, Stage.WEIGHT, False
    if not instance.every_meeting:
        run.lower_weight_bound(find_ceiling(instance).weight)
    if not run.is_small:
        _Steps(run, _hold_what_is_far(instance)).take()
    if run.best is None and not run.is_over():
        _Steps(run, instance).take()
    if run.best is not None:
        run.best = give_tables(instance, run.best)
    run.stage = Stage.DONE
    return run.report()


class _Steps:
    """Three solves of one model, each with what the ones before have reached held fast."""

    def __init__(self, run: Run, scope: Instance) -> None:
        self.run = run
        self.is_whole = scope is run.instance
        self.fair = FairModel(scope)
        self.is_optimal = False
        self.breaks = sum(self.fair.count_breaks())
        self.found = _without_violations(scope, _told_schedule(scope))

    def take(self) -> None:
        fair, run = self.fair, self.run
        if not run.instance.every_meeting:
            run.stage = Stage.WEIGHT
            run.replace(self.found)
            if measure(run.instance, self.found).weight < run.weight_bound:
                self._search()
            # An unfair schedule holds no weight fast: the bound on fairness may cost some.
            is_valid = not find_violations(fair.instance, self.found)
            weight = measure(run.instance, self.found).weight if is_valid else 0
            fair.model.add(fair.total_weight() <= run.weight_bound)
            if weight < run.weight_bound:
                weight = self._step(fair.total_weight(), SHARE_OF_WEIGHT, most=True) or weight
            fair.weigh_at_least(weight)
        run.stage = Stage.CHANGES
        changes = self._changes()
        fewest = self._step(changes, SHARE_OF_CHANGES)
        if fewest is None:
            return
        fair.model.add(changes <= fewest)
        run.is_settled = self.is_whole and self.is_optimal
        run.stage = Stage.BREAKS
        self._step(self.breaks, 1.0)

    def _step(self, objective: Any, share: float, *, most: bool = False) -> int | None:
        """Optimize, keep the schedule, and give its value; None where no schedule was found."""
        run, model = self.run, self.fair.model
        (model.maximize if most else model.minimize)(objective)
        model.clear_hints()
        self.fair.hint(self.found)
        solve = BackgroundSolve(self.fair, run.share(share))
        schedules = solve.wait(run.stopped)
        if solve.status is Status.INFEASIBLE and self.is_whole:
            run.is_infeasible = True
        self.is_optimal = solve.status is Status.OPTIMAL
        if not schedules or solve.value is None:
            return None
        self.found = schedules[-1]
        run.replace(self.found)
        if self.is_whole and most and solve.bound is not None:
            run.lower_weight_bound(solve.bound)
        if self.is_whole and self.is_optimal and objective is self.breaks:
            run.raise_bound(solve.value)
        return solve.value

    def _search(self) -> None:
        """Much weight and few moves at once, for the exact solves to begin with."""
        run = self.run
        allowance = run.allowance(SHARE_OF_SEARCH)
        allowance.moves = min(allowance.moves or MOVES, MOVES)
        found = [self.found]
        restore_told(
            self.fair.instance,
            self.found,
            seed=run.limits.seed,
            allowance=allowance,
            tell=found.append,
        )
        self.found = found[-1]
        run.replace(self.found)

    def _changes(self) -> Any:
        """People whose schedule changes, each worth more than all moves; and the moves."""
        model, meetings = self.fair.model, self.fair.instance.meetings
        moved: dict[int, Any] = {}
        for number, meeting in enumerate(meetings):
            if meeting.told is None:
                moved[number] = sum(self.fair.literals(number))
            else:
                stays = self.fair.takes.get((number, meeting.told), 0)
                moved[number] = 1 - stays
        changed = []
        for theirs in self.fair.instance.meetings_of:
            if theirs:
                is_changed = model.new_bool_var("")
                for number in theirs:
                    model.add(is_changed >= moved[number])
                changed.append(is_changed)
        return (len(meetings) + 1) * sum(changed) + sum(moved.values())


def _told_schedule(instance: Instance) -> Schedule:
    """What was told, where it still can be."""
    return Schedule(
        {
            number: meeting.told
            for number, meeting in enumerate(instance.meetings)
            if meeting.told is not None and meeting.told in instance.possible_slots[number]
        }
    )


def _without_violations(instance: Instance, schedule: Schedule) -> Schedule:
    """The schedule without the lightest meetings that stand in the others' way."""
    kept = dict(schedule.slot_of)
    while True:
        wrong = {
            number
            for violation in find_violations(instance, Schedule(kept))
            if violation.rule not in {Rule.MISSING, Rule.UNFAIR}
            for number in violation.meetings
            if number in kept
        }
        if not wrong:
            return Schedule(kept)
        del kept[min(wrong, key=lambda number: (instance.meetings[number].weight, number))]


def _hold_what_is_far(instance: Instance) -> Instance:
    """Mark as held what was told and is more than ``FAR`` meetings away from what cannot stay."""
    told = _told_schedule(instance)
    near = {n for n, meeting in enumerate(instance.meetings) if meeting.told is not None}
    near -= told.slot_of.keys()
    for violation in find_violations(instance, told):
        if violation.rule is not Rule.MISSING:
            near.update(violation.meetings)
    for _step in range(FAR):
        people = {who for number in near for who in instance.meetings[number].people}
        near |= {number for who in people for number in instance.meetings_of[who]}
    return replace(
        instance,
        meetings=tuple(
            replace(meeting, held=True) if number in told.slot_of.keys() - near else meeting
            for number, meeting in enumerate(instance.meetings)
        ),
    )
