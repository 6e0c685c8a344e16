"""One drawing for each of the fifteen industries (行业图标), on a 48 grid with strokes of 2.

A drawing is a list of polylines, so that the web (SVG) and the covers (Pillow) show the same one.
The files in ``static/site/img/industries/`` are written from here; a test keeps them in step.
"""

import math
from functools import cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

Point = tuple[float, float]
Line = list[Point]


def _line(*numbers: float) -> Line:
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _arc(x: float, y: float, rx: float, ry: float, *turn: float) -> Line:
    """Run clockwise between the two angles of ``turn``, 0 at three o'clock, or all round."""
    start, end = turn or (0, 360)
    count = max(6, round(abs(end - start) / 10))
    angles = (math.radians(start + (end - start) * i / count) for i in range(count + 1))
    return [(x + rx * math.cos(a), y + ry * math.sin(a)) for a in angles]


def _curve(*numbers: float) -> Line:
    """Join cubic Bézier curves: start, then two controls and an end for each."""
    points = _line(*numbers)
    drawn = [points[0]]
    for i in range(0, len(points) - 1, 3):
        a, b, c, d = points[i : i + 4]
        for step in range(1, 11):
            t, u = step / 10, 1 - step / 10
            weights = (u**3, 3 * u * u * t, 3 * u * t * t, t**3)
            x, y = (
                sum(w * p[k] for w, p in zip(weights, (a, b, c, d), strict=True)) for k in (0, 1)
            )
            drawn.append((x, y))
    return drawn


def _rect(x: float, y: float, width: float, height: float) -> Line:
    return _line(x, y, x + width, y, x + width, y + height, x, y + height, x, y)


def _hexagon(x: float, y: float, radius: float) -> Line:
    return [
        (x + radius * math.sin(math.radians(60 * i)), y - radius * math.cos(math.radians(60 * i)))
        for i in range(7)
    ]


def _strand(phase: float) -> Line:
    return [
        (24 + 9 * math.sin(math.pi * (y - 5) / 19 + phase), y)
        for y in (5 + 38 * i / 30 for i in range(31))
    ]


DRAWINGS: dict[str, list[Line]] = {
    "iot": [
        _arc(24, 22, 3.5, 3.5),
        _arc(24, 22, 10, 10, -50, 50),
        _arc(24, 22, 10, 10, 130, 230),
        _arc(24, 22, 17, 17, -50, 50),
        _arc(24, 22, 17, 17, 130, 230),
        _line(24, 25.5, 24, 42),
        _line(16, 42, 32, 42),
    ],
    "cloud": [
        [
            *_arc(14, 25, 8, 8, 90, 262),
            *_arc(24, 17.5, 10.5, 10.5, 205, 345),
            *_arc(35, 26, 7, 7, -88, 90),
            (14, 33),
        ],
        _line(17, 39, 17, 43),
        _line(24, 37, 24, 43),
        _line(31, 39, 31, 43),
    ],
    "software_outsourcing": [
        _rect(6, 8, 36, 28),
        _line(6, 15, 42, 15),
        _line(19, 21, 14, 25.5, 19, 30),
        _line(29, 21, 34, 25.5, 29, 30),
        _line(26, 20, 22, 31),
        _line(16, 42, 32, 42),
    ],
    "equipment": [
        _line(7, 42, 27, 42),
        _line(12, 42, 14, 33),
        _line(22, 42, 20, 33),
        _arc(17, 29.5, 4.5, 4.5),
        _line(19.5, 25.6, 27, 14.5),
        _arc(29.5, 11, 4, 4),
        _line(33, 13, 39, 19),
        _line(33.5, 24.5, 36.5, 19, 41, 18.5),
        _line(38.5, 28, 42.5, 24, 41, 18.5),
    ],
    "bio": [
        _strand(math.pi / 2),
        _strand(-math.pi / 2),
        _line(16, 8, 32, 8),
        _line(18, 19, 30, 19),
        _line(15, 24, 33, 24),
        _line(18, 29, 30, 29),
        _line(16, 40, 32, 40),
    ],
    "environment": [
        _curve(13, 34, 5, 20, 17, 6, 41, 7, 43, 26, 31, 42, 13, 34),
        _line(7, 42, 13, 34, 30, 18),
        _line(20, 27.5, 20, 19),
        _line(22, 25.6, 31, 26.5),
    ],
    "new_energy": [
        _arc(33, 12, 4.5, 4.5),
        _line(33, 3, 33, 4.5),
        _line(42, 12, 40.5, 12),
        _line(39.3, 5.7, 38.2, 6.8),
        _line(26.7, 5.7, 27.8, 6.8),
        _line(39.3, 18.3, 38.2, 17.2),
        _line(12, 22, 34, 22, 40, 42, 6, 42, 12, 22),
        _line(9, 32, 37, 32),
        _line(19.3, 22, 17.3, 42),
        _line(26.7, 22, 28.7, 42),
    ],
    "new_materials": [
        _hexagon(24, 14, 9),
        _hexagon(16.2, 27.5, 9),
        _hexagon(31.8, 27.5, 9),
        _line(24, 32, 24, 41),
        _arc(24, 42.5, 1.5, 1.5),
    ],
    "textile": [
        _rect(9, 6, 24, 5),
        _rect(9, 37, 24, 5),
        _line(13, 11, 13, 37),
        _line(29, 11, 29, 37),
        _line(13, 18, 29, 15),
        _line(13, 23.5, 29, 20.5),
        _line(13, 29, 29, 26),
        _line(13, 34.5, 29, 31.5),
        _curve(29, 31.5, 36, 30, 34, 20, 39, 20, 44, 20, 42, 34, 37, 42),
    ],
    "auto": [
        _line(5, 34, 5, 26, 12, 23, 17, 14, 32, 14, 38, 23, 43, 25, 43, 34, 39.5, 34),
        _line(5, 34, 9, 34),
        _line(18, 34, 30, 34),
        _line(12, 23, 38, 23),
        _line(24.5, 14, 24.5, 23),
        _arc(13.5, 34, 4.5, 4.5),
        _arc(34.8, 34, 4.5, 4.5),
    ],
    "food": [
        [*_arc(24, 23, 18, 16, 0, 180), (42, 23)],
        _line(17, 43, 31, 43),
        _line(18.5, 38, 17, 43),
        _line(29.5, 38, 31, 43),
        _curve(17, 17, 13, 13, 21, 10, 17, 5),
        _curve(24, 17, 20, 13, 28, 10, 24, 5),
        _curve(31, 17, 27, 13, 35, 10, 31, 5),
    ],
    "creative": [
        _line(41, 5, 43, 7, 27, 25),
        _line(41, 5, 23, 21),
        _line(23, 21, 27, 25, 23.5, 28.5, 19.5, 24.5, 23, 21),
        _curve(19.5, 24.5, 12, 26, 15, 33, 8, 36, 16, 39, 24, 36, 23.5, 28.5),
        _curve(6, 43, 14, 39.5, 22, 45, 30, 42, 35, 40.5, 38, 41, 42, 43),
    ],
    "finance": [
        _arc(24, 24, 18, 18),
        _rect(18, 18, 12, 12),
        _line(24, 10, 24, 13.5),
        _line(24, 34.5, 24, 38),
        _line(10, 24, 13.5, 24),
        _line(34.5, 24, 38, 24),
    ],
    "tourism": [
        _line(24, 3, 24, 8),
        _curve(13, 17, 18, 16, 22, 13, 24, 8, 26, 13, 30, 16, 35, 17),
        _line(18, 17, 18, 22),
        _line(30, 17, 30, 22),
        _curve(10, 27, 14, 26, 17, 24, 18, 22),
        _curve(38, 27, 34, 26, 31, 24, 30, 22),
        _line(18, 22, 30, 22),
        _line(10, 27, 38, 27),
        _line(16, 27, 16, 36),
        _line(32, 27, 32, 36),
        _line(24, 30, 24, 36),
        _line(12, 36, 36, 36),
        _curve(5, 43, 11, 39, 13, 39, 18, 42, 23, 45, 26, 45, 31, 42, 36, 39, 38, 39, 43, 42),
    ],
    "ecommerce": [
        _line(10, 15, 38, 15, 42, 43, 6, 43, 10, 15),
        [(16, 21), *_arc(24, 13, 8, 8, 180, 360), (32, 21)],
        _line(17, 31, 22, 36, 31, 27),
    ],
}
INDUSTRY_CODES = tuple(DRAWINGS)


def svg_path(lines: list[Line]) -> str:
    """Write polylines as the ``d`` of an SVG path, to a tenth of a unit."""
    return "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in line) for line in lines)


@cache
def glyph_path(industry_code: str) -> str:
    return svg_path(DRAWINGS[industry_code])


def glyph_svg(industry_code: str, *, css_class: str = "") -> SafeString:
    """Draw the industry's glyph for the eye only; an unknown code draws nothing."""
    if industry_code not in DRAWINGS:
        return SafeString("")
    return format_html(
        '<svg class="glyph {}" viewBox="0 0 48 48" aria-hidden="true" focusable="false">'
        '<path d="{}"/></svg>',
        css_class,
        mark_safe(glyph_path(industry_code)),  # noqa: S308  numbers of this module
    )


def glyph_file(industry_code: str) -> str:
    """Write one glyph as a file of its own, for documents and mails."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" fill="none" stroke="#0c5f5b"'
        ' stroke-width="2" stroke-linecap="round" stroke-linejoin="round">'
        f'<path d="{glyph_path(industry_code)}"/></svg>\n'
    )


def sprite_file() -> str:
    """Write all glyphs as one file of symbols; the code is the symbol's id."""
    symbols = "".join(
        f'<symbol id="{code}" viewBox="0 0 48 48"><path d="{glyph_path(code)}"/></symbol>\n'
        for code in INDUSTRY_CODES
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}</svg>\n'
