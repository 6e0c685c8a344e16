"""Numbers for everybody: no cell of fewer than three organizations on either side (小单元抑制).

Time is cut into batches of whole months, each with at least three sellers and three buyers; what
is not enough waits for the next one. Every published number is a sum of whole batches, or of
cells that a closed set of batches was cut into once and for all. So is every difference of two
of them, today or over time: it holds three organizations at least, or nothing.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

LEAST = 3
REST = ""


@dataclass
class Cell:
    """Contracts or payments put together: their amounts, and who stands behind them."""

    key: Any
    count: int = 0
    amount: Decimal = Decimal(0)
    received: Decimal = Decimal(0)
    sellers: set[Hashable] = field(default_factory=set)
    buyers: set[Hashable] = field(default_factory=set)

    @property
    def is_safe(self) -> bool:
        return len(self.sellers) >= LEAST and len(self.buyers) >= LEAST

    def add(self, other: "Cell") -> "Cell":
        return Cell(
            self.key,
            self.count + other.count,
            self.amount + other.amount,
            self.received + other.received,
            self.sellers | other.sellers,
            self.buyers | other.buyers,
        )


def close_batches(months: Iterable[Cell]) -> list[Cell]:
    """Put months, in order, together until each batch is safe; the rest at the end is held back.

    A batch is called after its last month.
    """
    closed: list[Cell] = []
    waiting: Cell | None = None
    for month in months:
        waiting = month if waiting is None else waiting.add(month)
        waiting.key = month.key
        if waiting.is_safe:
            closed.append(waiting)
            waiting = None
    return closed


def merge_small(cells: Iterable[Cell]) -> list[Cell]:
    """Put unsafe cells together as ``REST``, with the smallest safe ones while that is unsafe.

    The safe ones come first, the largest amount in front. Nothing is returned when even the
    whole is unsafe.
    """
    ordered = sorted(cells, key=lambda cell: (-cell.amount, str(cell.key)))
    safe = [cell for cell in ordered if cell.is_safe]
    small = [cell for cell in ordered if not cell.is_safe]
    if not small:
        return safe
    rest = Cell(REST)
    for cell in small:
        rest = rest.add(cell)
    while not rest.is_safe and safe:
        rest = rest.add(safe.pop())
    return [*safe, rest] if rest.is_safe else []
