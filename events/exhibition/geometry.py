"""Rectangles on the grid of a hall: what lies in, what overlaps, what is beside what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

NEIGHBOUR_GAP = 1  # cells; a wider aisle parts two booths


class Rectangle(Protocol):
    x: int
    y: int
    width: int
    depth: int


@dataclass
class Area:
    x: int
    y: int
    width: int
    depth: int


def overlap(one: Rectangle, other: Rectangle) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.depth
        and other.y < one.y + one.depth
    )


def lies_in(area: Rectangle, width: int, depth: int) -> bool:
    return (
        area.x >= 0
        and area.y >= 0
        and area.width >= 1
        and area.depth >= 1
        and area.x + area.width <= width
        and area.y + area.depth <= depth
    )


def gap(one: Rectangle, other: Rectangle) -> int:
    """Cells between two rectangles: 0 where they touch, at a corner too."""
    across = max(one.x - other.x - other.width, other.x - one.x - one.width, 0)
    down = max(one.y - other.y - other.depth, other.y - one.y - one.depth, 0)
    return max(across, down)


def are_neighbours(one: Rectangle, other: Rectangle) -> bool:
    return gap(one, other) <= NEIGHBOUR_GAP


Placed = TypeVar("Placed", bound=Rectangle)


def walk(booths: Iterable[Placed]) -> list[Placed]:
    """The order in which one walks past booths: along a row, and back along the next one."""
    rows: dict[int, list[Placed]] = {}
    for booth in booths:
        rows.setdefault(booth.y, []).append(booth)
    found: list[Placed] = []
    for number, y in enumerate(sorted(rows)):
        found += sorted(rows[y], key=lambda booth: booth.x, reverse=number % 2 == 1)
    return found


def free_spot(
    taken: Sequence[Rectangle], *, width: int, depth: int, hall_width: int, hall_depth: int
) -> Area | None:
    """The first place from the upper left where a rectangle fits, or None."""
    for y in range(hall_depth - depth + 1):
        for x in range(hall_width - width + 1):
            area = Area(x, y, width, depth)
            if not any(overlap(area, other) for other in taken):
                return area
    return None
