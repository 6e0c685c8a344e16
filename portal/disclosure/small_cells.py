"""Which cells of published tables are withheld, so that no small one can be computed (小单元抑制).

A cell with one or two organizations behind it says too much about them; so does whatever lets it be
computed from totals, or from another table over the same rows or columns. A cell with nobody behind
it is shown: there is nobody to protect.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

FEWEST = 3

Key = frozenset[tuple[str, str]]
Equation = tuple[Key, tuple[Key, ...]]  # a total, and the cells that add up to it


@dataclass(frozen=True)
class Cell:
    """A number, and how many organizations stand behind it."""

    value: int
    organizations: int


@dataclass(frozen=True)
class Table:
    """Counts of two dimensions with their totals; tables with a dimension in common share margins.

    ``rows`` and ``columns`` name the dimensions. The totals' numbers of organizations are given,
    because one organization may stand behind several cells.
    """

    rows: str
    columns: str
    cells: Mapping[tuple[str, str], Cell]
    row_totals: Mapping[str, Cell]
    column_totals: Mapping[str, Cell]
    total: Cell

    def key(self, row: str | None = None, column: str | None = None) -> Key:
        """What a cell or total is, in whichever table it stands."""
        return frozenset(
            (name, label)
            for name, label in ((self.rows, row), (self.columns, column))
            if label is not None
        )

    def all_cells(self) -> dict[Key, Cell]:
        found = {self.key(row, column): cell for (row, column), cell in self.cells.items()}
        found |= {self.key(row=row): cell for row, cell in self.row_totals.items()}
        found |= {self.key(column=column): cell for column, cell in self.column_totals.items()}
        return found | {self.key(): self.total}

    def equations(self) -> list[Equation]:
        """Every sum that a reader can take."""
        rows, columns = list(self.row_totals), list(self.column_totals)
        return [
            *((self.key(row=r), tuple(self.key(r, c) for c in columns)) for r in rows),
            *((self.key(column=c), tuple(self.key(r, c) for r in rows)) for c in columns),
            (self.key(), tuple(self.key(row=row) for row in rows)),
            (self.key(), tuple(self.key(column=column) for column in columns)),
        ]


def withheld_cells(tables: Sequence[Table]) -> frozenset[Key]:
    """Return the cells of tables published together that must be left out.

    First every cell of one or two organizations, then, as long as one of what is withheld can be
    computed, another cell of a sum that gives it away.
    """
    cells: dict[Key, Cell] = {}
    equations: list[Equation] = []
    for table in tables:
        cells |= table.all_cells()
        equations += table.equations()
    withheld = {key for key, cell in cells.items() if 0 < cell.organizations < FEWEST}
    while computed := computable_cells(cells, equations, withheld):
        withheld.add(_next(cells, equations, withheld, computed))
    return frozenset(withheld)


def published(table: Table, withheld: frozenset[Key]) -> dict[Key, int | None]:
    """The table's numbers; None where one is withheld."""
    return {key: None if key in withheld else cell.value for key, cell in table.all_cells().items()}


def computable_cells(
    cells: Mapping[Key, Cell], equations: Iterable[Equation], withheld: set[Key]
) -> set[Key]:
    """Those of the withheld cells that a reader of the rest can compute.

    By sums and differences of any number of equations; and where what is missing from a sum of
    cells is as small as it can be, because whoever knows this rule knows that each is at least 1.
    """
    equations = list(equations)
    found = _determined(equations, withheld)
    for total, parts in equations:
        hidden = [key for key in parts if key in withheld]
        if hidden and total not in withheld:
            shown = sum(cells[key].value for key in parts if key not in withheld)
            if cells[total].value - shown <= len(hidden):
                found |= {*hidden}
    return found


def _determined(equations: Iterable[Equation], withheld: set[Key]) -> set[Key]:
    """Cells that the equations fix: by exact elimination, a row with one unknown left."""
    rows: list[dict[Key, Fraction]] = []
    for total, parts in equations:
        row = {key: Fraction(1) for key in parts if key in withheld}
        if total in withheld:
            row[total] = row.get(total, Fraction(0)) - 1
        for pivot in rows:
            row = _without(row, pivot)
        if row:
            rows = [_without(other, row) for other in rows] + [row]
    return {next(iter(row)) for row in rows if len(row) == 1}


def _without(row: dict[Key, Fraction], pivot: dict[Key, Fraction]) -> dict[Key, Fraction]:
    """``row`` less the multiple of ``pivot`` that takes the pivot's first unknown out."""
    unknown = next(iter(pivot))
    if row is pivot or unknown not in row:
        return row
    factor = row[unknown] / pivot[unknown]
    keys = [*row, *(key for key in pivot if key not in row)]
    values = {key: row.get(key, Fraction(0)) - factor * pivot.get(key, 0) for key in keys}
    return {key: value for key, value in values.items() if value}


def _next(
    cells: Mapping[Key, Cell],
    equations: Iterable[Equation],
    withheld: set[Key],
    computed: set[Key],
) -> Key:
    """The cell to leave out next: of the sums that give one away, one that helps most of them."""
    sums = [{total, *parts} for total, parts in equations]
    lone = [keys - withheld for keys in sums if len(keys & withheld) == 1 and keys & computed]
    near = [keys - withheld for keys in sums if keys & computed]
    helpful = [keys for keys in lone if keys] or [keys for keys in near if keys]
    candidates = {key for keys in helpful for key in keys} or cells.keys() - withheld
    return min(
        candidates,
        key=lambda key: (
            cells[key].organizations == 0,
            -len(key),
            -sum(key in keys for keys in helpful),
            cells[key].organizations,
            sorted(key),
        ),
    )
