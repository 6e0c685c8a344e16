"""Geometry of a hall's plan: booths in, rectangles and words in units of the drawing out."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .geometry import aisle_way
from .queries import Place, Plan

CELL, EDGE = 24, 26  # units of a cell, and of the rim with the numbers
HANZI, LETTER, LINE, GLYPH = 11.5, 6.2, 14, 14
INSET, HEAD, TICKS = 6, 16, 5
LAST_LETTER = 0x2E7F  # before the Han characters
PIECES = re.compile(r"[^\s\u2e80-\uffff]+\s*|[\u2e80-\uffff]\s*|\s+")


@dataclass(frozen=True)
class Drawn:
    """One booth as it is drawn."""

    place: Place
    url: str
    x: int
    y: int
    width: int
    height: int
    words: list[tuple[float, str]]
    glyph: str
    glyph_at: tuple[int, int]

    @property
    def head(self) -> tuple[int, int]:
        return self.x + INSET, self.y + HEAD

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def label(self) -> str:
        """What a screen reader says of it."""
        exhibitor = self.place.exhibitor
        return f"{self.place.booth.code} {exhibitor.label if exhibitor else _('vacant')}"

    @property
    def classes(self) -> str:
        place = self.place
        marks = {
            "free": place.exhibitor is None,
            "dim": place.is_dim,
            "chosen": place.is_chosen,
        }
        hues = [f"hue--{place.industry.code}"] if place.industry else []
        return " ".join(
            ["plan__booth", *hues, *(f"plan__booth--{mark}" for mark in marks if marks[mark])]
        )


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    cells_x: int
    cells_y: int
    booths: list[Drawn]
    stops: list[Drawn]
    route: str
    columns: list[tuple[int, int]]
    rows: list[tuple[int, int]]


def draw(plan: Plan, address: Callable[[Place], str], words: Callable[[Place], str]) -> Drawing:
    """Lay out a hall; ``address`` gives the page behind a booth, ``words`` what stands in it."""
    hall = plan.hall
    stops = plan.stops if plan.has_route else []
    numbered = {place.booth.pk for place in stops}
    booths = {
        place.booth.pk: _booth(
            place, address(place), words(place), has_glyph=place.booth.pk not in numbered
        )
        for place in plan.places
    }
    way = aisle_way(
        [place.booth for place in stops],
        [place.booth for place in plan.places],
        hall.width,
        hall.depth,
    )
    return Drawing(
        width=hall.width * CELL + 2 * EDGE,
        height=hall.depth * CELL + 2 * EDGE,
        cells_x=hall.width * CELL,
        cells_y=hall.depth * CELL,
        booths=list(booths.values()),
        stops=[booths[place.booth.pk] for place in stops],
        route=" ".join(f"{_middle(x)},{_middle(y)}" for x, y in way),
        columns=_ticks(hall.width),
        rows=_ticks(hall.depth),
    )


def _middle(cell: int) -> int:
    return EDGE + cell * CELL + CELL // 2


def _ticks(cells: int) -> list[tuple[int, int]]:
    """Where the numbers along the rim stand: the first cell, then every fifth."""
    return [(_middle(number - 1), number) for number in (1, *range(TICKS, cells + 1, TICKS))]


def _booth(place: Place, url: str, text: str, *, has_glyph: bool) -> Drawn:
    booth = place.booth
    x, y = EDGE + booth.x * CELL, EDGE + booth.y * CELL
    width, height = booth.width * CELL, booth.depth * CELL
    lines = (height - HEAD - INSET) // LINE
    words = wrap(text, width - 2 * INSET, lines) if lines > 0 else []
    code = place.industry.code if place.industry else ""
    has_room = width >= 2 * CELL and height >= 2 * CELL
    return Drawn(
        place=place,
        url=url,
        x=x,
        y=y,
        width=width,
        height=height,
        words=[(y + HEAD + LINE * number, word) for number, word in enumerate(words, start=1)],
        glyph=code if has_room and has_glyph else "",
        glyph_at=(x + width - GLYPH - 4, y + 3),
    )


def wrap(text: str, room: float, lines: int) -> list[str]:
    """Cut a name into lines of at most ``room`` units, Latin words whole where they fit.

    What is left over ends in an ellipsis.
    """
    found, line = [], ""
    for piece in _pieces(text, room):
        if line and _width((line + piece).rstrip()) > room:
            found.append(line)
            line = ""
        line += piece
    found.append(line)
    found = [each.strip() for each in found if each.strip()]
    if len(found) > lines:
        found = found[:lines]
        found[-1] = f"{found[-1][:-1]}…"
    return found


def _pieces(text: str, room: float) -> Iterator[str]:
    """Han characters one by one, other words with the gap behind them."""
    for piece in PIECES.findall(text):
        if _width(piece.rstrip()) > room:
            yield from piece
        else:
            yield piece


def _width(text: str) -> float:
    return sum(HANZI if ord(letter) > LAST_LETTER else LETTER for letter in text)
