"""One fair from its plan to what came of it, in browsers, told by those whose acts they are.

The portal runs inside this process, so that the weeks of a fair pass within the test.
"""

import pytest

from events.aftermath.queries import cases_begun_at
from events.registration.enums import RegistrationState
from events.registration.models import Registration
from matchmaking.cases.models import ConversionCase
from tests.e2e import fair_acts as acts
from tests.e2e.lake_town import next_code
from tests.e2e.people import Person
from tests.factories.accounts import PASSWORD
from tests.services.browser import PHONE

pytestmark = pytest.mark.browser


@pytest.fixture
def people(movable_portal, open_browser_on):
    """The organizer, the reviewer and the guests at their browsers; none of these may complain."""
    users = acts.settle()
    people = {
        name: Person(
            open_browser_on(movable_portal.url), user.email, PASSWORD, next_code(movable_portal)
        )
        for name, user in users.items()
    }
    yield people
    complaints = {name: each.page.complaints for name, each in people.items()}
    assert {name: each for name, each in complaints.items() if each} == {}


def test_the_fair(people, movable_portal, open_browser_on):
    plan_and_announce(people)
    register(people, movable_portal)
    ask_each_other(people, movable_portal)
    schedule(people, movable_portal)
    let_them_in(people, movable_portal, open_browser_on(movable_portal.url, viewport=PHONE))
    conclude(people, movable_portal)


def plan_and_announce(people):
    acts.plans(people["organizer"])
    acts.announces(people["reviewer"])


def register(people, portal):
    """Three companies want two places: the third waits, and moves up when one gives up."""
    portal.go_on_to("2025-03-05")
    acts.sweep()
    for name, guest in acts.GUESTS.items():
        acts.registers(people[name], guest)
    acts.decides(people["organizer"], "通过", "film", "wafer", "carbon", "crystal", "coating")
    acts.decides(people["organizer"], "候补", "late")
    acts.gives_up(people["wafer"])
    acts.takes_the_place(people["late"])


def ask_each_other(people, portal):
    portal.go_on_to("2025-03-11")
    acts.sweep()
    acts.asks(people["film"], "carbon", "MUST", "您的需求 · 对方的供给")
    acts.asks(people["late"], "coating", "WANT")
    acts.asks(people["crystal"], "film", "WANT")
    acts.answers(people["carbon"], "film")
    acts.answers(people["coating"], "late")
    acts.answers(people["film"], "crystal")


def schedule(people, portal):
    """Three meetings; one is moved by hand before everybody is told, then somebody falls ill."""
    portal.go_on_to("2025-04-04")
    organizer = people["organizer"]
    acts.finds_no_obstacle(organizer, requests=3)
    acts.calculates(organizer, "首版")
    acts.moves_by_hand(organizer, "late", slot=0)
    acts.publishes(organizer, told=5)

    portal.go_on_to("2025-04-07")
    acts.reports_ill(organizer, "crystal")
    acts.calculates(organizer, "林知远发烧")
    acts.publishes(organizer, told=2)


def let_them_in(people, portal, volunteer):
    """On the day a volunteer's phone has no network for a while."""
    link = acts.opens_a_door(people["organizer"])
    portal.go_on_to(acts.DAY)
    acts.sweep()
    acts.checks_in_without_network(volunteer, link, "film", "carbon")
    came = Registration.objects.filter(state=RegistrationState.CHECKED_IN)
    assert {each.name for each in came} == {"周远", "吴晴"}


def conclude(people, portal):
    """After the fair: two taps, an interest with its clock, and the case that counts for it."""
    portal.go_on_to("2025-04-09")
    acts.sweep()
    acts.sees_a_cooperation(people["film"], "carbon")
    acts.agrees_to_talk(people["carbon"])
    acts.opens_the_case(people["carbon"])
    assert list(cases_begun_at(acts.own_fair(), "__fair")) == [ConversionCase.objects.get()]
