"""Reads the ``.dzn`` files of the B2B meeting benchmark (Bofill et al. 2022)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from .instance import BadInstance, Instance, Meeting

_TOKEN = re.compile(r"\s+|%[^\n]*|(?P<token>[A-Za-z_]\w*|-?\d+|\[\||\|\]|[\[\]{},;=|])|(?P<odd>.)")
MORNING, AFTERNOON, ANY = 1, 2, 3
FAIRNESS = 2


@dataclass(frozen=True)
class _Token:
    text: str
    line: int


class _Reader:
    """A cursor over the tokens that says, where it stumbles, what it expected."""

    def __init__(self, text: str) -> None:
        self.tokens: list[_Token] = []
        line = 1
        for match in _TOKEN.finditer(text):
            if match["odd"]:
                raise BadInstance(f"line {line}: expected a MiniZinc value, found {match['odd']!r}")
            if match["token"]:
                self.tokens.append(_Token(match["token"], line))
            line += match[0].count("\n")
        self.tokens.append(_Token("", line))
        self.at = 0

    @property
    def token(self) -> _Token:
        return self.tokens[self.at]

    def refuse(self, expected: str) -> NoReturn:
        found = repr(self.token.text) if self.token.text else "the end of the file"
        raise BadInstance(f"line {self.token.line}: expected {expected}, found {found}")

    def take(self, text: str, where: str) -> None:
        if self.token.text != text:
            self.refuse(f"{text!r} {where}")
        self.at += 1

    def number(self, what: str, low: int, high: int | None = None) -> int:
        bounds = f"at least {low}" if high is None else f"from {low} to {high}"
        expected = f"a whole number {bounds} as {what}"
        if not re.fullmatch(r"-?\d+", self.token.text):
            self.refuse(expected)
        value = int(self.token.text)
        if value < low or (high is not None and value > high):
            self.refuse(expected)
        self.at += 1
        return value

    def items(self, opening: str, closing: str, what: str, read: Callable[[], Any]) -> list[Any]:
        self.take(opening, f"before {what}")
        found = []
        while self.token.text != closing:
            found.append(read())
            if self.token.text == ",":
                self.at += 1
            elif self.token.text != closing:
                self.refuse(f"',' or {closing!r} after an item of {what}")
        self.at += 1
        return found

    def array(self, name: str, length: int, read: Callable[[], Any]) -> list[Any]:
        line = self.token.line
        found = self.items("[", "]", name, read)
        if len(found) != length:
            raise BadInstance(f"line {line}: expected {length} items in {name}, found {len(found)}")
        return found

    def sets(self, name: str, length: int, low: int, high: int) -> list[set[int]]:
        """An array of sets of numbers; MiniZinc's padding value stays in."""

        def item() -> int:
            return self.number(f"an item of {name}", low, high)

        def read() -> set[int]:
            return set(
                self.items("{", "}", name, lambda: self.number(f"an item of {name}", low, high))
            )

        return self.array(name, length, read)


def read_dzn(text: str, name: str) -> Instance:
    """A benchmark file as an instance; all its meetings have to take place.

    The bound on fairness is no part of the format: it is 2, as in the published results. Raises
    ``BadInstance`` with the line.
    """
    values = _read_statements(_Reader(text))
    slots, morning = values["nTotalSlots"], values["nMorningSlots"]
    sessions = {
        MORNING: frozenset(range(morning)),
        AFTERNOON: frozenset(range(morning, slots)),
        ANY: frozenset(range(slots)),
    }
    meetings = tuple(
        Meeting(
            people=(first - 1, second - 1),
            slots=sessions[session] & {fixed - 1} if fixed else sessions[session],
            after=frozenset(number - 1 for number in after),
        )
        for (first, second, session), fixed, after in zip(
            values["requested"], values["fixed"], values["precedences"], strict=True
        )
    )
    free = tuple(
        frozenset(range(slots)) - {slot - 1 for slot in forbidden}
        for forbidden in values["forbidden"]
    )
    return Instance(
        name, slots, values["nTables"], free, meetings, every_meeting=True, fairness=FAIRNESS
    )


def _read_statements(reader: _Reader) -> dict[str, Any]:
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    while reader.token.text:
        name = reader.token.text
        if name not in _STATEMENTS:
            reader.refuse(f"one of {', '.join(_STATEMENTS)}")
        if name in values:
            reader.refuse(f"{name} only once")
        lines[name] = reader.token.line
        needed = [each for each in _NEEDED.get(name, ()) if each not in values]
        if needed:
            reader.refuse(f"{' and '.join(needed)} before {name}")
        reader.at += 1
        reader.take("=", f"after {name}")
        values[name] = _STATEMENTS[name](reader, values)
        reader.take(";", f"at the end of {name}")
    missing = [name for name in _STATEMENTS if name not in values]
    if missing:
        reader.refuse(f"{', '.join(missing)}")
    _check_counts(values, lines)
    return values


def _read_requested(reader: _Reader, values: dict[str, Any]) -> list[tuple[int, int, int]]:
    line, people = reader.token.line, values["nBusiness"]
    rows = []
    reader.take("[|", "before requested")
    while reader.token.text != "|]":
        first = reader.number("a participant", 1, people)
        reader.take(",", "between a meeting's participants")
        second = reader.number("a participant", 1, people)
        if first == second:
            raise BadInstance(
                f"line {reader.token.line}: expected two different participants, "
                f"found {first} twice"
            )
        reader.take(",", "before a meeting's session")
        rows.append((first, second, reader.number("a session", MORNING, ANY)))
        if reader.token.text == ",":
            reader.at += 1
        if reader.token.text == "|":
            reader.at += 1
        elif reader.token.text != "|]":
            reader.refuse("'|' after a meeting")
    reader.at += 1
    if len(rows) != values["nMeetings"]:
        raise BadInstance(
            f"line {line}: expected {values['nMeetings']} meetings in requested, found {len(rows)}"
        )
    return rows


def _check_counts(values: dict[str, Any], lines: dict[str, int]) -> None:
    """What the file says twice has to agree."""
    theirs: list[set[int]] = [set() for _person in range(values["nBusiness"])]
    for number, (first, second, _session) in enumerate(values["requested"], 1):
        theirs[first - 1].add(number)
        theirs[second - 1].add(number)
    for person, meetings in enumerate(theirs):
        shifted = {number + 1 for number in meetings}
        if values["meetingsxBusiness"][person] - {1} != shifted:
            raise BadInstance(
                f"line {lines['meetingsxBusiness'] + person}: expected participant "
                f"{person + 1}'s meetings as in requested, {sorted({1} | shifted)}, "
                f"found {sorted(values['meetingsxBusiness'][person])}"
            )
        if values["nMeetingsBusiness"][person] != len(meetings):
            raise BadInstance(
                f"line {lines['nMeetingsBusiness']}: expected {len(meetings)} meetings for "
                f"participant {person + 1}, found {values['nMeetingsBusiness'][person]}"
            )


def _number_of(what: str, low: int) -> Callable[[_Reader, dict[str, Any]], int]:
    return lambda reader, _values: reader.number(what, low)


_PEOPLE, _MEETINGS, _SLOTS = ("nBusiness",), ("nMeetings",), ("nTotalSlots",)
_NEEDED = {
    "nMorningSlots": _SLOTS,
    "requested": _PEOPLE + _MEETINGS,
    "meetingsxBusiness": _PEOPLE + _MEETINGS,
    "nMeetingsBusiness": _PEOPLE + _MEETINGS,
    "forbidden": _PEOPLE + _SLOTS,
    "fixed": _MEETINGS + _SLOTS,
    "precedences": _MEETINGS,
}
_STATEMENTS: dict[str, Callable[[_Reader, dict[str, Any]], Any]] = {
    "nBusiness": _number_of("the number of participants", 1),
    "nMeetings": _number_of("the number of meetings", 0),
    "nTables": _number_of("the number of tables", 0),
    "nTotalSlots": _number_of("the number of slots", 1),
    "nMorningSlots": lambda reader, values: reader.number(
        "the number of morning slots", 0, values["nTotalSlots"]
    ),
    "requested": _read_requested,
    "meetingsxBusiness": lambda reader, values: reader.sets(
        "meetingsxBusiness", values["nBusiness"], 1, values["nMeetings"] + 1
    ),
    "nMeetingsBusiness": lambda reader, values: reader.array(
        "nMeetingsBusiness",
        values["nBusiness"],
        lambda: reader.number("a number of meetings", 0, values["nMeetings"]),
    ),
    "forbidden": lambda reader, values: reader.sets(
        "forbidden", values["nBusiness"], 0, values["nTotalSlots"]
    ),
    "fixed": lambda reader, values: reader.array(
        "fixed",
        values["nMeetings"],
        lambda: reader.number("a fixed slot (0: none)", 0, values["nTotalSlots"]),
    ),
    "precedences": lambda reader, values: reader.sets(
        "precedences", values["nMeetings"], 1, values["nMeetings"]
    ),
}
