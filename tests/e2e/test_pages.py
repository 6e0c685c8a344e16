"""Every kind of page in a real browser: no console complaint, no accessibility fault."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.people import sign_in
from tests.services.browser import DESKTOP, PHONE

pytestmark = pytest.mark.browser

PUBLIC = [
    "/",
    "/achievements/",
    "/achievements/?q=丝绸",
    "/achievements/?q=zzzzqqqq",
    "/patents/",
    "/needs/",
    "/institutes/",
    "/experts/",
    "/search/?q=检测",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/en/",
    "/no-such-page/",
]
OWN = {
    "researcher": ["/workspace/", "/workspace/listings/", "/workspace/achievements/new/"],
    "office": ["/workspace/", "/workspace/reviews/", "/workspace/import/", "/workspace/fitting/"],
    "enterprise": ["/workspace/", "/workspace/needs/new/", "/workspace/needs/own/"],
    "reviewer": ["/workspace/", "/workspace/reviews/"],
    "auditor": ["/workspace/", "/workspace/audit/", "/workspace/matching/"],
}


def faults(page) -> list[str]:
    """Return what axe finds, each as ``rule: selector``."""
    violations = Axe().run(page).response["violations"]
    return [
        f"{violation['id']}: {node['target']}"
        for violation in violations
        for node in violation["nodes"]
    ]


def complaints(page) -> list[str]:
    """Return what the console said, but for the status of a page that is asked for as missing."""
    return [text for text in page.complaints if "status of 404" not in text]


@pytest.mark.parametrize("colors", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_public_pages_are_accessible(open_browser, viewport, colors):
    page = open_browser(viewport=viewport, color_scheme=colors)
    found = {}
    for path in PUBLIC:
        page.goto(path)
        width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        found[path] = [*faults(page), *(["scrolls sideways"] if width > 0 else [])]
    assert {path: each for path, each in found.items() if each} == {}
    assert complaints(page) == []


@pytest.mark.parametrize("name", OWN)
def test_workspace_pages_are_accessible(open_browser, name):
    page = open_browser()
    sign_in(page, name)
    found = {}
    for path in OWN[name]:
        page.goto(path)
        found[path] = faults(page)
    assert {path: each for path, each in found.items() if each} == {}
    assert complaints(page) == []


def test_details_are_accessible(open_browser):
    page = open_browser()
    found = {}
    for path in ("/achievements/", "/patents/", "/needs/", "/institutes/"):
        page.goto(path)
        page.locator(".result__title a").first.click()
        page.wait_for_load_state()
        found[page.url] = faults(page)
    assert {path: each for path, each in found.items() if each} == {}
    assert complaints(page) == []
