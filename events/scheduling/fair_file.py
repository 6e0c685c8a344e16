"""Reads and writes fairs as JSON.

The five keys of the oversubscribed files are enough: ``participants``, ``slots``, ``tables``,
``unavailable`` and ``requests`` as ``[person, person, weight]``. A request may also be an object,
and a fair may bind booths; ``docs/scheduling.md`` lists all keys.
"""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from .instance import BadInstance, Instance, Meeting


class _Sizes(NamedTuple):
    people: int
    slots: int
    tables: int
    requests: int


def read_fair(text: str, name: str) -> Instance:
    """A fair from JSON; raises ``BadInstance`` with the line or the key."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadInstance(f"line {error.lineno}: expected JSON, {error.msg}") from error
    if not isinstance(data, dict):
        raise BadInstance(f"line 1: expected an object with participants, found {data!r:.40}")
    people = _number(data, "participants", 1)
    slots = _number(data, "slots", 1)
    tables = _number(data, "tables", 0)
    slot = _in_range("a slot", slots)
    unavailable = _mapping(data, "unavailable", people, lambda key, it: _list(key, it, slot))
    requests = _list("requests", _needed(data, "requests"), lambda _key, it: it)
    meetings = tuple(
        _meeting(f"requests[{number}]", request, _Sizes(people, slots, tables, len(requests)))
        for number, request in enumerate(requests)
    )
    everywhere = frozenset(range(slots))
    return Instance(
        name=str(data.get("name", name)),
        slots=slots,
        tables=tables,
        free=tuple(everywhere.difference(unavailable.get(who, ())) for who in range(people)),
        meetings=meetings,
        every_meeting=_flag("every_meeting", data),
        fairness=None if data.get("fairness") is None else _number(data, "fairness", 0),
        empty_day=_number(data, "empty_day", 0) if "empty_day" in data else 0,
        home_tables=_mapping(data, "home_tables", people, _in_range("a table", tables)),
        lost_tables=frozenset(
            _list("lost_tables", data.get("lost_tables", []), _pair(tables, slots))
        ),
        day_starts=frozenset(_list("day_starts", data.get("day_starts", []), slot)),
    )


def write_fair(instance: Instance) -> str:
    """The same fair as JSON, such that ``read_fair`` gives an equal one."""
    everywhere = frozenset(range(instance.slots))
    data = {
        "name": instance.name,
        "participants": instance.people,
        "slots": instance.slots,
        "tables": instance.tables,
        "unavailable": {
            str(who): sorted(everywhere - free)
            for who, free in enumerate(instance.free)
            if free != everywhere
        },
        "requests": [_request(meeting, everywhere) for meeting in instance.meetings],
        "every_meeting": instance.every_meeting,
        "fairness": instance.fairness,
        "empty_day": instance.empty_day,
        "home_tables": {str(who): table for who, table in instance.home_tables.items()},
        "lost_tables": sorted(map(list, instance.lost_tables)),
        "day_starts": sorted(instance.day_starts),
    }
    return json.dumps(data)


def _request(meeting: Meeting, everywhere: frozenset[int]) -> list[int] | dict[str, Any]:
    extras = {
        "slots": sorted(meeting.slots) if meeting.slots != everywhere else None,
        "after": sorted(meeting.after) or None,
        "told": meeting.told,
        "told_table": meeting.told_table,
        "held": meeting.held or None,
    }
    if len(meeting.people) == 2 and not any(value is not None for value in extras.values()):
        return [*meeting.people, meeting.weight]
    said = {key: value for key, value in extras.items() if value is not None}
    return {"people": list(meeting.people), "weight": meeting.weight, **said}


def _meeting(key: str, request: Any, sizes: "_Sizes") -> Meeting:
    if isinstance(request, list):
        if len(request) != 3:
            raise BadInstance(f"{key}: expected [person, person, weight], found {request!r:.60}")
        request = {"people": request[:2], "weight": request[2]}
    if not isinstance(request, dict):
        raise BadInstance(f"{key}: expected [person, person, weight], found {request!r:.60}")
    person, slot = _in_range("a person", sizes.people), _in_range("a slot", sizes.slots)
    table, earlier = _in_range("a table", sizes.tables), _in_range("a request", sizes.requests)
    who = _list(f"{key}.people", _needed(request, "people", key), person)
    if len(who) < 2 or len(set(who)) != len(who):
        raise BadInstance(f"{key}: expected two different people or more, found {who}")
    told = request.get("told")
    told_table = request.get("told_table")
    held = _flag("held", request, key)
    if held and told is None:
        raise BadInstance(f"{key}: expected told, the slot in which a held meeting stays")
    return Meeting(
        people=tuple(who),
        slots=frozenset(_list(f"{key}.slots", request.get("slots", [*range(sizes.slots)]), slot)),
        weight=_number(request, "weight", 1, key) if "weight" in request else 1,
        after=frozenset(_list(f"{key}.after", request.get("after", []), earlier)),
        told=None if told is None else slot(f"{key}.told", told),
        told_table=None if told_table is None else table(f"{key}.told_table", told_table),
        held=held,
    )


def _needed(data: Any, key: str, inside: str = "") -> Any:
    if not isinstance(data, dict) or key not in data:
        where = f"{inside}: " if inside else ""
        raise BadInstance(f"{where}expected the key {key}, which is missing")
    return data[key]


def _number(data: dict[str, Any], key: str, low: int, inside: str = "") -> int:
    value = _needed(data, key, inside)
    name = f"{inside}.{key}" if inside else key
    if type(value) is not int or value < low:
        raise BadInstance(f"{name}: expected a whole number at least {low}, found {value!r:.40}")
    return value


def _flag(key: str, data: dict[str, Any], inside: str = "") -> bool:
    value = data.get(key, False)
    if not isinstance(value, bool):
        name = f"{inside}.{key}" if inside else key
        raise BadInstance(f"{name}: expected true or false, found {value!r:.40}")
    return value


def _in_range(what: str, size: int) -> Callable[[str, Any], int]:
    def read(key: str, value: Any) -> int:
        if type(value) is not int or not 0 <= value < size:
            raise BadInstance(f"{key}: expected {what} from 0 to {size - 1}, found {value!r:.40}")
        return value

    return read


def _pair(tables: int, slots: int) -> Callable[[str, Any], tuple[int, int]]:
    table, slot = _in_range("a table", tables), _in_range("a slot", slots)

    def read(key: str, value: Any) -> tuple[int, int]:
        if not isinstance(value, list) or len(value) != 2:
            raise BadInstance(f"{key}: expected [table, slot], found {value!r:.40}")
        return table(f"{key}[0]", value[0]), slot(f"{key}[1]", value[1])

    return read


def _list(key: str, value: Any, read: Callable[[str, Any], Any]) -> list[Any]:
    if not isinstance(value, list):
        raise BadInstance(f"{key}: expected a list, found {value!r:.40}")
    return [read(f"{key}[{place}]", item) for place, item in enumerate(value)]


def _mapping(
    data: dict[str, Any], key: str, people: int, read: Callable[[str, Any], Any]
) -> dict[int, Any]:
    value = data.get(key, {})
    if not isinstance(value, dict):
        raise BadInstance(f"{key}: expected an object by person, found {value!r:.40}")
    found = {}
    for who, item in value.items():
        if not who.isascii() or not who.isdecimal() or int(who) >= people:
            raise BadInstance(f"{key}: expected a person from 0 to {people - 1}, found {who!r}")
        found[int(who)] = read(f"{key}.{who}", item)
    return found
