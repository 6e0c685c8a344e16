"""No cell of one or two organizations can be computed from what is published."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings, strategies as st

from portal.disclosure.small_cells import Cell, Table, published, withheld_cells

INDUSTRIES, YEARS, DISTRICTS = ("材料", "生物", "软件"), ("2025", "2026"), ("上城", "滨江")


def make_table(dimensions, numbers, row_labels, column_labels):
    """A table of organizations counted once each, so that every total is the sum of its cells."""
    cells = {
        (row, column): Cell(number, number)
        for (row, column), number in zip(product(row_labels, column_labels), numbers, strict=True)
    }

    def add(keys):
        number = sum(cells[key].value for key in keys)
        return Cell(number, number)

    return Table(
        *dimensions,
        cells,
        {r: add([(r, c) for c in column_labels]) for r in row_labels},
        {c: add([(r, c) for r in row_labels]) for c in column_labels},
        add(list(cells)),
    )


def by_year(*numbers):
    return make_table(("industry", "year"), numbers, INDUSTRIES, YEARS)


def by_district(*numbers):
    return make_table(("industry", "district"), numbers, INDUSTRIES, DISTRICTS)


def hidden(tables):
    return {tuple(sorted(label for _name, label in key)) for key in withheld_cells(tables)}


def test_a_table_of_large_cells_is_published_whole():
    table = by_year(3, 4, 5, 6, 7, 8)

    assert withheld_cells([table]) == frozenset()
    assert published(table, frozenset())[table.key()] == 33


def test_an_empty_cell_is_shown():
    assert hidden([by_year(0, 4, 5, 6, 7, 8)]) == set()


def test_a_small_cell_takes_three_others_with_it():
    """With its own row and column, and the corner between them."""
    assert hidden([by_year(2, 9, 5, 6, 7, 8)]) == {
        ("2025", "材料"),
        ("2026", "材料"),
        ("2025", "生物"),
        ("2026", "生物"),
    }


def test_a_total_of_few_organizations_is_withheld_although_each_of_its_numbers_is_large():
    table = by_year(30, 40, 50, 60, 70, 80)
    totals = {**table.row_totals, "材料": Cell(70, 2)}
    table = Table("industry", "year", table.cells, totals, table.column_totals, table.total)

    assert table.key(row="材料") in withheld_cells([table])


def test_two_cells_of_one_are_not_told_by_the_sum_of_two():
    """Whoever knows the rule knows that each is at least one; so a third one goes."""
    table = by_year(1, 1, 5, 6, 7, 8)
    row = [key for key in withheld_cells([table]) if ("industry", "材料") in key]

    assert len(row) > 2 or table.key(row="材料") in withheld_cells([table])


def test_a_shared_margin_gives_nothing_away():
    """The same industry total stands in both tables: out of one, out of both."""
    years, districts = by_year(1, 1, 5, 6, 7, 8), by_district(1, 1, 5, 6, 7, 8)
    together = withheld_cells([years, districts])

    assert years.key(row="材料") == districts.key(row="材料")
    assert published(years, together)[years.key(row="材料")] is None
    assert published(districts, together)[districts.key(row="材料")] is None


small = st.integers(0, 3)


@given(st.lists(small, min_size=6, max_size=6))
@settings(max_examples=15, deadline=None)
def test_every_withheld_cell_has_more_than_one_possible_value(numbers):
    """By trying all: the whole numbers that fit what is published leave it open."""
    table = by_year(*numbers)
    withheld = withheld_cells([table])
    shown = published(table, withheld)
    unknown = [key for key in shown if len(key) == 2 and shown[key] is None]
    values: dict = {key: set() for key in withheld}
    for guess in product(range(5), repeat=len(unknown)):
        fitting = shown | dict(zip(unknown, guess, strict=True))
        full = fill_totals(table, fitting)
        if all(full[key] == value for key, value in shown.items() if value is not None):
            for key in withheld:
                values[key].add(full[key])

    assert {key for key, found in values.items() if len(found) < 2} == set()
    small_ones = {key for key, cell in table.all_cells().items() if cell.organizations in {1, 2}}
    assert small_ones <= withheld


def fill_totals(table, cells):
    rows, columns = list(table.row_totals), list(table.column_totals)
    full = {key: value for key, value in cells.items() if len(key) == 2}
    full |= {table.key(row=r): sum(full[table.key(r, c)] for c in columns) for r in rows}
    full |= {table.key(column=c): sum(full[table.key(r, c)] for r in rows) for c in columns}
    full[table.key()] = sum(full[table.key(r, c)] for r in rows for c in columns)
    return full


@st.composite
def two_tables(draw):
    """Organizations of one industry, year and district each, counted in two tables."""
    people = draw(
        st.lists(
            st.tuples(
                st.sampled_from(INDUSTRIES), st.sampled_from(YEARS), st.sampled_from(DISTRICTS)
            ),
            min_size=1,
            max_size=30,
        )
    )
    years = [sum((i, y) == each[:2] for each in people) for i, y in product(INDUSTRIES, YEARS)]
    districts = [
        sum((i, d) == (each[0], each[2]) for each in people)
        for i, d in product(INDUSTRIES, DISTRICTS)
    ]
    return by_year(*years), by_district(*districts)


def rank(rows):
    """The rank of a matrix of whole numbers, by elimination without a fraction rounded."""
    rows, found = [[Fraction(x) for x in row] for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in rows[found:] if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        rows.insert(found, pivot)
        for at, row in enumerate(rows):
            if at != found and row[column]:
                factor = row[column] / pivot[column]
                rows[at] = [x - factor * y for x, y in zip(row, pivot, strict=True)]
        found += 1
    return found


@given(two_tables())
@settings(max_examples=150, deadline=None)
def test_no_sums_and_differences_of_two_tables_give_a_withheld_cell(tables):
    """A cell is computable where the equations have the same rank with and without its own."""
    withheld = sorted(withheld_cells(tables), key=sorted)
    matrix = [
        [int(key in parts) - int(key == total) for key in withheld]
        for table in tables
        for total, parts in table.equations()
    ]
    base = rank(matrix) if withheld else 0
    units = [[int(at == here) for at in range(len(withheld))] for here in range(len(withheld))]

    assert [
        key for key, unit in zip(withheld, units, strict=True) if rank([*matrix, unit]) == base
    ] == []


@pytest.mark.parametrize("number", [1, 2])
def test_a_single_cell_takes_every_total_with_it(number):
    table = make_table(("industry", "year"), [number], INDUSTRIES[:1], YEARS[:1])

    assert withheld_cells([table]) == frozenset(table.all_cells())
