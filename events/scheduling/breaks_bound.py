"""A lower bound on breaks by a linear program, good where the weight leaves much open.

Each person walks through the slots: not begun, busy, in a break, done. A break costs one and must
lead back to a meeting. These walks are the convex hull of one person's days, so only what ties
people together is relaxed.
"""

import math
from typing import Any

from .instance import Instance

ROUNDING = 1e-6
_NEXT = {"new": ("new", "busy"), "busy": ("busy", "break", "done"), "break": ("break", "busy")}
_NEXT["done"] = ("done",)


class _Walks:
    def __init__(self, instance: Instance, weight: int) -> None:
        from ortools.linear_solver import pywraplp

        self.instance = instance
        self.program = pywraplp.Solver.CreateSolver("GLOP")
        self.takes = {
            (meeting, slot): self._share()
            for meeting, slots in enumerate(instance.possible_slots)
            for slot in sorted(slots)
        }
        self.breaks: list[Any] = []
        self._place_meetings(weight)
        for who in range(instance.people):
            self._walk(who)
        self.program.Minimize(self.program.Sum(self.breaks))

    def _share(self) -> Any:
        return self.program.NumVar(0, 1, "")

    def _place_meetings(self, weight: int) -> None:
        instance, program = self.instance, self.program
        for meeting, slots in enumerate(instance.possible_slots):
            happens = program.Sum([self.takes[meeting, slot] for slot in slots])
            if instance.every_meeting or instance.meetings[meeting].held:
                program.Add(happens == 1)
            else:
                program.Add(happens <= 1)
        for slot, tables in enumerate(instance.capacity):
            at_common_tables = [
                share
                for (meeting, at), share in self.takes.items()
                if at == slot and instance.booths[meeting] is None
            ]
            program.Add(program.Sum(at_common_tables) <= tables)
        total = [
            instance.meetings[meeting].weight * share for (meeting, _), share in self.takes.items()
        ]
        program.Add(program.Sum(total) >= weight)

    def _walk(self, who: int) -> None:
        program, mine = self.program, self.instance.meetings_of[who]
        flow: dict[str, Any] = {"new": 1}
        for slot in range(self.instance.slots):
            meetings = [self.takes[each, slot] for each in mine if (each, slot) in self.takes]
            arcs = {
                (here, there): self._share()
                for here in flow
                for there in _NEXT[here]
                if meetings or there != "busy"
            }
            if ("busy", "break") in arcs:
                self.breaks.append(arcs["busy", "break"])
            for here, amount in flow.items():
                program.Add(sum(arc for (start, _), arc in arcs.items() if start == here) == amount)
            flow = {
                state: sum(arc for (_, end), arc in arcs.items() if end == state)
                for state in sorted({end for _start, end in arcs})
            }
            if meetings:
                program.Add(flow["busy"] == program.Sum(meetings))
        if "break" in flow:
            program.Add(flow["break"] == 0)


def bound_breaks(instance: Instance, weight: int, seconds: float | None = None) -> int:
    """No schedule of at least this weight has fewer breaks; 0 where the time was too short."""
    walks = _Walks(instance, weight)
    if seconds is not None:
        walks.program.SetTimeLimit(int(seconds * 1000))
    if walks.program.Solve() != walks.program.OPTIMAL:
        return 0
    return max(0, math.ceil(walks.program.Objective().Value() - ROUNDING))
