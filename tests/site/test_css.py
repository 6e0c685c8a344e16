"""The style sheets: readable in both themes, complete, and nothing inline in the templates."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

CSS = Path(finders.find("site/css/layers.css")).parent
TEMPLATES = Path(settings.BASE_DIR) / "templates"
TOKENS = (CSS / "tokens.css").read_text()
PAIR = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
THEMES = {
    theme: {name: values[place] for name, *values in PAIR.findall(TOKENS)}
    for place, theme in enumerate(("light", "dark"))
}
TEXT_PAIRS = [
    *((text, ground) for text in ("ink", "muted") for ground in ("paper", "surface", "sunken")),
    *((text, ground) for text in ("lake", "vermilion", "red") for ground in ("paper", "surface")),
    *((tone, f"{tone}-soft") for tone in ("lake", "vermilion", "amber", "blue", "red")),
    *(("ink", ground) for ground in ("lake-soft", "vermilion-soft", "amber-soft", "blue-soft")),
    *(("ink", ground) for ground in ("red-soft", "mark", "added", "removed")),
    ("muted", "lake-soft"),
    ("muted", "vermilion-soft"),
    ("amber", "paper"),
    ("lake", "sunken"),
    ("lake-strong", "lake-soft"),
    ("on-lake", "lake"),
    ("on-lake", "lake-strong"),
    ("on-vermilion", "vermilion"),
    ("on-vermilion", "vermilion-strong"),
    ("on-band", "band"),
    ("on-band-muted", "band"),
]
EDGE_PAIRS = [("line-strong", "surface"), ("line-strong", "paper"), ("lake", "paper")]


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_of_black_on_white_is_21():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_is_readable(theme, text, ground):
    assert contrast(THEMES[theme][text], THEMES[theme][ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("edge", "ground"), EDGE_PAIRS)
def test_edges_of_controls_are_visible(theme, edge, ground):
    assert contrast(THEMES[theme][edge], THEMES[theme][ground]) >= 3


def test_browsers_without_light_dark_get_the_light_theme():
    fallback = TOKENS.partition("@supports not (color: light-dark(")[2]

    assert dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", fallback)) == THEMES["light"]


def test_every_style_sheet_is_linked_once_and_the_layers_come_first():
    links = (TEMPLATES / "components" / "stylesheets.html").read_text()
    linked = re.findall(r'site/css/([\w/]+\.css)"', links)
    present = {path.relative_to(CSS).as_posix() for path in CSS.rglob("*.css")}

    assert linked[0] == "layers.css"
    assert sorted(linked) == sorted(present - {"admin.css"})


def test_every_style_sheet_stands_in_a_layer():
    layers = re.findall(r"\w+", (CSS / "layers.css").read_text().removeprefix("@layer "))
    strays = [
        path.name
        for path in CSS.rglob("*.css")
        if path.name not in {"layers.css", "admin.css"}
        and path.read_text().split(" {")[0].removeprefix("@layer ") not in layers
    ]

    assert strays == []


def test_only_the_tokens_name_text_colours():
    strays = {
        path.name: found
        for path in (CSS / "components").glob("*.css")
        if (found := re.findall(r"(?<![\w-])color: #\w+", path.read_text()))
    }

    assert strays == {}


def test_motion_is_short_and_follows_the_readers_wish():
    durations = [
        int(duration)
        for path in CSS.rglob("*.css")
        for duration in re.findall(r"(\d+)ms", path.read_text())
    ]

    assert max(durations) <= 150
    assert "prefers-reduced-motion: reduce" in TOKENS


@pytest.mark.parametrize(
    "pattern",
    [r"\sstyle=", r"\son[a-z]+=\"", r"<style", r"<script(?![^>]*\ssrc=)", r"javascript:"],
)
def test_templates_hold_nothing_inline(pattern):
    found = [
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        if "wagtailadmin" not in path.parts and re.search(pattern, path.read_text())
    ]

    assert found == []


def test_classes_of_the_components_have_a_rule():
    rules = set(
        re.findall(r"\.([a-zA-Z][\w-]*)", "".join(p.read_text() for p in CSS.rglob("*.css")))
    )
    used = {
        name
        for folder in ("components", "site", "django", "allauth")
        for path in (TEMPLATES / folder).rglob("*.html")
        for value in re.findall(r'class="([^"{]*)"', path.read_text())
        for name in value.split()
    }
    # Hooks for one part of a drawing, coloured by the drawing as a whole.
    bare = {"chart__label", "chart__box", "motif__net", "motif__points", "chart--districts"}

    assert used - rules - bare - {"chart--contributions", "chart__plot--lines"} == set()
