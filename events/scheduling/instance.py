"""What is to be scheduled: people, slots, tables and the meetings they agreed to.

People, slots, meetings and tables are numbered from 0 everywhere in this package.
"""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any, Self


class BadInstance(ValueError):
    """A fair that cannot be read or contradicts itself; the message says what was expected."""


@dataclass(frozen=True)
class Meeting:
    """A meeting that all its ``people`` agreed to (已接受的约见), in one of ``slots``.

    ``after`` are meetings that must be earlier, where both take place. ``told`` is the slot that
    people have been told: a ``held`` meeting stays there, any other moves only if it has to.
    """

    people: tuple[int, ...]
    slots: frozenset[int]
    weight: int = 1
    after: frozenset[int] = frozenset()
    told: int | None = None
    told_table: int | None = None
    held: bool = False


@dataclass(frozen=True)
class Instance:
    """A fair to schedule.

    ``free`` are each person's slots. With ``every_meeting`` all meetings have to take place,
    otherwise as much weight as possible. ``fairness`` bounds the difference between two people's
    breaks. ``home_tables`` are booths: who has one meets there and nobody else does.
    ``lost_tables`` are pairs of a table and a slot in which it cannot be used. With ``empty_day``
    somebody who was asked and has no meeting at all counts as so many breaks in the search.
    ``day_starts`` are the first slots of the second and further days: nobody waits over night.
    """

    name: str
    slots: int
    tables: int
    free: tuple[frozenset[int], ...]
    meetings: tuple[Meeting, ...]
    every_meeting: bool = False
    fairness: int | None = None
    empty_day: int = 0
    home_tables: dict[int, int] = field(default_factory=dict)
    lost_tables: frozenset[tuple[int, int]] = frozenset()
    day_starts: frozenset[int] = frozenset()

    @property
    def people(self) -> int:
        return len(self.free)

    @property
    def weight(self) -> int:
        return sum(meeting.weight for meeting in self.meetings)

    @cached_property
    def days(self) -> tuple[range, ...]:
        """The slots of each day; breaks are counted within one."""
        bounds = sorted({0, self.slots, *self.day_starts})
        return tuple(range(start, end) for start, end in pairwise(bounds))

    @cached_property
    def capacity(self) -> tuple[int, ...]:
        """For each slot the tables that are nobody's booth and not lost."""
        common = set(range(self.tables)) - set(self.home_tables.values())
        return tuple(
            sum((table, slot) not in self.lost_tables for table in common)
            for slot in range(self.slots)
        )

    @cached_property
    def booths(self) -> tuple[int | None, ...]:
        """For each meeting the booth it takes place at, or None where it needs a common table."""
        return tuple(
            next((self.home_tables[who] for who in each.people if who in self.home_tables), None)
            for each in self.meetings
        )

    @cached_property
    def possible_slots(self) -> tuple[frozenset[int], ...]:
        """For each meeting the slots in which it could take place if it were the only one."""
        return tuple(
            frozenset(
                slot
                for slot in each.slots.intersection(*(self.free[who] for who in each.people))
                if (booth, slot) not in self.lost_tables
                and (not each.held or slot == each.told)
                and (booth is not None or self.capacity[slot])
            )
            for each, booth in zip(self.meetings, self.booths, strict=True)
        )

    @cached_property
    def meetings_of(self) -> tuple[tuple[int, ...], ...]:
        """For each person the meetings that name them."""
        theirs: list[list[int]] = [[] for _person in self.free]
        for number, meeting in enumerate(self.meetings):
            for person in meeting.people:
                theirs[person].append(number)
        return tuple(map(tuple, theirs))

    @cached_property
    def exclusive(self) -> tuple[tuple[int, ...], ...]:
        """Groups of meetings of which at most one may take place in a slot: people, then booths."""
        booths: dict[int, list[int]] = {}
        for number, booth in enumerate(self.booths):
            if booth is not None:
                booths.setdefault(booth, []).append(number)
        return (*self.meetings_of, *(tuple(each) for _booth, each in sorted(booths.items())))


@dataclass(frozen=True)
class Schedule:
    """Which meeting takes place in which slot, and at which table once tables are given."""

    slot_of: dict[int, int]
    table_of: dict[int, int] = field(default_factory=dict)

    def rows(self) -> list[list[int | None]]:
        """A row per meeting that takes place: its number, slot, and table or None."""
        return [
            [number, slot, self.table_of.get(number)]
            for number, slot in sorted(self.slot_of.items())
        ]

    @classmethod
    def from_rows(cls, rows: list[list[Any]]) -> Self:
        """What ``rows`` gave, for example from JSON."""
        return cls(
            {number: slot for number, slot, _table in rows},
            {number: table for number, _slot, table in rows if table is not None},
        )
