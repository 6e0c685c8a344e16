"""The pictures of the documentation: ``make screenshots`` takes them anew from a demo city."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.e2e.people import reload_until, sign_in
from tests.services.browser import CHROMIUM, DESKTOP, PHONE, WAIT_MS
from tests.services.processes import free_port

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
CANDIDATE = "article.candidate a[href*='/matches/']"


def take(page: Page, name: str) -> None:
    page.screenshot(path=IMAGES / f"{name}.png")


def public_pages(page: Page) -> None:
    reload_until(page, "/", "main", 120)
    take(page, "home")
    reload_until(page, "/achievements/?q=石墨烯", ".result__title")
    take(page, "search")


def company_pages(page: Page) -> None:
    """The matches of a published need, why the best one fits, and a step of the form."""
    sign_in(page, "enterprise")
    page.goto("/workspace/needs/own/")
    need = page.locator("tr:has-text('已发布') a").first.get_attribute("href")
    reload_until(page, f"{need}matches/", CANDIDATE)
    take(page, "matches")
    page.goto(page.locator(CANDIDATE).first.get_attribute("href") or "/")
    take(page, "why")
    page.goto(f"{need}edit/targets/")
    take(page, "step")


def staff_pages(page: Page) -> None:
    sign_in(page, "auditor")
    page.goto("/workspace/matching/")
    take(page, "precision")


def main() -> None:
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="portal-screenshots-") as folder:
        demo = subprocess.Popen(
            [sys.executable, "manage.py", "demo"],
            cwd=ROOT,
            env={**os.environ, "PORTAL_VAR": folder, "PORT": str(port)},
            stdin=subprocess.DEVNULL,
        )
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
                )
                address = f"http://localhost:{port}"

                def open_page(**options) -> Page:
                    page = browser.new_context(
                        **{"viewport": DESKTOP, "base_url": address, **options}
                    ).new_page()
                    page.set_default_timeout(WAIT_MS)
                    return page

                wait_for(open_page(), address)
                public_pages(open_page())
                company_pages(open_page())
                staff_pages(open_page())
                phone = open_page(viewport=PHONE, color_scheme="dark")
                phone.goto("/")
                take(phone, "home-phone")
                browser.close()
        finally:
            demo.send_signal(signal.SIGTERM)
            demo.wait(30)


def wait_for(page: Page, address: str, seconds: int = 120) -> None:
    """Return when the demo answers."""
    for _second in range(seconds):
        try:
            page.goto(address)
        except Exception:  # noqa: BLE001  it does not listen yet
            page.wait_for_timeout(1000)
        else:
            return
    raise TimeoutError(f"{address} did not answer within {seconds} seconds")


if __name__ == "__main__":
    main()
