"""Stage 1: the largest weight that can take place, proved where it reaches the ceiling.

The meetings that the b-matching picked are placed by CP-SAT, or by an annealing that lets
meetings push one another out; only where both stay below the ceiling is the full model solved.
"""

from .background import BackgroundSolve
from .ceiling import find_ceiling
from .checker import Rule, find_violations, measure
from .exact import FairModel
from .instance import Instance, Schedule
from .progress import Status
from .rounds import gain_fairly, gain_weight, reduce_breaks
from .run import Run

SHARE_OF_PLACING, SHARE_OF_SEARCH, SHARE_OF_MODEL = 0.1, 0.3, 0.4
SHARES_OF_EVERY_MEETING, SHARE_OF_FAIRNESS = (0.3, 1.0), 0.2


def find_weight(run: Run) -> Schedule | None:
    """The heaviest schedule found, perhaps one that is not fair yet; None where there is none."""
    ceiling = find_ceiling(run.instance)
    if run.instance.every_meeting:
        if ceiling.weight < run.instance.weight:
            run.is_infeasible = True
            return None
        return _place_every_meeting(run)
    run.lower_weight_bound(ceiling.weight)
    heaviest = _Heaviest(run)
    held = _held_only(run.instance)
    if any(each.rule is not Rule.UNFAIR for each in find_violations(run.instance, held)):
        run.is_infeasible = True
        return None
    heaviest.take(held)
    if ceiling.picked is not None and run.is_small:
        _place_picked(run, ceiling.picked, heaviest)
    if heaviest.weight < ceiling.weight:
        gain_weight(
            run.instance,
            heaviest.schedule,
            seed=run.limits.seed,
            allowance=run.allowance(SHARE_OF_SEARCH),
            tell=heaviest.take,
            ceiling=ceiling.weight,
        )
    if heaviest.weight < ceiling.weight and not run.is_over():
        _solve_in_full(run, heaviest)
    if run.weight < heaviest.weight:
        return _find_fair(run, heaviest)
    return heaviest.schedule


class _Heaviest:
    """The heaviest schedule so far; ``Run`` holds the best that may be published."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.weight = -1
        self.schedule = Schedule({})
        if run.best is not None:
            self.take(run.best)

    def take(self, schedule: Schedule) -> None:
        weight = measure(self.run.instance, schedule).weight
        if weight > self.weight:
            self.weight, self.schedule = weight, schedule
        self.run.offer(schedule)


def _find_fair(run: Run, heaviest: _Heaviest) -> Schedule:
    """With the same weight if that can be, else with the weight that the bound allows."""
    reduce_breaks(
        run.instance,
        heaviest.schedule,
        seed=run.limits.seed,
        allowance=run.allowance(SHARE_OF_FAIRNESS, lambda: run.weight == heaviest.weight),
        tell=run.offer,
    )
    if run.weight < heaviest.weight:
        gain_fairly(
            run.instance,
            run.best or heaviest.schedule,
            seed=run.limits.seed,
            allowance=run.allowance(SHARE_OF_SEARCH),
            tell=run.offer,
        )
    return run.best or heaviest.schedule


def _held_only(instance: Instance) -> Schedule:
    return Schedule(
        {
            number: meeting.told
            for number, meeting in enumerate(instance.meetings)
            if meeting.held and meeting.told is not None
        }
    )


def _place_picked(run: Run, picked: tuple[int, ...], heaviest: _Heaviest) -> None:
    fair = FairModel(run.instance, picked)
    for meeting in fair.meetings:
        fair.model.add_at_least_one(fair.literals(meeting))
    for schedule in BackgroundSolve(fair, run.share(SHARE_OF_PLACING)).wait(run.is_over):
        heaviest.take(schedule)


def _solve_in_full(run: Run, heaviest: _Heaviest) -> None:
    fair = FairModel(run.instance)
    fair.model.add(fair.total_weight() <= run.weight_bound)
    fair.model.maximize(fair.total_weight())
    fair.hint(heaviest.schedule)
    solve = BackgroundSolve(fair, run.share(SHARE_OF_MODEL))
    for schedule in solve.wait(run.is_over):
        heaviest.take(schedule)
    if solve.bound is not None:
        run.lower_weight_bound(solve.bound)


def _place_every_meeting(run: Run) -> Schedule | None:
    """CP-SAT proves at once where there is none; where it finds none either, the search tries."""
    if run.best is not None:
        return run.best
    fair = FairModel(run.instance)
    for share in SHARES_OF_EVERY_MEETING:
        solve = BackgroundSolve(fair, run.share(share))
        for schedule in solve.wait(run.is_over):
            run.offer(schedule)
            return schedule
        if solve.status is Status.INFEASIBLE:
            run.is_infeasible = True
            return None
        placed: list[Schedule] = []
        gain_weight(
            run.instance,
            Schedule({}),
            seed=run.limits.seed,
            allowance=run.allowance(SHARE_OF_SEARCH),
            tell=placed.append,
            ceiling=run.instance.weight,
        )
        if placed and measure(run.instance, placed[-1]).weight == run.instance.weight:
            run.offer(placed[-1])
            return placed[-1]
    return None
