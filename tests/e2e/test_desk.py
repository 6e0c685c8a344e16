"""The editing desk of an institute's office under its own content policy."""

import re

import pytest

from tests.e2e.people import sign_in

pytestmark = pytest.mark.browser


def test_the_desk_works_without_complaint(open_browser):
    page = open_browser()
    sign_in(page, "office")
    complaints = {}

    def visit(path):
        page.complaints.clear()
        page.goto(path)
        page.wait_for_load_state("networkidle")
        if page.complaints:
            complaints[page.url] = list(page.complaints)

    visit("/admin/my-institute/")
    [institute] = re.findall(r"/admin/pages/(\d+)/", page.url)
    visit(f"/admin/pages/{institute}/edit/")
    visit(f"/admin/pages/add/achievements/achievementpage/{institute}/")
    page.locator("#id_pictures-ADD").click()
    page.locator("#id_pictures-0-image-chooser button:visible").first.click()
    page.locator(".modal.in, .modal.show, .modal [data-chooser-modal-search]").first.wait_for()
    assert page.complaints == []

    assert complaints == {}
