"""What the people of the demo city do in their browsers, in the words on their buttons."""

PASSWORD = "Lakeside-2026"


def sign_in(page, name: str) -> None:
    page.goto("/accounts/login/")
    page.fill("input[name=login]", f"{name}@demo.example")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def press(page, label: str) -> None:
    """Press the button or follow the link of this name in the page's main part."""
    named = {"name": label, "exact": True}
    main = page.locator("main")
    main.get_by_role("button", **named).or_(main.get_by_role("link", **named)).first.click()
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
            field.select_option(value)
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
