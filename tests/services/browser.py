"""Debian's Chromium through Playwright; every wait has a time-out."""

import os
from functools import partial
from pathlib import Path

import pytest

from .processes import require

CHROMIUM = Path("/usr/bin/chromium")
MADE_UP_CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
WAIT_MS = 15_000
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def chromium():
    """The browser; pages of one test share a context of their own."""
    require(CHROMIUM.exists(), "no Chromium: apt install chromium fonts-noto-cjk")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=WAIT_MS)
    with sync_playwright() as playwright:
        os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", *MADE_UP_CAMERA],
            timeout=60_000,
        )
        yield browser
        browser.close()


@pytest.fixture
def open_browser(open_browser_on, city):
    """Return a function that opens a person's browser on the city; options as Playwright's."""
    return partial(open_browser_on, city.url)


@pytest.fixture
def open_browser_on(chromium):
    """Return a function that opens a person's browser on the portal at an address.

    What the console complains about is collected in ``page.complaints``.
    """
    contexts = []

    def open_one(url, **options):
        options = {"viewport": DESKTOP, "locale": "zh-CN", "base_url": url, **options}
        context = chromium.new_context(**options)
        context.set_default_timeout(WAIT_MS)
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on(
            "console",
            lambda message: message.type == "error" and page.complaints.append(message.text),
        )
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        return page

    yield open_one
    for context in contexts:
        context.close()
