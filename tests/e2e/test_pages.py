"""Every kind of page in a real browser: no console complaint, no accessibility fault."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import resolve

from tests.e2e.people import press, sign_in
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
# Kinds that show a role more than the roles before it saw, and lead on from there.
AGAIN = {
    "researcher": {"aftermath:feedback"},
    "office": {"oversight:reports", "interests:list", "evaluation:own", "fairs:list"},
    "broker": {"interests:list"},
    "commission": {
        "cases:case",
        "disclosure:agreements",
        "disclosure:consents",
        "disclosure:requests",
        "evaluation:published",
        "evaluation:scheme",
        "evaluation:schemes",
        "interests:interest",
        "interests:list",
        "oversight:reports",
    },
}
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
    "aftermath:case",
    "aftermath:feedback",
    "aftermath:follow-up",
    "aftermath:follow-ups",
    "aftermath:outcomes",
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
    "disclosure:agreement",
    "disclosure:agreements",
    "disclosure:consent",
    "disclosure:consents",
    "disclosure:levels",
    "disclosure:new-request",
    "disclosure:readings",
    "disclosure:request",
    "disclosure:requests",
    "evaluation:add-indicator",
    "evaluation:compare",
    "evaluation:edit-scheme",
    "evaluation:enter",
    "evaluation:interests",
    "evaluation:moderate",
    "evaluation:open-round",
    "evaluation:own",
    "evaluation:panel",
    "evaluation:public-round",
    "evaluation:published",
    "evaluation:report",
    "evaluation:results",
    "evaluation:round",
    "evaluation:rounds",
    "evaluation:scheme",
    "evaluation:schemes",
    "evaluation:score",
    "evaluation:subject",
    "evaluation:tasks",
    "exhibition:act",
    "exhibition:add-exhibit",
    "exhibition:application",
    "exhibition:applications",
    "exhibition:apply",
    "exhibition:awards",
    "exhibition:exhibitor",
    "exhibition:hall",
    "exhibition:halls",
    "exhibition:lead",
    "exhibition:leads",
    "exhibition:materials",
    "exhibition:mine",
    "exhibition:own",
    "exhibition:settings",
    "exhibition:visit",
    "fairs:act",
    "fairs:check",
    "fairs:fair",
    "fairs:grid",
    "fairs:list",
    "fairs:new",
    "fairs:session",
    "fairs:step",
    "fairs:table",
    "fairs:tables",
    "gates:board",
    "gates:desk",
    "gates:door",
    "gates:duties",
    "gates:gate",
    "gates:onsite",
    "gates:tables",
    "interests:act",
    "interests:answers",
    "interests:express",
    "interests:interest",
    "interests:list",
    "interests:statistics",
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
    "meetings:desk",
    "meetings:mine",
    "meetings:overview",
    "meetings:people",
    "meetings:person",
    "meetings:request",
    "meetings:requests",
    "mfa_index",
    "notifications:list",
    "operations:audit",
    "oversight:duties",
    "oversight:figures",
    "oversight:kpi",
    "oversight:kpis",
    "oversight:monday",
    "oversight:overview",
    "oversight:records",
    "oversight:report",
    "oversight:report-figure",
    "oversight:reports",
    "oversight:supervision",
    "oversight:supervision-rule",
    "registration:guests",
    "registration:mailing",
    "registration:mailings",
    "registration:mine",
    "registration:own",
    "registration:participants",
    "registration:people",
    "registration:person",
    "registration:question",
    "registration:questions",
    "registration:step",
    "reports:costs",
    "reports:edit-series",
    "reports:new-series",
    "reports:public",
    "reports:records",
    "reports:report",
    "reports:series",
    "reports:series-list",
    "search:site",
    "site:industry",
    "timetable:board",
    "timetable:changes",
    "timetable:feasibility",
    "timetable:my-day",
    "timetable:schedule",
    "timetable:solve",
    "timetable:version",
    "usersessions_list",
    "workspace:home",
}

# What a narrow window and dark colors may change; the rest of a page is the same in both.
LAYOUT_AND_COLORS = {
    "runOnly": [
        "color-contrast",
        "link-in-text-block",
        "scrollable-region-focusable",
        "aria-hidden-focus",
        "nested-interactive",
    ]
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


def draft_a_scheme(page) -> str:
    """Begin a scheme's next version, or find the one begun; its pages are those that write."""
    page.goto("/evaluation/schemes/")
    press(page, "高校院所成果转化绩效评估")
    if page.get_by_role("button", name="制定新版本").count():
        press(page, "制定新版本")
    return urlsplit(page.url).path


def an_exhibition(page) -> list[str]:
    """The organizer's pages of an exhibition that is being filled: other fairs have none."""
    page.goto("/workspace/fairs/")
    fair = page.get_by_role("link", name="数字创意工具与工艺展").first.get_attribute("href")
    return [f"{fair}{each}/" for each in ("halls", "exhibitors", "exhibition")]


def a_schedule(page) -> str:
    """The versions of tomorrow's fair; the fairs that are listed before it have none."""
    page.goto("/workspace/fairs/")
    press(page, "纺织新材料供需对接会")
    press(page, "排期")
    return urlsplit(page.url).path


def what_came_of_a_fair(page) -> str:
    """The outcomes of the fair half a year ago: no other one is over."""
    page.goto("/workspace/fairs/?shelf=past")
    press(page, "纺织绿色制造对接会：印染减盐与余热回收专场")
    press(page, "洽谈成果")
    return urlsplit(page.url).path


STARTS = {
    "commission": lambda page: [draft_a_scheme(page)],
    "office": lambda page: [
        a_schedule(page),
        what_came_of_a_fair(page),
        *an_exhibition(page),
    ],
}


def visit_each_kind(
    page, starts: list[str], known: set[str], options: dict
) -> dict[str, list[str]]:
    """Follow the links from ``starts`` to one page of every kind that is not known yet.

    Returns what axe finds on each, and what scrolls sideways; ``known`` grows. ``options`` are
    axe's.
    """
    found, waiting = {}, starts
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(path)
        if kind in known:
            continue
        known.add(kind)
        status = page.goto(path).status
        width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        found[path] = [
            *faults(page, options),
            *(["scrolls sideways"] if width > 0 else []),
            *([f"answers {status}"] if status != 200 else []),
        ]
        waiting += links_of(page)
    return found


def faults(page, options: dict | None = None) -> list[str]:
    """Return what axe finds, each as ``rule: selector``."""
    asked = {"resultTypes": ["violations"], **(options or {})}  # else all that is right comes along
    violations = Axe().run(page, options=asked).response["violations"]
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
    ("options", "rules"),
    [({}, {}), ({"viewport": PHONE, "color_scheme": "dark"}, LAYOUT_AND_COLORS)],
    ids=["desktop", "dark phone"],
)
def test_every_kind_of_page_is_accessible(open_browser, options, rules):
    found, seen, complained = {}, set(), []
    for name in ROLES:
        page = open_browser(**options)
        sign_in(page, name)
        starts = [*(STARTS[name](page) if name in STARTS else []), "/workspace/"]
        known = seen - {"workspace:home"} - AGAIN.get(name, set())
        found |= visit_each_kind(page, starts, known, rules)
        seen |= known
        complained += complaints(page)

    assert {path: each for path, each in found.items() if each} == {}
    assert complained == []
    assert MUST_BE_SEEN - seen == set()
