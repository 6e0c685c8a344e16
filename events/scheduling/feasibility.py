"""What stands in a schedule's way, told before solving, each with what would help."""

from dataclasses import dataclass, replace
from enum import StrEnum

from .ceiling import find_ceiling
from .instance import Instance


class Obstacle(StrEnum):
    """A reason why not every meeting can take place.

    TOO_MANY_REQUESTS: a person has more requests than slots for them. NO_COMMON_SLOT: a meeting's
    people are never free together. TOO_FEW_TABLES: more meetings than tables × slots. HELD_CLASH:
    a held meeting cannot stay where it was told.
    """

    TOO_MANY_REQUESTS = "too_many_requests"
    NO_COMMON_SLOT = "no_common_slot"
    TOO_FEW_TABLES = "too_few_tables"
    HELD_CLASH = "held_clash"


class Remedy(StrEnum):
    OPEN_SLOTS = "open_slots"
    DROP_REQUESTS = "drop_requests"
    ADD_TABLES = "add_tables"
    RELEASE = "release"


@dataclass(frozen=True)
class Help:
    """``amount`` says how many at least; ``slots`` names the ones that would do, if any."""

    remedy: Remedy
    amount: int
    slots: tuple[int, ...] = ()


@dataclass(frozen=True)
class Shortage:
    """One obstacle: how much is needed, how much there is, and what would help."""

    obstacle: Obstacle
    needed: int
    available: int
    helps: tuple[Help, ...]
    person: int | None = None
    meeting: int | None = None


@dataclass(frozen=True)
class Most:
    """The most meetings, and the most weight, that could take place at all."""

    meetings: int
    weight: int


def find_shortages(instance: Instance) -> list[Shortage]:
    """Every obstacle that shows without solving; none does not prove that a schedule exists."""
    return [
        *_meetings_without_slot(instance),
        *_people_with_too_many(instance),
        *_tables_too_few(instance),
    ]


def least_tables(instance: Instance) -> int:
    """Common tables that a slot needs at least for every meeting that can take place."""
    common = [
        slots
        for slots, booth in zip(instance.possible_slots, instance.booths, strict=True)
        if booth is None
    ]
    return -(-len(common) // instance.slots)


def find_most(instance: Instance) -> Most:
    """Upper bounds from the b-matching; loads ortools, so it belongs into the solving process."""
    alike = replace(instance, meetings=tuple(replace(each, weight=1) for each in instance.meetings))
    return Most(find_ceiling(alike).weight, find_ceiling(instance).weight)


def _meetings_without_slot(instance: Instance) -> list[Shortage]:
    found = []
    for number, meeting in enumerate(instance.meetings):
        if instance.possible_slots[number]:
            continue
        if meeting.held:
            helps: tuple[Help, ...] = (Help(Remedy.RELEASE, 1),)
            found.append(Shortage(Obstacle.HELD_CLASH, 1, 0, helps, meeting=number))
            continue
        nearly = tuple(
            slot
            for slot in sorted(meeting.slots)
            if sum(slot not in instance.free[who] for who in meeting.people) == 1
        )
        helps = (Help(Remedy.OPEN_SLOTS, 1, nearly), Help(Remedy.DROP_REQUESTS, 1))
        found.append(Shortage(Obstacle.NO_COMMON_SLOT, 1, 0, helps, meeting=number))
    return found


def _people_with_too_many(instance: Instance) -> list[Shortage]:
    found = []
    for who, numbers in enumerate(instance.meetings_of):
        possible = [number for number in numbers if instance.possible_slots[number]]
        fit = _most_at_once(instance, possible)
        if fit == len(possible):
            continue
        missing = len(possible) - fit
        closed = tuple(slot for slot in range(instance.slots) if slot not in instance.free[who])
        helps = [Help(Remedy.DROP_REQUESTS, missing)]
        if closed:
            helps.insert(0, Help(Remedy.OPEN_SLOTS, missing, closed))
        found.append(
            Shortage(Obstacle.TOO_MANY_REQUESTS, len(possible), fit, tuple(helps), person=who)
        )
    return found


def _most_at_once(instance: Instance, meetings: list[int]) -> int:
    """How many of one person's meetings fit into different slots (augmenting paths)."""
    taken: dict[int, int] = {}

    def place(meeting: int, seen: set[int]) -> bool:
        for slot in instance.possible_slots[meeting] - seen:
            seen.add(slot)
            if slot not in taken or place(taken[slot], seen):
                taken[slot] = meeting
                return True
        return False

    return sum(place(meeting, set()) for meeting in meetings)


def _tables_too_few(instance: Instance) -> list[Shortage]:
    common = sum(
        booth is None and bool(slots)
        for booth, slots in zip(instance.booths, instance.possible_slots, strict=True)
    )
    seats = sum(instance.capacity)
    if common <= seats:
        return []
    missing = common - seats
    helps = (
        Help(Remedy.ADD_TABLES, -(-missing // instance.slots)),
        Help(Remedy.DROP_REQUESTS, missing),
    )
    return [Shortage(Obstacle.TOO_FEW_TABLES, common, seats, helps)]
