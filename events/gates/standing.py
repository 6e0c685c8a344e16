"""Who is in, from the scans of one ticket at one gate: a pure function of their set.

Scans are read by the moment at the door, and by nonce where two fall on the same: in which order
they arrived here, or how often, changes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from .enums import Direction, Result


class Scan(Protocol):
    """What of a scan decides; the rows of ``CheckIn`` have it."""

    at: datetime
    nonce: str
    direction: str
    standing: str
    forced: bool


@dataclass(frozen=True)
class Stand:
    """Whether somebody is in, since when, when they first came, and what each scan comes to."""

    is_in: bool
    since: datetime | None
    arrived_at: datetime | None
    results: dict[str, Result]


def stand_of(scans: Iterable[Scan]) -> Stand:
    is_in, since, arrived_at = False, None, None
    results: dict[str, Result] = {}
    for scan in in_order(scans):
        result = weigh(scan, is_in=is_in)
        results[scan.nonce] = result
        if result != Result.OK:
            continue
        is_in, since = scan.direction == Direction.IN, scan.at
        if is_in and arrived_at is None:
            arrived_at = scan.at
    return Stand(is_in=is_in, since=since, arrived_at=arrived_at, results=results)


def in_order(scans: Iterable[Scan]) -> Sequence[Scan]:
    unique = {scan.nonce: scan for scan in scans}
    return sorted(unique.values(), key=lambda scan: (scan.at, scan.nonce))


def weigh(scan: Scan, *, is_in: bool) -> Result:
    """What one scan comes to, given whether its person was in before it."""
    if not counts(scan):
        return Result(scan.standing)
    if scan.forced:
        return Result.OK
    if scan.direction == Direction.IN:
        return Result.ALREADY_IN if is_in else Result.OK
    return Result.OK if is_in else Result.NEED_ATTENTION


def counts(scan: Scan) -> bool:
    """Whether the ticket was good; a good one at the wrong time counts when it was let in."""
    if scan.standing == Result.OUTSIDE_TIME:
        return scan.forced
    return scan.standing == Result.OK
