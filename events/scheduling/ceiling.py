"""Bounds that hold for every schedule, found at once: which meetings, with the slots left open.

A weighted b-matching (everybody at most as many meetings as they have slots for) bounds the weight
from above, and on fairs of two sides it picks meetings that nearly always can be placed.

Whoever's slots of a day lie in several runs, and who has more meetings than the longest run of each
day holds, must have a break. So the choice of meetings of a given weight that forces the fewest
people into further runs bounds the breaks from below.
"""

from dataclasses import dataclass
from typing import Any

from .instance import Instance
from .limits import Limits

EFFORT = 2


@dataclass(frozen=True)
class Ceiling:
    """The most weight that could take place, and meetings of so much weight, where known."""

    weight: int
    picked: tuple[int, ...] | None


def find_ceiling(instance: Instance) -> Ceiling:
    """No schedule weighs more."""
    choice = _Choice(instance)
    choice.model.maximize(choice.weight)
    solver, is_optimal = choice.solve()
    # A choice that took too long bounds by all the weight there is.
    weight = min(instance.weight, int(solver.best_objective_bound + 0.5))
    if not is_optimal:
        return Ceiling(weight, None)
    picked = (n for n, happens in enumerate(choice.happens) if solver.boolean_value(happens))
    return Ceiling(weight, tuple(picked))


def bound_breaks(instance: Instance, weight: int) -> int:
    """No schedule of at least this weight has fewer breaks."""
    choice = _Choice(instance)
    choice.model.add(choice.weight >= weight)
    choice.model.minimize(sum(choice.breaks))
    solver, _is_optimal = choice.solve()
    return max(0, round(solver.best_objective_bound))


class _Choice:
    """Which meetings take place, and who needs more than one run of slots for theirs."""

    def __init__(self, instance: Instance) -> None:
        from ortools.sat.python import cp_model

        self.model = cp_model.CpModel()
        self.happens = [
            self.model.new_bool_var("") if slots else self.model.new_constant(0)
            for slots in instance.possible_slots
        ]
        self.breaks: list[Any] = []
        for group, meetings in enumerate(instance.exclusive):
            usable = set().union(*(instance.possible_slots[meeting] for meeting in meetings))
            if group < instance.people:
                self._fit(meetings, [_runs(usable.intersection(day)) for day in instance.days])
            else:
                self._fit(meetings, [[len(usable)]])
        common = [n for n, booth in enumerate(instance.booths) if booth is None]
        self.model.add(sum(self.happens[n] for n in common) <= sum(instance.capacity))
        self.weight = sum(
            meeting.weight * happens
            for meeting, happens in zip(instance.meetings, self.happens, strict=True)
        )

    def _fit(self, meetings: tuple[int, ...], days: list[list[int]]) -> None:
        """A day's longest run holds its first meetings; each further run costs a break."""
        longest = sum(sum(runs[:1]) for runs in days)
        others = [length for runs in days for length in runs[1:]]
        further = [self.model.new_bool_var("") for _run in others]
        self.breaks += further
        room = sum(length * used for length, used in zip(others, further, strict=True))
        number = sum(self.happens[meeting] for meeting in meetings)
        self.model.add(number <= longest + room)

    def solve(self) -> tuple[Any, bool]:
        from ortools.sat.python import cp_model

        solver = cp_model.CpSolver()
        Limits(effort=EFFORT).apply(solver.parameters)
        return solver, solver.solve(self.model) == cp_model.OPTIMAL


def _runs(slots: set[int]) -> list[int]:
    """Lengths of the runs of consecutive slots, longest first."""
    lengths: list[int] = []
    for slot in sorted(slots):
        if slot - 1 in slots:
            lengths[-1] += 1
        else:
            lengths.append(1)
    return sorted(lengths, reverse=True)
