"""Judges a schedule, sharing no code with the models that made it.

It reads the instance's plain fields only and derives everything else anew.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from .instance import Instance, Schedule


class Rule(StrEnum):
    UNKNOWN_MEETING = "unknown_meeting"
    UNKNOWN_SLOT = "unknown_slot"
    MISSING = "missing"
    NOT_FREE = "not_free"
    WRONG_SLOT = "wrong_slot"
    TWICE = "twice"
    TOO_EARLY = "too_early"
    HELD_MOVED = "held_moved"
    TOO_FEW_TABLES = "too_few_tables"
    UNFAIR = "unfair"
    TABLE_TWICE = "table_twice"
    TABLE_LOST = "table_lost"
    WRONG_TABLE = "wrong_table"


@dataclass(frozen=True)
class Violation:
    """A rule that a schedule breaks, with the meetings, the people and the slot it is about."""

    rule: Rule
    meetings: tuple[int, ...] = ()
    people: tuple[int, ...] = ()
    slot: int | None = None
    table: int | None = None


@dataclass(frozen=True)
class Metrics:
    """The figures that are kept with each version of a schedule."""

    meetings: int
    requested: int
    weight: int
    requested_weight: int
    heaviest: int
    requested_heaviest: int
    breaks: int
    fairness: int
    people_without: int
    used_tables: tuple[int, ...]
    table_changes: int
    moved: int
    changed_people: int

    @property
    def must_meet_rate(self) -> float | None:
        """Share of the heaviest requests that take place; None where there are none."""
        return self.heaviest / self.requested_heaviest if self.requested_heaviest else None


def find_violations(instance: Instance, schedule: Schedule) -> list[Violation]:
    """Everything that is wrong with a schedule; empty where it may be published."""
    known = dict(_known(instance, schedule))
    found = [
        Violation(Rule.UNKNOWN_MEETING, (number,))
        if not 0 <= number < len(instance.meetings)
        else Violation(Rule.UNKNOWN_SLOT, (number,), slot=slot)
        for number, slot in schedule.slot_of.items()
        if number not in known
    ]
    found += _wrong_for_a_meeting(instance, known)
    found += _wrong_for_a_person(instance, known)
    found += _wrong_tables(instance, known, schedule.table_of)
    if instance.fairness is not None:
        breaks = breaks_of_people(instance, schedule)
        if breaks and max(breaks) - min(breaks) > instance.fairness:
            most = tuple(who for who, count in enumerate(breaks) if count == max(breaks))
            found.append(Violation(Rule.UNFAIR, people=most))
    return found


def breaks_of_people(instance: Instance, schedule: Schedule) -> list[int]:
    """For each person the idle runs between two consecutive meetings of theirs on one day."""
    times: list[list[int]] = [[] for _person in instance.free]
    for number, slot in _known(instance, schedule):
        for who in instance.meetings[number].people:
            times[who].append(slot)
    return [
        sum(
            later - earlier > 1
            and not any(earlier < start <= later for start in instance.day_starts)
            for earlier, later in pairwise(mine)
        )
        for mine in map(sorted, times)
    ]


def measure(instance: Instance, schedule: Schedule) -> Metrics:
    """The figures of a schedule, whether or not it is valid."""
    held = dict(_known(instance, schedule))
    breaks = breaks_of_people(instance, schedule)
    wanted = {who for meeting in instance.meetings for who in meeting.people}
    met = {who for number in held for who in instance.meetings[number].people}
    heaviest = max((meeting.weight for meeting in instance.meetings), default=0)
    must = [n for n, meeting in enumerate(instance.meetings) if meeting.weight == heaviest]
    told = {n: meeting.told for n, meeting in enumerate(instance.meetings)}
    anything_told = any(slot is not None for slot in told.values())
    moved = [n for n, slot in told.items() if slot is not None and held.get(n) != slot]
    new = [n for n in held if anything_told and told[n] is None]
    used = Counter(held.values())
    return Metrics(
        meetings=len(held),
        requested=len(instance.meetings),
        weight=sum(instance.meetings[number].weight for number in held),
        requested_weight=sum(meeting.weight for meeting in instance.meetings),
        heaviest=sum(number in held for number in must),
        requested_heaviest=len(must),
        breaks=sum(breaks),
        fairness=max(breaks, default=0) - min(breaks, default=0),
        people_without=len(wanted - met),
        used_tables=tuple(used[slot] for slot in range(instance.slots)),
        table_changes=_table_changes(instance, held, schedule.table_of),
        moved=len(moved),
        changed_people=len({who for n in moved + new for who in instance.meetings[n].people}),
    )


def _known(instance: Instance, schedule: Schedule) -> Iterator[tuple[int, int]]:
    for number, slot in schedule.slot_of.items():
        if 0 <= number < len(instance.meetings) and 0 <= slot < instance.slots:
            yield number, slot


def _wrong_for_a_meeting(instance: Instance, held: dict[int, int]) -> Iterator[Violation]:
    for number, meeting in enumerate(instance.meetings):
        slot = held.get(number)
        if slot is None:
            if instance.every_meeting:
                yield Violation(Rule.MISSING, (number,), meeting.people)
            elif meeting.held:
                yield Violation(Rule.HELD_MOVED, (number,), meeting.people, meeting.told)
            continue
        if slot not in meeting.slots:
            yield Violation(Rule.WRONG_SLOT, (number,), meeting.people, slot)
        if meeting.held and slot != meeting.told:
            yield Violation(Rule.HELD_MOVED, (number,), meeting.people, slot)
        for earlier in sorted(meeting.after):
            if earlier in held and held[earlier] >= slot:
                yield Violation(Rule.TOO_EARLY, (earlier, number), meeting.people, slot)


def _wrong_for_a_person(instance: Instance, held: dict[int, int]) -> Iterator[Violation]:
    places: dict[tuple[int, int], list[int]] = {}
    for number, slot in held.items():
        for who in instance.meetings[number].people:
            places.setdefault((who, slot), []).append(number)
    for (who, slot), numbers in sorted(places.items()):
        if slot not in instance.free[who]:
            yield Violation(Rule.NOT_FREE, tuple(numbers), (who,), slot)
        if len(numbers) > 1:
            yield Violation(Rule.TWICE, tuple(numbers), (who,), slot)


def _wrong_tables(
    instance: Instance, held: dict[int, int], table_of: dict[int, int]
) -> Iterator[Violation]:
    """Booths and the number of common tables count before tables are given, too."""
    homes = instance.home_tables
    shared = set(range(instance.tables)) - set(homes.values())
    at: dict[tuple[int, int], list[int]] = {}
    common: dict[int, list[int]] = {}
    for number, slot in held.items():
        booth = [homes[who] for who in instance.meetings[number].people if who in homes][:1]
        given = [table_of[number]] if number in table_of else []
        if not set(given) <= (set(booth) or shared):
            yield Violation(Rule.WRONG_TABLE, (number,), slot=slot, table=given[0])
        if not booth:
            common.setdefault(slot, []).append(number)
        for table in booth or given:
            at.setdefault((table, slot), []).append(number)
    yield from _wrong_at_a_table(instance, at)
    for slot, numbers in sorted(common.items()):
        lost = {table for table, when in instance.lost_tables if when == slot}
        if len(numbers) > len(shared - lost):
            yield Violation(Rule.TOO_FEW_TABLES, tuple(numbers), slot=slot)


def _wrong_at_a_table(
    instance: Instance, at: dict[tuple[int, int], list[int]]
) -> Iterator[Violation]:
    for (table, slot), numbers in sorted(at.items()):
        if len(numbers) > 1:
            yield Violation(Rule.TABLE_TWICE, tuple(numbers), slot=slot, table=table)
        if (table, slot) in instance.lost_tables:
            yield Violation(Rule.TABLE_LOST, tuple(numbers), slot=slot, table=table)


def _table_changes(instance: Instance, held: dict[int, int], table_of: dict[int, int]) -> int:
    """How often somebody goes to another table between two consecutive meetings."""
    walks: dict[int, list[tuple[int, int]]] = {}
    for number, table in table_of.items():
        if number in held:
            for who in instance.meetings[number].people:
                walks.setdefault(who, []).append((held[number], table))
    return sum(
        here[1] != there[1]
        for walk in map(sorted, walks.values())
        for here, there in pairwise(walk)
    )
