"""The pages of an interest and the lists: what they offer, take and show."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from matchmaking.interests.enums import InterestState
from matchmaking.interests.queries import accepted_interests, to_answer
from tests.factories.interests import Town, fresh
from tests.factories.listings import Institute

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


@pytest.fixture
def town():
    return Town()


def act(interest, action):
    return reverse("interests:act", args=[interest.code, action])


def target_of(page):
    """Where a browser sends the form of a page."""
    [form] = re.findall(r'<form class="form" method="post"[^>]*>', page.content.decode())
    named = re.search(r'action="([^"]*)"', form)
    return named[1] if named else page.request["PATH_INFO"]


def test_the_page_offers_what_may_be_done(town, client):
    interest = town.express()

    def offered(user):
        client.force_login(user)
        return [each.slug for each in client.get(interest.get_absolute_url()).context["actions"]]

    assert offered(town.company.owner) == ["withdraw"]
    assert offered(town.institute.owner) == ["answer", "decline"]
    assert offered(town.institute.colleague) == []


@pytest.mark.parametrize(
    ("action", "data", "state"),
    [
        ("answer", {"text": "您好"}, InterestState.ANSWERED),
        ("decline", {"reason": "NO_CAPACITY"}, InterestState.DECLINED),
    ],
)
def test_the_receiver_answers_by_a_form(town, client, action, data, state):
    interest = town.express()
    client.force_login(town.institute.owner)

    page = client.get(act(interest, action))
    answer = client.post(target_of(page), data)

    assert (answer.url, fresh(interest).state) == (interest.get_absolute_url(), state)


def test_a_no_without_a_reason_comes_back(town, client):
    interest = town.express()
    client.force_login(town.institute.owner)

    answer = client.post(act(interest, "decline"), {"comment": "不合适"})

    assert list(answer.context["form"].errors) == ["reason"]
    assert "不合适" in answer.content.decode()


def test_a_step_that_is_not_allowed_is_not_there(town, client):
    interest = town.express()
    client.force_login(town.institute.owner)

    answers = {each: client.post(act(interest, each)).status_code for each in ["withdraw", "x"]}

    assert answers == {"withdraw": 404, "x": 404}


def test_interests_in_talks_are_what_a_case_may_start_from(town):
    town.declined()
    interest = town.in_talks()

    assert list(accepted_interests(town.company.colleague)) == [interest]
    assert list(accepted_interests(town.institute.owner)) == [interest]
    assert list(accepted_interests(Institute("滨江力学研究所").owner)) == []


def test_what_waits_for_me_has_its_last_day(town, client):
    interest = town.express()
    client.force_login(town.institute.owner)

    [section] = [
        each
        for each in client.get(reverse("workspace:home")).context["waiting"]
        if each.heading == "待答复的意向"
    ]

    assert [(row.title, row.due) for row in section.rows] == [(town.page.title, interest.due_on)]
    assert list(to_answer(town.institute.researcher)) == [interest]
    assert list(to_answer(town.institute.colleague)) == []
    assert list(to_answer(town.company.owner)) == []


def test_a_list_is_narrowed_to_what_is_open(town, client):
    town.declined()
    interest = town.in_talks()
    client.force_login(town.company.owner)
    address = reverse("interests:list", args=["sent"])

    def shown(only):
        return list(client.get(address, {"only": only}).context["page_obj"])

    assert (len(shown("")), shown("open"), shown("overdue")) == (2, [interest], [])


@pytest.mark.parametrize("shelf", ["received", "sent"])
def test_each_side_has_its_list(town, client, shelf):
    interest = town.express()
    owner = {"received": town.institute.owner, "sent": town.company.owner}[shelf]
    client.force_login(owner)

    page = client.get(reverse("interests:list", args=[shelf]))

    assert list(page.context["page_obj"]) == [interest]
    assert [tab["count"] for tab in page.context["tabs"] if tab["is_current"]] == [1]
