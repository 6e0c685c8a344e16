"""Rectangles on the grid of a hall: what overlaps, what is beside what, the way between them."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

NEIGHBOUR_GAP = 1  # cells; a wider aisle parts two booths
STEPS = ((1, 0), (-1, 0), (0, 1), (0, -1))
Cell = tuple[int, int]


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


def aisle_way(
    stops: Iterable[Rectangle], booths: Iterable[Rectangle], width: int, depth: int
) -> list[Cell]:
    """The corners of the shortest way along free cells from the front of one stop to the next.

    A stop that is walled in is left out.
    """
    taken = {
        (x, y)
        for booth in booths
        for x in range(booth.x, booth.x + booth.width)
        for y in range(booth.y, booth.y + booth.depth)
    }

    def is_free(cell: Cell) -> bool:
        return 0 <= cell[0] < width and 0 <= cell[1] < depth and cell not in taken

    starts: list[Cell] = []
    way: list[Cell] = []
    for stop in stops:
        fronts = [cell for cell in _fronts(stop) if is_free(cell)]
        leg = _shortest(starts, fronts, is_free)
        way += leg
        starts = leg[-1:] or starts or fronts
    return _corners(way)


def _fronts(booth: Rectangle) -> list[Cell]:
    """The cell before the middle of each side."""
    across, down = booth.x + booth.width // 2, booth.y + booth.depth // 2
    return [
        (across, booth.y - 1),
        (across, booth.y + booth.depth),
        (booth.x - 1, down),
        (booth.x + booth.width, down),
    ]


def _shortest(
    starts: Sequence[Cell], goals: Sequence[Cell], is_free: Callable[[Cell], bool]
) -> list[Cell]:
    """Cells from one of ``starts`` to the nearest of ``goals``; empty where no way leads."""
    before: dict[Cell, Cell | None] = dict.fromkeys(starts)
    waiting = deque(starts)
    while waiting:
        cell = waiting.popleft()
        if cell in goals:
            return _back(cell, before)
        for across, down in STEPS:
            beside = (cell[0] + across, cell[1] + down)
            if beside not in before and is_free(beside):
                before[beside] = cell
                waiting.append(beside)
    return []


def _back(cell: Cell | None, before: dict[Cell, Cell | None]) -> list[Cell]:
    way = []
    while cell is not None:
        way.append(cell)
        cell = before[cell]
    return way[::-1]


def _corners(way: Iterable[Cell]) -> list[Cell]:
    kept: list[Cell] = []
    for cell in way:
        if kept and kept[-1] == cell:
            continue
        if len(kept) > 1 and _direction(kept[-2], kept[-1]) == _direction(kept[-1], cell):
            kept.pop()
        kept.append(cell)
    return kept


def _direction(one: Cell, other: Cell) -> Cell:
    across, down = other[0] - one[0], other[1] - one[1]
    return (across > 0) - (across < 0), (down > 0) - (down < 0)
