"""Pictures for what has none: covers of listings (封面) and monograms of organizations.

A cover is a quiet line pattern seeded by the listing's code, in its industry's hue, with its
industry's glyph. The same lines become SVG for a page and a raster for Wagtail's renditions.
"""

import hashlib
import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from PIL import Image, ImageDraw

from .glyphs import DRAWINGS, Line, glyph_path

WIDTH, HEIGHT = 1200, 630
GLYPH_SIZE = 210
OVERSAMPLING = 2

Pattern = Callable[[random.Random, float], Iterator[Line]]


@dataclass(frozen=True)
class Palette:
    ground: str
    lines: str
    faint: str
    glyph: str


@dataclass(frozen=True)
class Cover:
    """What is drawn: strong and faint lines in pixels of 1200 × 630, and where the glyph stands."""

    palette: Palette
    strong: list[Line]
    faint: list[Line]
    glyph: list[Line]
    glyph_path: str
    glyph_at: tuple[float, float]
    stroke: float
    smooth: bool


def oklch(lightness: float, chroma: float, hue: float) -> str:
    """Return the hex of an OKLCH colour, so that every hue looks equally light."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return "#" + "".join(f"{_gamma(channel):02x}" for channel in linear)


def _gamma(channel: float) -> int:
    value = min(max(channel, 0), 1)
    curved = 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
    return round(255 * curved)


def _palette(chance: random.Random, hue: float) -> Palette:
    hue += chance.uniform(-9, 9)
    kind = chance.random()
    if kind < 0.45:
        return Palette(
            oklch(0.945, 0.022, hue),
            oklch(0.62, 0.075, hue),
            oklch(0.84, 0.04, hue),
            oklch(0.4, 0.08, hue),
        )
    if kind < 0.75:
        return Palette(
            oklch(0.85, 0.05, hue),
            oklch(0.55, 0.085, hue),
            oklch(0.76, 0.06, hue),
            oklch(0.33, 0.075, hue),
        )
    return Palette(
        oklch(0.37, 0.062, hue),
        oklch(0.64, 0.075, hue),
        oklch(0.47, 0.065, hue),
        oklch(0.95, 0.03, hue),
    )


def _steps(start: float, end: float, step: float) -> Iterator[float]:
    count = math.ceil((end - start) / step)
    return (start + (end - start) * i / count for i in range(count + 1))


def waves(chance: random.Random, step: float) -> Iterator[Line]:
    """Water seen from the bank: lines that calm down towards the horizon."""
    length, lean = chance.uniform(420, 780), chance.uniform(-0.12, 0.12)
    phase, beat = chance.uniform(0, math.tau), chance.uniform(1.4, 2.0)
    count = chance.randint(15, 24)
    for i in range(count + 1):
        depth = (i / count) ** 1.35
        base, swell = -40 + (HEIGHT + 90) * depth, 5 + 30 * depth
        yield [
            (
                x,
                base
                + lean * (x - WIDTH / 2)
                + swell * math.sin(math.tau * x / length + phase + i * 0.42)
                + 0.4 * swell * math.sin(math.tau * x / (length / beat) - phase * 2 + i * 0.2),
            )
            for x in _steps(-20, WIDTH + 20, step)
        ]


def ripples(chance: random.Random, step: float) -> Iterator[Line]:
    """Rings from two drops on a lake."""
    for _ in range(2):
        x, y = chance.uniform(0.05, 0.95) * WIDTH, chance.uniform(0.15, 1.05) * HEIGHT
        flat, gap = chance.uniform(0.42, 0.7), chance.uniform(46, 74)
        for ring in range(1, chance.randint(9, 15)):
            radius = gap * ring * (1 + ring * 0.03)
            turns = _steps(0, math.tau, min(step / radius, 0.5))
            yield [(x + radius * math.cos(t), y + radius * flat * math.sin(t)) for t in turns]


def hills(chance: random.Random, step: float) -> Iterator[Line]:
    """Ranges of hills behind one another, each with the contour lines of its slope."""
    for layer in range(chance.randint(4, 6)):
        base = HEIGHT * (0.3 + 0.15 * layer)
        peaks = [
            (chance.uniform(-100, WIDTH + 100), chance.uniform(110, 300), chance.uniform(50, 150))
            for _ in range(chance.randint(3, 5))
        ]
        for contour in range(chance.randint(3, 5)):
            yield [
                (
                    x,
                    base
                    + contour * 20
                    - sum(
                        h * (1 - contour * 0.16) * math.exp(-(((x - at) / width) ** 2))
                        for at, width, h in peaks
                    ),
                )
                for x in _steps(-20, WIDTH + 20, step)
            ]


def contours(chance: random.Random, step: float) -> Iterator[Line]:
    """A map's contour lines around two summits."""
    for _ in range(2):
        x, y = chance.uniform(0, WIDTH), chance.uniform(0, HEIGHT)
        bumps = [(n, chance.uniform(0.03, 0.14), chance.uniform(0, math.tau)) for n in (2, 3, 5)]
        stretch = chance.uniform(1.0, 1.5)
        for ring in range(1, chance.randint(8, 12)):
            radius = 48 * ring
            yield [
                (
                    x + stretch * radius * _bent(t, bumps) * math.cos(t),
                    y + radius * _bent(t, bumps) * math.sin(t),
                )
                for t in _steps(0, math.tau, min(step / radius, 0.4))
            ]


def _bent(turn: float, bumps: list[tuple[int, float, float]]) -> float:
    return 1 + sum(size * math.sin(n * turn + phase) for n, size, phase in bumps)


def fans(chance: random.Random, step: float) -> Iterator[Line]:
    """The ribs and rims of an open folding fan."""
    x, y = chance.choice([-0.05, 0.5, 1.05]) * WIDTH, HEIGHT * chance.uniform(1.05, 1.3)
    start, gap = chance.uniform(180, 260), chance.uniform(52, 90)
    reach = start + gap * 14
    for rim in range(14):
        radius = start + gap * rim
        yield [
            (x + radius * math.cos(t), y + radius * math.sin(t))
            for t in _steps(math.pi, math.tau, min(step / radius, 0.3))
        ]
    ribs = chance.randint(18, 30)
    for rib in range(ribs + 1):
        turn = math.pi * (1 + rib / ribs)
        yield [
            (x + start * math.cos(turn), y + start * math.sin(turn)),
            (x + reach * math.cos(turn), y + reach * math.sin(turn)),
        ]


def weave(chance: random.Random, step: float) -> Iterator[Line]:
    """Two sets of threads that bend around each other."""
    gap, bend = chance.uniform(54, 86), chance.uniform(12, 34)
    length, phase = chance.uniform(380, 760), chance.uniform(0, math.tau)
    for y in _steps(-60, HEIGHT + 60, gap):
        yield [
            (x, y + bend * math.sin(math.tau * x / length + phase + y / 260))
            for x in _steps(-20, WIDTH + 20, step)
        ]
    for x in _steps(-60, WIDTH + 60, gap):
        yield [
            (x + bend * math.sin(math.tau * y / length + phase + x / 320), y)
            for y in _steps(-20, HEIGHT + 20, step)
        ]


def lattice(chance: random.Random, _step: float) -> Iterator[Line]:
    """Hexagons, a few of them left out."""
    size, lean = chance.uniform(52, 84), chance.uniform(-0.3, 0.3)
    for row in range(-1, math.ceil(HEIGHT / (size * 1.5)) + 1):
        for column in range(-2, math.ceil(WIDTH / (size * 1.73)) + 2):
            if chance.random() < 0.24:
                continue
            x = (column + (row % 2) / 2) * size * 1.7320508 + lean * row * 12
            y = row * size * 1.5
            angles = [math.radians(60 * i + 30) for i in range(7)]
            yield [(x + size * 0.94 * math.cos(a), y + size * 0.94 * math.sin(a)) for a in angles]


def strata(chance: random.Random, step: float) -> Iterator[Line]:
    """Slanting layers whose distance swells and shrinks, like a geological section."""
    slope, bend = chance.uniform(-0.55, 0.55), chance.uniform(20, 70)
    length, phase = chance.uniform(700, 1500), chance.uniform(0, math.tau)
    y = -WIDTH * 0.35
    while y < HEIGHT + WIDTH * 0.35:
        y += 16 + 26 * (1 + math.sin(y / 90 + phase))
        yield [
            (x, y + slope * (x - WIDTH / 2) + bend * math.sin(math.tau * x / length + phase))
            for x in _steps(-20, WIDTH + 20, step)
        ]


PATTERNS: tuple[Pattern, ...] = (waves, ripples, hills, contours, fans, weave, lattice, strata)
GLYPH_PLACES = ((0.17, 0.7), (0.83, 0.7), (0.83, 0.3), (0.17, 0.3), (0.5, 0.5))


def _random(code: str) -> random.Random:
    return random.Random(hashlib.sha256(code.encode()).digest())  # noqa: S311  a picture, no secret


def compose_cover(code: str, industry_code: str, hue: float, *, step: float) -> Cover:
    """Lay out the cover of ``code``; ``step`` is the distance of points along a line in pixels."""
    chance = _random(code)
    palette = _palette(chance, hue)
    pattern = chance.choice(PATTERNS)
    lines = list(pattern(chance, step))
    accent = chance.randint(3, 5)
    at = chance.choice(GLYPH_PLACES)
    return Cover(
        palette=palette,
        strong=lines[accent::accent],
        faint=[line for i, line in enumerate(lines) if i < accent or i % accent],
        glyph=DRAWINGS.get(industry_code, []),
        glyph_path=glyph_path(industry_code) if industry_code in DRAWINGS else "",
        glyph_at=(at[0] * WIDTH, at[1] * HEIGHT),
        stroke=chance.uniform(2.6, 4.2),
        smooth=pattern is not lattice,
    )


def cover_svg(code: str, industry_code: str, hue: float = 180) -> SafeString:
    """Draw a cover inline for a list: fewer points, half the faint lines; decoration only."""
    plan = compose_cover(code, industry_code, hue, step=110)
    x, y = plan.glyph_at
    return format_html(
        '<svg class="cover" viewBox="0 0 {} {}" width="1200" height="630" aria-hidden="true"'
        ' focusable="false" fill="none" stroke-linecap="round" stroke-linejoin="round">'
        '<path fill="{}" d="M0 0H1200V630H0z"/>'
        '<g stroke-width="{}"><path stroke="{}" d="{}"/><path stroke="{}" d="{}"/></g>'
        '<circle cx="{}" cy="{}" r="{}" fill="{}"/>'
        '<path transform="translate({} {}) scale({})" stroke="{}" stroke-width="2" d="{}"/></svg>',
        WIDTH,
        HEIGHT,
        plan.palette.ground,
        round(plan.stroke * 1.5, 1),
        plan.palette.faint,
        _whole_path(plan.faint[::2], smooth=plan.smooth),
        plan.palette.lines,
        _whole_path(plan.strong, smooth=plan.smooth),
        round(x),
        round(y),
        round(GLYPH_SIZE * 0.72),
        plan.palette.ground,
        round(x - GLYPH_SIZE / 2),
        round(y - GLYPH_SIZE / 2),
        GLYPH_SIZE / 48,
        plan.palette.glyph,
        mark_safe(plan.glyph_path),  # noqa: S308  numbers of glyphs.py
    )


def _whole_path(lines: list[Line], *, smooth: bool) -> SafeString:
    text = "".join((_smooth if smooth and len(line) > 2 else _straight)(line) for line in lines)
    return mark_safe(text)  # noqa: S308  numbers only


def _straight(line: Line) -> str:
    return "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in line)


def _smooth(line: Line) -> str:
    """Run through the middles between the points, bent towards the points themselves."""
    (x, y), (end_x, end_y) = line[0], line[-1]
    bends = "".join(
        f"Q{ax:.0f} {ay:.0f} {(ax + bx) / 2:.0f} {(ay + by) / 2:.0f}"
        for (ax, ay), (bx, by) in pairwise(line[1:])
    )
    return f"M{x:.0f} {y:.0f}{bends}L{end_x:.0f} {end_y:.0f}"


def draw_cover(
    code: str, industry_code: str, hue: float = 180, size: tuple[int, int] = (WIDTH, HEIGHT)
) -> Image.Image:
    """Paint the cover of ``code``; the same arguments give the same pixels."""
    plan = compose_cover(code, industry_code, hue, step=24)
    scale = size[0] * OVERSAMPLING / WIDTH
    image = Image.new("RGB", (size[0] * OVERSAMPLING, size[1] * OVERSAMPLING), plan.palette.ground)
    pen = ImageDraw.Draw(image)
    for colour, lines in ((plan.palette.faint, plan.faint), (plan.palette.lines, plan.strong)):
        for line in lines:
            _stroke(pen, line, colour, plan.stroke * scale, scale)
    _paint_glyph(pen, plan, scale)
    return image.reduce(OVERSAMPLING)


def _stroke(pen: ImageDraw.ImageDraw, line: Line, colour: str, width: float, scale: float) -> None:
    points = [(x * scale, y * scale) for x, y in line]
    pen.line(points, fill=colour, width=max(1, round(width)), joint="curve")


def _paint_glyph(pen: ImageDraw.ImageDraw, plan: Cover, scale: float) -> None:
    x, y = (value * scale for value in plan.glyph_at)
    radius = GLYPH_SIZE * 0.72 * scale
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=plan.palette.ground)
    unit = GLYPH_SIZE / 48 * scale
    cap = unit * 0.95
    for line in plan.glyph:
        points = [(x + (px - 24) * unit, y + (py - 24) * unit) for px, py in line]
        pen.line(points, fill=plan.palette.glyph, width=round(2 * unit), joint="curve")
        for px, py in (points[0], points[-1]):
            pen.ellipse((px - cap, py - cap, px + cap, py + cap), fill=plan.palette.glyph)


MONOGRAM_GENERIC = ("浙江省", "浙江", "杭州市", "杭州", "中国", "湖城市", "湖城")


def monogram_letters(name: str) -> str:
    """Choose what stands for a name: one Han character past the place name, or two initials."""
    text = name.strip()
    for prefix in MONOGRAM_GENERIC:
        if text.startswith(prefix) and len(text) > len(prefix) + 1:
            text = text.removeprefix(prefix)
            break
    if text and text[0].isascii():
        return "".join(word[0] for word in text.split()[:2]).upper()
    return text[:1]


def monogram_svg(name: str, *, seed: str = "", css_class: str = "") -> SafeString:
    """Draw a seal-like sign for an organization without a logo, in a colour of its own."""
    chance = _random(seed or name)
    hue = chance.uniform(0, 360)
    letters = monogram_letters(name)
    return format_html(
        '<svg class="{}" viewBox="0 0 48 48" width="24" height="24" aria-hidden="true"'
        ' focusable="false"><path fill="{}" d="M0 0h48v48H0z"/>'
        '<path fill="none" stroke="{}" stroke-width="1.5" d="M4.5 4.5h39v39h-39z"/>'
        '<text x="24" y="{}" text-anchor="middle" font-size="{}" font-weight="700"'
        ' fill="#fff">{}</text></svg>',
        css_class,
        oklch(0.43, 0.075, hue),
        oklch(0.72, 0.06, hue),
        33 if len(letters) < 2 else 31,
        26 if len(letters) < 2 else 20,
        letters,
    )
