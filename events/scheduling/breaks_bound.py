"""A lower bound on breaks that is found at once, however large the fair.

Whoever's slots lie in several runs and who has more meetings than the longest run
holds must have a break. Which meetings take place is left open, so the bound asks for the choice
of the required weight that forces the fewest people into further runs; when they take place is
relaxed.
"""

from .instance import Instance
from .limits import Limits

SECONDS = 5


def bound_breaks(instance: Instance, weight: int) -> int:
    """No schedule of at least this weight has fewer breaks."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    happens = [
        model.new_bool_var("") if slots else model.new_constant(0)
        for slots in instance.possible_slots
    ]
    breaks = []
    for group, meetings in enumerate(instance.exclusive):
        usable = set().union(*(instance.possible_slots[meeting] for meeting in meetings))
        first, *others = _runs(usable) or [0]
        if group >= instance.people:
            first, others = len(usable), []
        further = [model.new_bool_var("") for _run in others]
        breaks += further
        room = sum(length * used for length, used in zip(others, further, strict=True))
        model.add(sum(happens[meeting] for meeting in meetings) <= first + room)
    common = [each for each, booth in zip(happens, instance.booths, strict=True) if booth is None]
    model.add(sum(common) <= sum(instance.capacity))
    total = sum(
        meeting.weight * each for meeting, each in zip(instance.meetings, happens, strict=True)
    )
    model.add(total >= weight)
    model.minimize(sum(breaks))
    solver = cp_model.CpSolver()
    Limits(effort=SECONDS).apply(solver.parameters)
    status = solver.solve(model)
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return 0
    return max(0, round(solver.best_objective_bound))


def _runs(slots: set[int]) -> list[int]:
    """Lengths of the runs of consecutive slots, longest first."""
    lengths: list[int] = []
    for slot in sorted(slots):
        if slot - 1 in slots:
            lengths[-1] += 1
        else:
            lengths.append(1)
    return sorted(lengths, reverse=True)
