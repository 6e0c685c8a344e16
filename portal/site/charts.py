"""Geometry of the charts: numbers in, marks in percent and pixels out, with the table beneath.

Widths are percentages of the figure's width and text keeps its size, so a chart fits a phone
without shrinking its labels. Series are numbered from 1; the style sheet gives each its colour
and the templates its hatching.
"""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from operator import attrgetter

from django.utils.translation import gettext as _

FULL = 80.0
NARROWEST, VALUE_GAP = 288, 8  # pixels: a chart on the smallest phone, between bar and value
LETTER, HANZI = 8.5, 14.5
BAR_ROW, FUNNEL_ROW, HEAT_ROW = 50, 54, 38
GROUP_BAR, GROUP_HEAD = 24, 30
PLOT_HEIGHT = 200
PLOT_LEFT, PLOT_WIDTH = 7, 90
LABEL_GAP = 9
ROUND = (1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10)
SHADES = 5
TILE = 72
# Column and row of each district, roughly where it lies on the map.
DISTRICT_TILES = {
    "330110": (1, 0),
    "330105": (2, 0),
    "330113": (3, 0),
    "330112": (0, 1),
    "330106": (1, 1),
    "330102": (2, 1),
    "330114": (3, 1),
    "330111": (1, 2),
    "330108": (2, 2),
    "330109": (3, 2),
    "330122": (1, 3),
    "330127": (0, 4),
    "330182": (1, 4),
}


@dataclass(frozen=True)
class Mark:
    """One drawn part: a bar, a segment, a cell or a point."""

    label: str
    shown: str
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0
    middle: float = 0
    series: int = 1
    url: str = ""
    note: str = ""


@dataclass
class Chart:
    """What the chart templates draw, and the table under it."""

    title: str
    marks: list[Mark]
    height: int
    head: list[str]
    table: list[list[str]]
    legend: list[tuple[int, str]] = field(default_factory=list)
    across: list[Mark] = field(default_factory=list)
    down: list[Mark] = field(default_factory=list)
    names: list[Mark] = field(default_factory=list)

    @property
    def uid(self) -> str:
        """An id for its title and patterns: the same for the same chart."""
        return f"chart-{zlib.crc32(f'{self.title}{self.table}'.encode()):08x}"

    @property
    def hatched(self) -> list[int]:
        return [number for number, _label in self.legend if number > 1]


def shown(value: float | None, unit: str = "") -> str:
    """Write a number for people, thousands parted, with its unit; unknown is a dash."""
    if value is None:
        return "–"
    number = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
    return f"{number}{'' if unit == '%' else ' '}{unit}" if unit else number


def _full_bar(values: Iterable[str]) -> float:
    """How far the longest bar may go, so that the longest value fits beside it on a phone."""
    widths = (sum(LETTER if each.isascii() else HANZI for each in value) for value in values)
    return min(FULL, round(100 - 100 * (max(widths, default=0) + VALUE_GAP) / NARROWEST, 1))


def _share(value: float, largest: float, full: float = FULL) -> float:
    return round(full * value / largest, 2) if largest else 0


def _legend(series: Sequence[str]) -> list[tuple[int, str]]:
    return list(enumerate(map(str, series), 1))


def _table(rows: Sequence[dict], unit: str) -> list[list[str]]:
    return [[str(row["label"]), *(shown(value, unit) for value in row["values"])] for row in rows]


def lay_out_bars(rows: Sequence[dict], title: str, unit: str) -> Chart:
    largest = max((row["value"] for row in rows), default=0)
    full = _full_bar(shown(row["value"], unit) for row in rows)
    marks = [
        Mark(
            label=str(row["label"]),
            shown=shown(row["value"], unit),
            y=place * BAR_ROW,
            width=_share(row["value"], largest, full),
            url=row.get("url", ""),
        )
        for place, row in enumerate(rows)
    ]
    table = [[mark.label, mark.shown] for mark in marks]
    return Chart(title, marks, len(rows) * BAR_ROW, [_("What"), _("Value")], table)


def lay_out_stack(rows: Sequence[dict], series: Sequence[str], title: str, unit: str) -> Chart:
    largest = max((sum(row["values"]) for row in rows), default=0)
    marks = []
    for place, row in enumerate(rows):
        ends = [_share(end, largest, 100) for end in accumulate(row["values"], initial=0)]
        marks += [
            Mark(
                label="" if number else str(row["label"]),
                shown=shown(amount, unit) if ends[number + 1] - ends[number] >= 8 else "",
                x=ends[number],
                y=place * BAR_ROW,
                width=round(ends[number + 1] - ends[number], 2),
                middle=round((ends[number] + ends[number + 1]) / 2, 2),
                series=number + 1,
            )
            for number, amount in enumerate(row["values"])
        ]
    head = [_("What"), *map(str, series)]
    return Chart(
        title, marks, len(rows) * BAR_ROW, head, _table(rows, unit), legend=_legend(series)
    )


def lay_out_groups(rows: Sequence[dict], series: Sequence[str], title: str, unit: str) -> Chart:
    largest = max((value for row in rows for value in row["values"]), default=0)
    full = _full_bar(shown(value, unit) for row in rows for value in row["values"])
    row_height = GROUP_HEAD + GROUP_BAR * len(series)
    marks = [
        Mark(
            label="" if number else str(row["label"]),
            shown=shown(amount, unit),
            y=place * row_height + GROUP_BAR * number,
            width=_share(amount, largest, full),
            series=number + 1,
        )
        for place, row in enumerate(rows)
        for number, amount in enumerate(row["values"])
    ]
    head = [_("What"), *map(str, series)]
    return Chart(
        title, marks, len(rows) * row_height, head, _table(rows, unit), legend=_legend(series)
    )


def lay_out_funnel(rows: Sequence[dict], title: str, unit: str) -> Chart:
    """Centre each step's bar; a step's note says which share of the step before it kept.

    A step that more reach than the one before, which then is none they must take, has no note.
    """
    largest = max((row["value"] for row in rows), default=0)
    before = [None, *(row["value"] for row in rows)]
    marks = [
        Mark(
            label=str(row["label"]),
            shown=shown(row["value"], unit),
            x=round((100 - _share(row["value"], largest, 100)) / 2, 2),
            y=place * FUNNEL_ROW,
            width=_share(row["value"], largest, 100),
            url=row.get("url", ""),
            note=_kept(row["value"], before[place]),
        )
        for place, row in enumerate(rows)
    ]
    table = [[mark.label, mark.shown, mark.note or "–"] for mark in marks]
    head = [_("Step"), _("Count"), _("Of the step before")]
    return Chart(title, marks, len(rows) * FUNNEL_ROW, head, table)


def _kept(value: float, before: float | None) -> str:
    return shown(100 * value / before, "%") if before and value <= before else ""


def lay_out_lines(labels: Sequence[str], series: Sequence[dict], title: str, unit: str) -> Chart:
    """Place points in a box of 100 × 100; ``series`` are ``{label, values}``, gaps are ``None``."""
    known = [value for one in series for value in one["values"] if value is not None]
    largest = _round_up(max(known, default=0))
    first, step = PLOT_LEFT, PLOT_WIDTH / max(len(labels) - 1, 1)
    if len(labels) == 1:
        first += PLOT_WIDTH // 2
    marks = [
        Mark(
            label=str(labels[place]),
            shown=shown(value, unit),
            x=round(first + place * step, 2),
            y=round(100 - _share(value, largest, 100), 2),
            series=number,
        )
        for number, one in enumerate(series, 1)
        for place, value in enumerate(one["values"])
        if value is not None
    ]
    every = max(1, len(labels) // 6)
    across = [
        Mark(label=str(label), shown="", x=round(first + place * step, 2))
        for place, label in enumerate(labels)
        if place % every == 0
    ]
    down = [
        Mark(label=shown(largest * part, unit), shown="", y=round(100 - 100 * part, 2))
        for part in (0, 0.5, 1)
    ]
    head = [_("When"), *(str(one["label"]) for one in series)]
    table = [
        [str(label), *(shown(one["values"][place], unit) for one in series)]
        for place, label in enumerate(labels)
    ]
    legend = _legend([one["label"] for one in series])
    names = _name_lines(marks, dict(legend))
    return Chart(
        title, marks, PLOT_HEIGHT, head, table, legend=legend, across=across, down=down, names=names
    )


def _name_lines(marks: Sequence[Mark], names: dict[int, str]) -> list[Mark]:
    """Put each line's name above its last point, moved up where names would touch."""
    last = {mark.series: mark for mark in marks}
    placed: list[Mark] = []
    for mark in sorted(last.values(), key=attrgetter("y"), reverse=True):
        lowest = placed[-1].y - LABEL_GAP if placed else 100
        placed.append(replace(mark, label=names[mark.series], y=round(min(mark.y, lowest), 2)))
    return placed


def _round_up(value: float) -> float:
    """Return the next round number at or above ``value``."""
    if value <= 0:
        return 1
    power = 10 ** (len(str(int(value))) - 1) if value >= 1 else 0.1
    return next(power * factor for factor in ROUND if power * factor >= value)


def _shade(value: float | None, largest: float) -> int:
    """Return 0 for nothing, else 1 to ``SHADES`` by the share of the largest value."""
    if not value:
        return 0
    return max(1, min(SHADES, -int(-value * SHADES // largest)))


def lay_out_heat(rows: Sequence[dict], columns: Sequence[str], title: str, unit: str) -> Chart:
    """Place a cell for each row and column; the first quarter of the width is for row labels."""
    largest = max((value or 0 for row in rows for value in row["values"]), default=0)
    width = 78 / max(len(columns), 1)
    marks = [
        Mark(
            label=f"{row['label']}, {columns[column]}",
            shown=shown(value) if value is not None else "",
            x=round(22 + column * width, 2),
            y=place * HEAT_ROW,
            width=round(width - 0.4, 2),
            middle=round(22 + (column + 0.5) * width, 2),
            series=_shade(value, largest),
        )
        for place, row in enumerate(rows)
        for column, value in enumerate(row["values"])
    ]
    down = [
        Mark(label=str(row["label"]), shown="", y=place * HEAT_ROW)
        for place, row in enumerate(rows)
    ]
    across = [
        Mark(label=str(name), shown="", x=round(22 + (column + 0.5) * width, 2))
        for column, name in enumerate(columns)
    ]
    head = [_("What"), *map(str, columns)]
    return Chart(
        title, marks, len(rows) * HEAT_ROW, head, _table(rows, unit), across=across, down=down
    )


def lay_out_districts(rows: Sequence[dict], title: str, unit: str) -> Chart:
    """Place each district of ``rows`` (``{code, label, value, url}``) on its tile of the map."""
    largest = max((row["value"] for row in rows), default=0)
    marks = [
        Mark(
            label=str(row["label"]),
            shown=shown(row["value"]),
            x=DISTRICT_TILES[row["code"]][0] * TILE,
            y=DISTRICT_TILES[row["code"]][1] * TILE,
            series=_shade(row["value"], largest),
            url=row.get("url", ""),
        )
        for row in rows
        if row["code"] in DISTRICT_TILES
    ]
    table = [[str(row["label"]), shown(row["value"], unit)] for row in rows]
    return Chart(title, marks, 5 * TILE, [_("District"), _("Value")], table)


def lay_out_contributions(parts: Sequence[dict], title: str) -> Chart:
    """Cut one bar by what each part gives; ``parts`` are ``{label, value}`` of any sum.

    A part with ``is_rest`` is what nobody gives; it stays pale.
    """
    total = sum(part["value"] for part in parts) or 1
    ends = [
        round(100 * end / total, 2) for end in accumulate((p["value"] for p in parts), initial=0)
    ]
    marks = [
        Mark(
            label=str(part["label"]),
            shown=shown(round(100 * part["value"] / total), "%"),
            x=ends[number],
            width=round(ends[number + 1] - ends[number], 2),
            middle=round((ends[number] + ends[number + 1]) / 2, 2),
            series=0 if part.get("is_rest") else number + 1,
        )
        for number, part in enumerate(parts)
    ]
    table = [[mark.label, mark.shown] for mark in marks]
    legend = [(mark.series, f"{mark.label} {mark.shown}") for mark in marks if mark.width]
    return Chart(title, marks, 24, [_("What"), _("Share")], table, legend=legend)
