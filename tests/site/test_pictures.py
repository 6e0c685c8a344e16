"""Covers, glyphs, monograms and charts."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.utils import translation
from hypothesis import given, strategies as st

from portal.site.charts import (
    DISTRICT_TILES,
    lay_out_bars,
    lay_out_contributions,
    lay_out_districts,
    lay_out_funnel,
    lay_out_groups,
    lay_out_heat,
    lay_out_lines,
    lay_out_stack,
)
from portal.site.covers import cover_svg, draw_cover, monogram_letters, monogram_svg, oklch
from portal.site.glyphs import INDUSTRY_CODES, glyph_file, glyph_svg, sprite_file


def render(source, **context):
    with translation.override("en"):
        return Template("{% load charts %}" + source).render(Context(context))


def test_cover_is_the_same_for_the_same_code():
    one, other = (draw_cover("CG-2026-000001", "bio", 330) for _ in range(2))

    assert one.size == (1200, 630)
    assert one.tobytes() == other.tobytes()


def test_covers_of_a_hundred_and_fifty_codes_all_differ():
    drawn = {draw_cover(f"CG-2026-{n:06}", "bio", 330, (300, 158)).tobytes() for n in range(150)}

    assert len(drawn) == 150


def test_cover_of_an_unknown_industry_has_a_pattern_and_no_glyph():
    assert draw_cover("CG-2026-000001", "unknown").getcolors(maxcolors=1) is None
    assert 'd=""' in cover_svg("CG-2026-000001", "unknown")


@pytest.mark.parametrize("number", range(16))
def test_inline_cover_is_light(number):
    assert len(cover_svg(f"CG-2026-{number:06}", "auto", 15)) < 16_000


@pytest.mark.parametrize("code", INDUSTRY_CODES)
def test_glyph_files_are_written_from_the_drawings(code):
    assert Path(finders.find(f"site/img/industries/{code}.svg")).read_text() == glyph_file(code)


def test_sprite_is_written_from_the_drawings():
    assert Path(finders.find("site/img/industries/sprite.svg")).read_text() == sprite_file()


def test_there_is_a_glyph_for_each_of_fifteen_industries():
    assert len(INDUSTRY_CODES) == 15
    assert glyph_svg("no_such_industry") == ""


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("浙江之江新材料研究院", "之"),
        ("杭州", "杭"),
        ("West Lake Labs", "WL"),
        ("西溪大学", "西"),
        ("", ""),
    ],
)
def test_monogram_letters_pass_over_the_place(name, letters):
    assert monogram_letters(name) == letters


def test_monogram_escapes_the_name():
    assert "<script" not in monogram_svg("<script>")


def test_oklch_of_no_chroma_is_grey():
    assert oklch(1, 0, 0) == "#ffffff"
    assert oklch(0, 0, 90) == "#000000"


def test_bars_are_in_proportion_and_in_the_table():
    chart = lay_out_bars([{"label": "A", "value": 10}, {"label": "B", "value": 5}], "Title", "")

    assert [mark.width for mark in chart.marks] == [80.0, 40.0]
    assert chart.table == [["A", "10"], ["B", "5"]]


def test_the_longest_bar_leaves_room_for_its_value_on_a_phone():
    row = {"label": "A", "value": 12_345.6, "values": [12_345.6]}
    bars = lay_out_bars([row], "Title", "万元")
    groups = lay_out_groups([row], ["X"], "Title", "万元")

    assert [chart.marks[0].width for chart in (bars, groups)] == [60.6, 60.6]


def test_stack_is_cut_where_the_next_series_begins():
    chart = lay_out_stack([{"label": "A", "values": [1, 3]}], ["X", "Y"], "Title", "%")

    assert [(mark.x, mark.width) for mark in chart.marks] == [(0, 25.0), (25.0, 75.0)]
    assert chart.table == [["A", "1%", "3%"]]


def test_funnel_says_what_each_step_kept():
    rows = [{"label": "A", "value": 200}, {"label": "B", "value": 50}, {"label": "C", "value": 0}]

    assert lay_out_funnel(rows, "Title", "").table == [
        ["A", "200", "–"],
        ["B", "50", "25%"],
        ["C", "0", "0%"],
    ]


def test_a_step_that_more_reach_than_the_one_before_is_no_share_of_it():
    rows = [{"label": "A", "value": 2}, {"label": "B", "value": 1}, {"label": "C", "value": 2}]

    assert [mark.note for mark in lay_out_funnel(rows, "Title", "").marks] == ["", "50%", ""]


def test_a_line_of_one_year_has_its_name_in_the_middle():
    source = "{% line_chart labels series 'T' %}"
    html = render(source, labels=["2025"], series=[{"label": "发布到签约", "values": [30]}])

    assert '<text class="chart__name" x="52.0%" y="0.0%" dy="-10" text-anchor="middle">' in html


def test_lines_leave_a_gap_for_what_is_unknown():
    chart = lay_out_lines(["1", "2", "3"], [{"label": "A", "values": [1, None, 2]}], "Title", "")

    assert [mark.label for mark in chart.marks] == ["1", "3"]
    assert chart.table[1] == ["2", "–"]


def test_names_of_lines_do_not_touch():
    series = [{"label": name, "values": [5, 5]} for name in "ABC"]

    names = lay_out_lines(["1", "2"], series, "Title", "").names

    assert [mark.y for mark in names] == [0.0, -9.0, -18.0]


def test_heat_shades_nothing_with_nothing_and_the_largest_most():
    chart = lay_out_heat([{"label": "A", "values": [0, None, 1, 10]}], list("1234"), "Title", "")

    assert [mark.series for mark in chart.marks] == [0, 0, 1, 5]


def test_districts_have_tiles_of_their_own():
    rows = [{"code": code, "label": code, "value": 1} for code in DISTRICT_TILES]

    marks = lay_out_districts(rows, "Title", "").marks

    assert len({(mark.x, mark.y) for mark in marks}) == 13


def test_abolished_district_is_in_the_table_alone():
    chart = lay_out_districts([{"code": "330104", "label": "江干", "value": 2}], "Title", "")

    assert chart.marks == []
    assert chart.table == [["江干", "2"]]


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=7))
def test_contributions_fill_the_bar_and_never_more(values):
    chart = lay_out_contributions([{"label": "A", "value": value} for value in values], "Title")

    assert all(mark.width >= 0 for mark in chart.marks)
    assert chart.marks[-1].x + chart.marks[-1].width <= 100.01


@pytest.mark.parametrize(
    "source",
    [
        "{% bar_chart rows 'T' %}",
        "{% funnel_chart rows 'T' %}",
        "{% stacked_chart rows series 'T' %}",
        "{% grouped_chart rows series 'T' %}",
        "{% heat_map rows series 'T' %}",
        "{% district_map rows 'T' %}",
        "{% line_chart series rows 'T' %}",
        "{% contribution_bar rows 'T' %}",
    ],
)
def test_chart_of_nothing_still_has_its_title_and_table(source):
    html = render(source, rows=[], series=[])

    assert "<table" in html
    assert '<figcaption class="chart__title"' in html


def test_chart_escapes_its_labels():
    html = render(
        "{% bar_chart rows 'T' %}", rows=[{"label": "<script>", "value": 1, "url": "/a/"}]
    )

    assert "<script" not in html
    assert 'href="/a/"' in html


def test_sparkline_says_in_words_what_it_shows():
    assert 'aria-label="rising"' in render("{% sparkline values 'rising' %}", values=[1, 2, 3])
