"""What people do in their browsers, in the words on their buttons."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import expect

from tests.factories.papers import PDF
from tests.factories.second_step import code_of

PASSWORD = "Lakeside-2026"  # of everybody in the demo city
SIGN_IN, SECOND_STEP = "/accounts/login/", "/accounts/2fa/authenticate/"


def sign_in(page, name: str) -> None:
    page.goto(SIGN_IN)
    _enter(page, f"{name}@demo.example", PASSWORD)
    if SECOND_STEP in page.url:
        _enter_code(page, code_of())


def _enter_code(page, code: str) -> None:
    page.fill("main input[name=code]", code)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: SECOND_STEP not in url)


def _enter(page, email: str, password: str) -> None:
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: SIGN_IN not in url)


@dataclass
class Person:
    """Somebody at a browser of their own, who signs in whenever the portal asks for it.

    ``next_code`` returns a code of the second step that was not used before.
    """

    page: Any
    email: str
    password: str
    next_code: Callable[[], str]

    def visit(self, path: str) -> None:
        self.page.goto(path)
        if SIGN_IN in self.page.url:
            _enter(self.page, self.email, self.password)
        if SECOND_STEP in self.page.url:
            _enter_code(self.page, self.next_code())

    def follow(self, path: str, *labels: str) -> None:
        """Go to a page and from there through the links and buttons of these names."""
        self.visit(path)
        for label in labels:
            press(self.page, label)

    def fill_in(self, button: str, **answers) -> None:
        """Answer the fields of these names and press the button below them."""
        answer(self.page, answers)
        press(self.page, button)

    def reads(self, *texts: str) -> None:
        """Expect these texts on the page in front of the person, or on the one that follows."""
        body = self.page.locator("body")
        for text in texts:
            expect(body).to_contain_text(text, use_inner_text=True)


def press(page, label: str) -> None:
    """Press the button or follow the link of this name; the work goes before the menu beside it."""
    named = {"name": label, "exact": True}
    for place in (".workspace__main", "main"):
        part = page.locator(place)
        found = part.get_by_role("button", **named).or_(part.get_by_role("link", **named))
        if found.count():
            break
    found.first.click()
    page.wait_for_load_state()


def answer(page, answers: dict) -> None:
    """Fill the fields of these names that this page has; lists are check boxes by their order."""
    for name, value in answers.items():
        field = page.locator(f"main [name='{name}']")
        if not field.count():
            continue
        if isinstance(value, list):
            for position in value:
                field.nth(position).check()
        elif field.first.evaluate("field => field.tagName") == "SELECT":
            field.select_option(**value if isinstance(value, dict) else {"value": value})
        elif field.first.get_attribute("type") == "file":
            field.set_input_files({"name": value, "mimeType": "application/pdf", "buffer": PDF})
        elif field.first.get_attribute("type") == "radio":
            page.locator(f"main [name='{name}'][value='{value}']").check()
        else:
            field.fill(value)


def reload_until(page, path: str, selector: str, seconds: int = 60) -> None:
    """Open a page again and again until it shows what the worker was to bring about."""
    for _second in range(seconds):
        page.goto(path)
        if page.locator(selector).count():
            return
        page.wait_for_timeout(1000)
    raise TimeoutError(f"{path}: no {selector} within {seconds} seconds")
