"""What the public page and the list of participants show to whom."""

import re

import pytest

from events.fairs import services as fairs
from events.fairs.models import Fair
from events.registration.models import Registration
from events.registration.services import set_consents
from portal.taxonomy.models import Industry
from tests.factories.fair_pages import Desk
from tests.factories.fairs import Hall, fresh, in_days

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def names_on(text):
    return set(re.findall(r"名录\d", text))


@pytest.fixture
def listed():
    """Three admitted people: shown to all, to participants, to nobody; each names an offer."""
    hall = Hall()
    consents = (
        ["FAIR_ORGANIZER", "FAIR_PEERS", "FAIR_PUBLIC"],
        ["FAIR_ORGANIZER", "FAIR_PEERS"],
        ["FAIR_ORGANIZER"],
    )
    hall.people = [
        hall.admitted(name=f"名录{number}", consents=given)
        for number, given in enumerate(consents, start=1)
    ]
    return hall


@pytest.mark.parametrize(
    ("public", "participants", "seen"),
    [
        ("HIDE_ALL", "HIDE_ALL", (0, set(), 0, set())),
        ("WITH_CONSENT", "WITH_CONSENT", (1, {"名录1"}, 2, {"名录1", "名录2"})),
        ("SHOW_ALL", "SHOW_ALL", (3, {"名录1"}, 3, {"名录1", "名录2"})),
        ("HIDE_ALL", "SHOW_ALL", (0, set(), 3, {"名录1", "名录2"})),
    ],
)
def test_names_are_listed_with_consent_only(client, listed, public, participants, seen):
    Fair.objects.update(list_public=public, list_participants=participants)
    found = []

    for user in (None, listed.people[2].person):
        text = Desk(client, user, listed.fair).get("registration:participants")
        found += [text.count('class="card stack'), names_on(text)]

    assert tuple(found) == seen
    for registration in listed.people:
        assert registration.email not in text


def test_a_consent_taken_back_takes_the_name_out_at_once(client, listed):
    Fair.objects.update(list_public="SHOW_ALL")
    first = listed.people[0]
    set_consents(actor=first.person, registration=first, consents=["FAIR_ORGANIZER"])

    text = Desk(client, None, listed.fair).get("registration:participants")

    assert names_on(text) == set()


def test_the_list_is_filtered_by_role_and_industry(client, listed):
    Fair.objects.update(list_public="SHOW_ALL")
    industry = Industry.objects.get(code="textile")
    listed.people[0].industries.add(industry)
    Registration.objects.filter(pk=listed.people[1].pk).update(role="INSTITUTE")
    desk = Desk(client, None, listed.fair)

    counts = [
        desk.get("registration:participants", query=query).count('class="card stack')
        for query in ("?role=INSTITUTE", "?industry=textile", "?role=MEDIA", "?role=nonsense")
    ]

    assert counts == [1, 1, 0, 3]


def test_the_list_closes_some_days_after_the_fair(client, listed, time_machine):
    Fair.objects.update(list_public="SHOW_ALL", display_after_days=5)
    desk = Desk(client, None, listed.fair)

    shown = []
    for day in (34, 37):
        time_machine.move_to(in_days(day) if day == 34 else in_days(3))
        shown.append("本场活动不公开名单" in desk.get("registration:participants"))

    assert shown == [False, True]


def test_the_public_page_tells_what_is_next(client):
    hall = Hall(needs_approval=False)
    hall.limit(total=1)
    page = hall.fair.page
    texts = [client.get(page.url).content.decode()]
    registration = hall.sent()
    texts.append(client.get(page.url).content.decode())
    client.force_login(registration.person)
    texts.append(client.get(page.url).content.decode())

    assert "余1个名额" in texts[0]
    assert "名额已满，可报名候补。" in texts[1]
    assert "我的报名状态" in texts[2]


def test_before_its_first_day_the_page_says_when_registration_opens(client):
    hall = Hall(state="REVIEW", registration_opens_at=in_days(3))
    fairs.approve_fair(actor=hall.reviewer, fair=hall.fair)

    text = client.get(fresh(hall.fair).page.url).content.decode()

    assert f"报名将于{in_days(3):%Y-%m-%d %H:%M}开始。" in text
