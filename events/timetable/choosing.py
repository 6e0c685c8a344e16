"""Which meetings are tried at all where somebody may not have all of theirs.

Part of the solving process; knows no Django.
"""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from events.scheduling.checker import find_violations, measure
from events.scheduling.instance import Instance, Schedule
from events.scheduling.limits import Limits
from events.scheduling.progress import Progress, Status
from events.scheduling.tables import give_tables

EFFORT = 4


@dataclass(frozen=True)
class Choice:
    """The chosen meetings' numbers, and what no schedule within the limit outweighs."""

    instance: Instance
    numbers: tuple[int, ...]
    weight_bound: int
    is_all: bool

    def restore(self, progress: Progress) -> Progress:
        """The same progress in the whole fair's numbers, claiming only what holds for all of it."""
        if self.is_all:
            return progress
        schedule = progress.schedule
        named = schedule and Schedule(
            {self.numbers[number]: slot for number, slot in schedule.slot_of.items()},
            {self.numbers[number]: table for number, table in schedule.table_of.items()},
        )
        is_best = progress.weight == self.weight_bound and progress.breaks == 0
        status = progress.status
        if named is not None:
            status = Status.OPTIMAL if is_best else Status.FEASIBLE
        return replace(
            progress, schedule=named, weight_bound=self.weight_bound, bound=0, status=status
        )

    def narrow(self, schedule: Schedule) -> Schedule:
        """A schedule of the whole fair as one of the chosen meetings."""
        here = {number: place for place, number in enumerate(self.numbers)}
        return Schedule(
            {here[number]: slot for number, slot in schedule.slot_of.items() if number in here}
        )


def choose_meetings(instance: Instance, most: int) -> Choice:
    """At most ``most`` meetings a person, of the greatest weight that could fit."""
    everything = tuple(range(len(instance.meetings)))
    if all(len(numbers) <= most for numbers in instance.meetings_of):
        return Choice(instance, everything, instance.weight, is_all=True)
    model, happens = _model(instance, most)
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    Limits(effort=EFFORT).apply(solver.parameters)
    if solver.solve(model) not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        # Held meetings clash: the checker will say so.
        return Choice(instance, everything, instance.weight, is_all=True)
    numbers = tuple(n for n in everything if solver.boolean_value(happens[n]))
    chosen = replace(instance, meetings=tuple(instance.meetings[n] for n in numbers))
    # Meetings that were told weigh a little more in the objective; the bound counts weight alone.
    bound = int(solver.best_objective_bound + 0.5) // _scale(instance)
    return Choice(chosen, numbers, bound, is_all=False)


def top_up(instance: Instance, progress: Progress, most: int) -> Progress:
    """Put in what was not chosen wherever chosen meetings have left room.

    ``progress`` is in the whole fair's numbers; it comes back as it is where nothing fits.
    """
    if progress.schedule is None:
        return progress
    slot_of = dict(progress.schedule.slot_of)
    room = _Room(instance, slot_of, most)
    waiting = set(range(len(instance.meetings))) - slot_of.keys()
    for number in sorted(waiting, key=lambda each: (-instance.meetings[each].weight, each)):
        slot = room.find(number)
        if slot is not None:
            slot_of[number] = slot
            room.take(number, slot)
    schedule = give_tables(instance, Schedule(slot_of))
    if len(slot_of) == len(progress.schedule.slot_of) or find_violations(instance, schedule):
        return progress
    figures = measure(instance, schedule)
    return replace(
        progress,
        schedule=schedule,
        weight=figures.weight,
        breaks=figures.breaks,
        status=Status.FEASIBLE,
    )


class _Room:
    """Who and which places are free in which slot."""

    def __init__(self, instance: Instance, slot_of: dict[int, int], most: int) -> None:
        self.instance, self.most = instance, most
        self.taken: set[tuple[str, int, int]] = set()
        self.common: Counter[int] = Counter()
        self.load: Counter[int] = Counter()
        for number, slot in slot_of.items():
            self.take(number, slot)

    def _marks(self, number: int, slot: int) -> set[tuple[str, int, int]]:
        booth = self.instance.booths[number]
        marks = {("person", who, slot) for who in self.instance.meetings[number].people}
        return marks if booth is None else marks | {("booth", booth, slot)}

    def take(self, number: int, slot: int) -> None:
        self.taken |= self._marks(number, slot)
        self.load.update(self.instance.meetings[number].people)
        if self.instance.booths[number] is None:
            self.common[slot] += 1

    def find(self, number: int) -> int | None:
        people, booth = self.instance.meetings[number].people, self.instance.booths[number]
        if any(self.load[who] >= self.most for who in people):
            return None
        for slot in sorted(self.instance.possible_slots[number]):
            has_table = booth is not None or self.common[slot] < self.instance.capacity[slot]
            if has_table and not self._marks(number, slot) & self.taken:
                return slot
        return None


def _scale(instance: Instance) -> int:
    return len(instance.meetings) + 1


def _model(instance: Instance, most: int) -> tuple[Any, list[Any]]:
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    happens = [
        model.new_bool_var("") if slots else model.new_constant(0)
        for slots in instance.possible_slots
    ]
    for group, numbers in enumerate(instance.exclusive):
        usable = set().union(*(instance.possible_slots[number] for number in numbers))
        limit = len(usable)
        if group < instance.people:
            limit = min(limit, max(most, sum(instance.meetings[n].held for n in numbers)))
        model.add(sum(happens[number] for number in numbers) <= limit)
    for number, meeting in enumerate(instance.meetings):
        if meeting.held and instance.possible_slots[number]:
            model.add(happens[number] == 1)
    common = [n for n, booth in enumerate(instance.booths) if booth is None]
    model.add(sum(happens[n] for n in common) <= sum(instance.capacity))
    model.maximize(
        sum(
            (meeting.weight * _scale(instance) + (meeting.told is not None)) * happens[number]
            for number, meeting in enumerate(instance.meetings)
        )
    )
    return model, happens
