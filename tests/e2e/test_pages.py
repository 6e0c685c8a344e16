"""Every kind of page in a real browser: no console complaint, no accessibility fault."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import resolve

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
# Who comes first sees a kind of page: the company its own need, not a stranger's.
ROLES = [
    "enterprise",
    "researcher",
    "office",
    "broker",
    "commission",
    "reviewer",
    "auditor",
    "editor",
]
LEADS_ELSEWHERE = (
    "/admin/",
    "/accounts/logout/",
    "/media/",
    "/en/",
    "/feeds/",
    "/sitemap.xml",
    "/robots.txt",
    "/me/export/",
    "/workspace/audit/export/",
    "/workspace/import/template/",
)
# What the visits below must come across; a page type that no link leads to is missing here.
MUST_BE_SEEN = {
    "accounts:consents",
    "accounts:members",
    "accounts:organization",
    "accounts:organizations",
    "accounts:paper-queue",
    "accounts:papers",
    "accounts:profile",
    "achievements:check",
    "achievements:edit",
    "achievements:experts",
    "achievements:files",
    "achievements:import-upload",
    "achievements:listing",
    "achievements:my-listings",
    "achievements:review",
    "achievements:reviews",
    "achievements:start",
    "cases:case",
    "cases:correct",
    "cases:evidence",
    "cases:law",
    "cases:list",
    "cases:move",
    "cases:new",
    "cases:parties",
    "cases:publicities",
    "cases:publicity",
    "ip:list",
    "ip:start",
    "matchmaking:check",
    "matchmaking:desk",
    "matchmaking:edit",
    "matchmaking:fitting",
    "matchmaking:matches",
    "matchmaking:need",
    "matchmaking:start",
    "matchmaking:statistics",
    "matchmaking:why",
    "mfa_index",
    "notifications:list",
    "operations:audit",
    "search:site",
    "site:industry",
    "usersessions_list",
    "workspace:home",
}


def kind_of(address: str) -> str:
    """Name the kind of page: its URL name, for pages of the tree its branch and depth."""
    path = urlsplit(address).path
    name = resolve(path).view_name
    if name != "wagtail_serve":
        return name
    parts = [part for part in path.split("/") if part]
    return f"page:{parts[0] if parts else 'home'}:{len(parts)}"


def links_of(page) -> list[str]:
    """Paths of the portal that the page links to; links drawn in SVG are among them."""
    found = page.eval_on_selector_all(
        "a[href]:not([download])",
        "links => links.map(link => new URL(link.getAttribute('href'), location).href)",
    )
    here = f"{urlsplit(page.url).scheme}://{urlsplit(page.url).netloc}/"
    paths = [f"/{link.removeprefix(here)}".split("#")[0] for link in found if link.startswith(here)]
    return [path for path in paths if not path.startswith(LEADS_ELSEWHERE)]


def visit_each_kind(page, start: str, known: set[str]) -> dict[str, list[str]]:
    """Follow the links from ``start`` to one page of every kind that is not known yet.

    Returns what axe finds on each, and what scrolls sideways; ``known`` grows.
    """
    found, waiting = {}, [start]
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(path)
        if kind in known:
            continue
        known.add(kind)
        status = page.goto(path).status
        width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        found[path] = [
            *faults(page),
            *(["scrolls sideways"] if width > 0 else []),
            *([f"answers {status}"] if status != 200 else []),
        ]
        waiting += links_of(page)
    return found


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


@pytest.mark.parametrize(
    "options",
    [{}, {"viewport": PHONE, "color_scheme": "dark"}],
    ids=["desktop", "dark phone"],
)
def test_every_kind_of_page_is_accessible(open_browser, options):
    found, seen, complained = {}, set(), []
    for name in ROLES:
        page = open_browser(**options)
        sign_in(page, name)
        found |= visit_each_kind(page, "/workspace/", seen_by_all := seen - {"workspace:home"})
        seen |= seen_by_all
        complained += complaints(page)

    assert {path: each for path, each in found.items() if each} == {}
    assert complained == []
    assert MUST_BE_SEEN - seen == set()
