"""The most weight that can take place at all: a weighted b-matching.

Everybody has at most as many meetings as they have slots for. The optimum bounds every schedule
from above, and on fairs of two sides it picks meetings that nearly always can be placed.
"""

from dataclasses import dataclass

from .instance import Instance

ROUNDING = 1e-6


@dataclass(frozen=True)
class Ceiling:
    """The most weight that could take place, and meetings that would reach it."""

    weight: int
    picked: tuple[int, ...] | None


def find_ceiling(instance: Instance) -> Ceiling:
    """The b-matching's linear program; its bound holds for every schedule.

    Meetings of two sides (companies and teams) give whole numbers; where others do not, the
    bound still holds and nothing is picked.
    """
    from ortools.linear_solver import pywraplp

    program = pywraplp.Solver.CreateSolver("GLOP")
    happens = [program.NumVar(0, 1 if slots else 0, "") for slots in instance.possible_slots]
    for meetings in instance.exclusive:
        usable = set().union(*(instance.possible_slots[meeting] for meeting in meetings))
        if len(meetings) > len(usable):
            program.Add(sum(happens[meeting] for meeting in meetings) <= len(usable))
    common = [each for each, booth in zip(happens, instance.booths, strict=True) if booth is None]
    if common:
        program.Add(sum(common) <= sum(instance.capacity))
    program.Maximize(
        sum(each.weight * it for each, it in zip(instance.meetings, happens, strict=True))
    )
    program.Solve()
    shares = [each.solution_value() for each in happens]
    weight = int(program.Objective().Value() + ROUNDING)
    if any(ROUNDING < share < 1 - ROUNDING for share in shares):
        return Ceiling(weight, None)
    return Ceiling(weight, tuple(n for n, share in enumerate(shares) if share > 0.5))
