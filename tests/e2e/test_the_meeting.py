"""Two people of a fair find each other without script; `test_the_fair.py` does so with it."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import transaction
from playwright.sync_api import expect

from events.meetings.models import Meeting
from events.meetings.services import token_of
from events.registration.models import Entry
from tests.e2e.people import Person, press
from tests.factories.accounts import PASSWORD
from tests.factories.meetings import Market
from tests.services.browser import PHONE

pytestmark = pytest.mark.browser


class Hall:
    """A fair where people pick the time: two who fit, a third, and the browsers of both."""

    def __init__(self, portal, open_browser_on, **options):
        with transaction.atomic():
            self.market = Market(picks=True)
            self.asking = self.market.enterprise(name="周远", headline="找薄型导热膜")
            self.asked = self.market.institute(name="吴晴", headline="石墨烯薄膜中试")
            self.market.request(self.market.institute(name="沈默"), self.asking)
            Entry.objects.create(registration=self.asking, kind="SEEK", title="薄型石墨烯导热膜")
            Entry.objects.create(
                registration=self.asked, kind="OFFER", title="石墨烯导热膜连续制备"
            )
        self.code = self.market.fair.code
        self.pages = [open_browser_on(portal.url, **options) for _number in range(2)]
        self.person = self.sits_at(self.pages[0], self.asking)

    @staticmethod
    def sits_at(page, registration):
        return Person(page, registration.person.email, PASSWORD, lambda: "")

    def ask(self):
        self.person.visit(f"/fairs/{self.code}/meetings/")
        self.person.reads("吴晴", "您的需求 · 对方的供给", "石墨烯导热膜")
        press(self.person.page, "发起约谈 吴晴")
        self.person.page.check("input[name=priority][value=MUST]")
        self.person.page.fill("textarea[name=message]", "想看样品")
        press(self.person.page, "发出约谈")
        self.person.reads("约谈已发出", "待答复")

    def answer(self):
        """By the link of the mail, without signing in."""
        with transaction.atomic():
            request = self.asked.requests_in.get()
        page = self.pages[1]
        page.goto(f"/meetings/answer/{token_of(request)}/")
        expect(page.locator("main")).to_contain_text("想看样品")
        page.check("input[name=slot] >> nth=0")
        press(page, "接受约谈")
        expect(page.locator("main")).to_contain_text("您已接受约谈")


@pytest.mark.parametrize("java_script", [False], ids=["without script"])
def test_asking_and_answering_in_a_few_clicks(movable_portal, open_browser_on, java_script):
    hall = Hall(movable_portal, open_browser_on, java_script_enabled=java_script)

    hall.ask()
    hall.answer()

    hall.person.visit(f"/fairs/{hall.code}/meetings/mine/")
    hall.person.reads("吴晴", "A01", "已安排")
    with transaction.atomic():
        assert Meeting.objects.get().slot == hall.market.slots[0]
    assert [page.complaints for page in hall.pages] == [[], []]


@pytest.mark.parametrize("viewport", [PHONE], ids=["phone"])
def test_every_page_of_meetings_is_accessible_and_fits(movable_portal, open_browser_on, viewport):
    hall = Hall(movable_portal, open_browser_on, viewport=viewport)
    with transaction.atomic():
        waiting = hall.asking.requests_in.get()
        hall.market.agreed(hall.asking, hall.market.institute(), slot=hall.market.slots[1])
        meeting = Meeting.objects.get()
        asked = hall.asked.pk
        owner = hall.market.owner
    base = f"/fairs/{hall.code}/meetings/"
    found = walk(
        hall.person,
        base,
        f"{base}people/",
        f"{base}people/{asked}/",
        f"{base}requests/received/",
        f"{base}requests/sent/",
        f"{base}requests/mutual/",
        f"{base}mine/",
        f"{base}refused/",
        f"/meetings/requests/{waiting.pk}/",
        f"/meetings/{meeting.pk}/cancel/",
        f"/meetings/answer/{token_of(waiting)}/",
    )
    office = Person(hall.pages[1], owner.email, PASSWORD, lambda: "")
    found |= walk(
        office, f"/workspace/fairs/{hall.code}/requests/", f"/workspace/fairs/{hall.code}/"
    )

    assert {name: faults for name, faults in found.items() if faults} == {}


def walk(person, *addresses):
    """What is wrong with each page: faults of accessibility, sideways scrolling, complaints."""
    found = {}
    for address in addresses:
        person.visit(address)
        page = person.page
        assert page.locator("h1").count() == 1, address
        violations = Axe().run(page).response["violations"]
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        faults = [
            f"{each['id']}: {node['target']}" for each in violations for node in each["nodes"]
        ]
        found[address] = [*faults, *(["wide"] if wide > 0 else []), *page.complaints]
    return found
