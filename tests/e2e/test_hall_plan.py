"""The plan of a hall in a real browser: dragged, by keys alone, and without JavaScript."""

import pytest
from playwright.sync_api import expect

from tests.e2e.people import sign_in
from tests.e2e.test_pages import an_exhibition, complaints

pytestmark = pytest.mark.browser


def open_plan(page):
    """The editor of the hall that is being filled; its booth B04 has room on its right."""
    sign_in(page, "office")
    halls, *_others = an_exhibition(page)
    page.goto(halls)
    page.get_by_role("link", name="编辑平面图").first.click()


def place_of(page, code):
    """Column and row of a booth, as the table beside the plan says."""
    return (
        page.locator("tbody tr", has=page.get_by_role("rowheader", name=code)).locator("td").first
    )


def test_a_booth_is_dragged_and_nudged_by_keys(open_browser):
    page = open_browser()
    open_plan(page)
    expect(page.locator("[data-plan-ready]")).to_be_visible()
    area = page.locator("[data-booth]", has_text="B04").locator("rect").first
    box = area.bounding_box()
    cell = box["width"] / 4

    page.mouse.move(box["x"] + cell, box["y"] + box["height"] - 4)
    page.mouse.down()
    page.mouse.move(box["x"] + 5 * cell, box["y"] + box["height"] - 4, steps=8)
    page.mouse.up()

    expect(place_of(page, "B04")).to_have_text("20 / 11")
    page.get_by_role("button", name="左移一米").focus()
    page.keyboard.press("Enter")
    expect(place_of(page, "B04")).to_have_text("19 / 11")
    assert complaints(page) == []


def test_without_javascript_the_forms_do_the_same(open_browser):
    page = open_browser(java_script_enabled=False)
    open_plan(page)

    page.locator("[data-booth]", has_text="B01").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="下移一米").click()
    expect(place_of(page, "B01")).to_have_text("3 / 12")
    for _time in range(8):
        page.get_by_role("button", name="上移一米").click()
    expect(page.get_by_text("展位与")).to_be_visible()
    page.fill("#id_x", "1")
    page.get_by_role("button", name="保存").click()

    expect(place_of(page, "B01")).to_have_text("1 / 9")
