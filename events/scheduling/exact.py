"""The pure Boolean model of a fair for CP-SAT (domain reference 1.4; Bofill et al. 2022).

``takes[meeting, slot]`` and ``busy[person, slot]`` are its only decisions. Two implied rules make
the core-guided search strong: a slot's capacity counted over busy people, and each person's
number of busy slots where all meetings have to take place.
"""

from collections.abc import Callable, Iterable
from typing import Any

from .instance import Instance, Schedule


class FairModel:
    """All rules of a fair over ``meetings`` (all if None), without an objective yet."""

    def __init__(self, instance: Instance, meetings: Iterable[int] | None = None) -> None:
        from ortools.sat.python import cp_model

        self.instance = instance
        self.meetings = range(len(instance.meetings)) if meetings is None else sorted(set(meetings))
        self.model = cp_model.CpModel()
        self.takes = {
            (meeting, slot): self.model.new_bool_var("")
            for meeting in self.meetings
            for slot in sorted(instance.possible_slots[meeting])
        }
        self.busy: dict[tuple[int, int], Any] = {}
        self.breaks: dict[int, list[Any]] = {}
        self._everybody_is_at_one_meeting()
        self._tables_suffice()
        self._meetings_take_place()
        self._what_comes_first_is_earlier()

    def literals(self, meeting: int) -> list[Any]:
        slots = sorted(self.instance.possible_slots[meeting])
        return [self.takes[meeting, slot] for slot in slots]

    def _meetings_take_place(self) -> None:
        for meeting in self.meetings:
            if self.instance.every_meeting or self.instance.meetings[meeting].held:
                self.model.add_exactly_one(self.literals(meeting))
            else:
                self.model.add_at_most_one(self.literals(meeting))

    def _everybody_is_at_one_meeting(self) -> None:
        chosen = set(self.meetings)
        for group, meetings in enumerate(self.instance.exclusive):
            theirs = [meeting for meeting in meetings if meeting in chosen]
            days = []
            for slot in range(self.instance.slots):
                literals = [
                    self.takes[meeting, slot] for meeting in theirs if (meeting, slot) in self.takes
                ]
                if group >= self.instance.people:
                    self.model.add_at_most_one(literals)
                elif literals:
                    busy = self.busy[group, slot] = self.model.new_bool_var("")
                    self.model.add_exactly_one(*literals, ~busy)
                    days.append(busy)
            if self.instance.every_meeting and group < self.instance.people and theirs:
                self.model.add(sum(days) == len(theirs))

    def _tables_suffice(self) -> None:
        pairs_only = not self.instance.home_tables and all(
            len(self.instance.meetings[meeting].people) == 2 for meeting in self.meetings
        )
        for slot, tables in enumerate(self.instance.capacity):
            if pairs_only:
                seats = [busy for (_who, at), busy in self.busy.items() if at == slot]
                self.model.add(sum(seats) <= 2 * tables)
                continue
            at_common_tables = [
                literal
                for (meeting, at), literal in self.takes.items()
                if at == slot and self.instance.booths[meeting] is None
            ]
            self.model.add(sum(at_common_tables) <= tables)

    def _what_comes_first_is_earlier(self) -> None:
        """At most one holds: the later meeting by a slot, the earlier one in it or afterwards."""
        chosen = set(self.meetings)
        for later in self.meetings:
            for earlier in sorted(self.instance.meetings[later].after & chosen):
                for slot in range(self.instance.slots):
                    by_then = [x for x in self.instance.possible_slots[later] if x <= slot]
                    from_then = [x for x in self.instance.possible_slots[earlier] if x >= slot]
                    self.model.add_at_most_one(
                        [self.takes[later, x] for x in by_then]
                        + [self.takes[earlier, x] for x in from_then]
                    )

    def weigh_at_least(self, weight: int) -> None:
        if not self.instance.every_meeting:
            self.model.add(self.total_weight() >= weight)

    def total_weight(self) -> Any:
        return sum(
            self.instance.meetings[meeting].weight * literal
            for (meeting, _slot), literal in self.takes.items()
        )

    def count_breaks(self) -> list[Any]:
        """Literals that are true for every break; each ends where a person is busy again."""
        chosen = set(self.meetings)
        slots: dict[int, dict[int, Any]] = {who: {} for who in range(self.instance.people)}
        for (who, slot), busy in self.busy.items():
            slots[who][slot] = busy
        busiest = [
            who
            for who, theirs in enumerate(self.instance.meetings_of)
            if len(chosen.intersection(theirs)) > 1
        ]
        # Where somebody never has a break, the bound on fairness is a bound on everybody's breaks.
        exactly = self.instance.fairness is not None and len(busiest) == self.instance.people
        for who in busiest:
            self.breaks[who] = [
                literal
                for day in self.instance.days
                for literal in self._breaks_in(day, slots[who], exactly=exactly)
            ]
        if self.instance.fairness is not None:
            self._share_breaks_fairly(self.instance.fairness, exactly=exactly)
        return [literal for literals in self.breaks.values() for literal in literals]

    def _breaks_in(self, day: range, busy: dict[int, Any], *, exactly: bool) -> list[Any]:
        """A literal per break that must be true; ``exactly`` lets no other be true."""
        model = self.model
        literals, started = [], None
        for slot in day:
            now, before = busy.get(slot), busy.get(slot - 1)
            if now is None:
                continue
            has_started = model.new_bool_var("")
            model.add_implication(now, has_started)
            if started is not None:
                model.add_implication(started, has_started)
                ends = model.new_bool_var("")
                literals.append(ends)
                idle = [] if before is None else [before]
                model.add_bool_or(~now, ~started, ends, *idle)
                if exactly:
                    model.add_bool_and(now, started, *[~each for each in idle]).only_enforce_if(
                        ends
                    )
            if exactly:
                model.add_bool_or(~has_started, now, *([] if started is None else [started]))
            started = has_started
        return literals

    def _share_breaks_fairly(self, difference: int, *, exactly: bool) -> None:
        least = self.model.new_int_var(0, self.instance.slots, "") if exactly else 0
        for literals in self.breaks.values():
            if exactly:
                self.model.add(sum(literals) >= least)
            if exactly or len(literals) > difference:
                self.model.add(sum(literals) <= difference + least)

    def hint(self, schedule: Schedule) -> None:
        for (meeting, slot), literal in self.takes.items():
            self.model.add_hint(literal, schedule.slot_of.get(meeting) == slot)
        there = {
            (who, slot)
            for meeting, slot in schedule.slot_of.items()
            for who in self.instance.meetings[meeting].people
        }
        for at, literal in self.busy.items():
            self.model.add_hint(literal, at in there)

    def schedule(self, value: Callable[[Any], bool]) -> Schedule:
        return Schedule({at[0]: at[1] for at, literal in self.takes.items() if value(literal)})
