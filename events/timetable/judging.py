"""What is wrong with a schedule and what is merely unwelcome, in words.

A prohibition keeps a schedule from being saved or published; a warning does not.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _, gettext_lazy

from events.meetings.models import MeetingRequest
from events.scheduling.checker import Rule, Violation, find_violations
from events.scheduling.instance import Schedule

from .instances import FairGrid

# The organizer asked the solver for these; by hand they may be given up.
BENDABLE = frozenset({Rule.MISSING, Rule.UNFAIR})
TEXTS = {
    Rule.UNKNOWN_SLOT: gettext_lazy("%(meeting)s: this slot is no longer one for meetings."),
    Rule.NOT_FREE: gettext_lazy("%(person)s is not there at %(slot)s."),
    Rule.WRONG_SLOT: gettext_lazy("%(meeting)s cannot take place at %(slot)s."),
    Rule.TWICE: gettext_lazy("%(person)s would have two meetings at %(slot)s."),
    Rule.TOO_EARLY: gettext_lazy("%(meeting)s would come too early."),
    Rule.HELD_MOVED: gettext_lazy("%(meeting)s is locked or has begun and stays where it is."),
    Rule.TOO_FEW_TABLES: gettext_lazy("There are not enough tables at %(slot)s."),
    Rule.TABLE_TWICE: gettext_lazy("Table %(table)s would be taken twice at %(slot)s."),
    Rule.TABLE_LOST: gettext_lazy("Table %(table)s cannot be used at %(slot)s."),
    Rule.WRONG_TABLE: gettext_lazy(
        "%(meeting)s cannot sit at table %(table)s: booths and reserved tables are their owners'."
    ),
    Rule.MISSING: gettext_lazy("%(meeting)s has no time, although every meeting was asked for."),
    Rule.UNFAIR: gettext_lazy("The waiting gaps are spread less evenly than was asked for."),
}


@dataclass(frozen=True)
class Problem:
    """``key`` tells whether two schedules have the same problem."""

    key: Any
    text: str


def name_request(request: MeetingRequest) -> str:
    sides = (request.from_registration, request.to_registration)
    return " × ".join(side.full_label for side in sides)


def prohibitions(grid: FairGrid, schedule: Schedule) -> list[Problem]:
    """Everything for which a schedule may not be saved; the independent checker's word counts."""
    violations = find_violations(grid.instance, schedule)
    found = [_say(grid, each) for each in violations if each.rule not in BENDABLE]
    return [*found, *_too_many(grid, schedule)]


def warnings(grid: FairGrid, schedule: Schedule) -> list[Problem]:
    """What somebody will not like; it can be saved all the same."""
    violations = find_violations(grid.instance, schedule)
    found = [_say(grid, each) for each in violations if each.rule in BENDABLE]
    for number, slot in schedule.slot_of.items():
        if 0 <= slot < len(grid.slots):
            found += _unwelcome(grid, number, slot, schedule.table_of.get(number))
    return found


def _too_many(grid: FairGrid, schedule: Schedule) -> Iterator[Problem]:
    load = Counter(
        person for number in schedule.slot_of for person in grid.instance.meetings[number].people
    )
    for person, count in sorted(load.items()):
        if count > grid.most:
            said = _("%(person)s would have %(count)d meetings; at most %(most)d are allowed.")
            yield Problem(
                ("most", person, count),
                said % {"person": _name(grid, person), "count": count, "most": grid.most},
            )


def _unwelcome(grid: FairGrid, number: int, slot: int, table: int | None) -> Iterator[Problem]:
    request, at = grid.requests[number], grid.slots[slot]
    for person in grid.instance.meetings[number].people:
        row = grid.people[person]
        named = {"person": _name(grid, person), "slot": str(at)}
        if (row.pk, at.pk) in grid.rather_not:
            text = _("%(person)s would rather not meet at %(slot)s.") % named
            yield Problem(("rather", person, slot), text)
        seat = grid.tables[table] if table is not None and table >= 0 else None
        if row.needs_accessible_table and seat and not seat.is_accessible:
            text = _("%(person)s needs a table without steps; %(table)s is none.")
            named["table"] = seat.code
            yield Problem(("steps", person, number, table), text % named)
    told = grid.told.get(request.pk)
    if told and told[0] != at.pk and told[0] in grid.slot_number:
        said = {
            "meeting": name_request(request),
            "before": str(grid.slots[grid.slot_number[told[0]]]),
            "slot": str(at),
        }
        text = _("%(meeting)s: people have been told %(before)s, not %(slot)s.") % said
        yield Problem(("told", number, slot), text)


def _name(grid: FairGrid, person: int) -> str:
    return grid.people[person].full_label


def _say(grid: FairGrid, violation: Violation) -> Problem:
    slots, tables = grid.slots, grid.tables
    at, table = violation.slot, violation.table
    meetings = [grid.requests[n] for n in violation.meetings if 0 <= n < len(grid.requests)]
    named = {
        "meeting": "、".join(map(name_request, meetings)),
        "person": "、".join(_name(grid, person) for person in violation.people),
        "slot": str(slots[at]) if at is not None and 0 <= at < len(slots) else "—",
        "table": tables[table].code if table is not None and 0 <= table < len(tables) else "—",
    }
    return Problem(violation, str(TEXTS[violation.rule]) % named)
