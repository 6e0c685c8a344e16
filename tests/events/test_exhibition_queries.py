"""Pages of an exhibition ask the database the same number of questions for one as for forty."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.exhibition.models import Exhibition
from events.fairs.models import Fair
from tests.factories.exhibition import Show, fill_show
from tests.factories.listings import Institute

pytestmark = [pytest.mark.django_db, pytest.mark.database]
MOST = 30
FEW, MANY = 3, 40


def pages(show, exhibitor):
    code, person, own = show.fair.code, show.visitor.person, exhibitor.user

    def page(name, *args, query=""):
        return reverse(f"exhibition:{name}", args=args) + query

    return {
        "halls": (show.owner, page("halls", code)),
        "hall": (show.owner, page("hall", code, show.hall.pk)),
        "applications": (show.owner, page("applications", code)),
        "application": (show.owner, page("application", code, exhibitor.pk)),
        "settings": (show.owner, page("settings", code)),
        "visit": (person, page("visit", code)),
        "route": (None, page("visit", code, query="?industry=food")),
        "exhibitor": (person, page("exhibitor", code, exhibitor.pk)),
        "cards": (person, page("cards", code)),
        "awards": (None, page("awards", code)),
        "own": (own, page("own")),
        "mine": (own, page("mine", exhibitor.pk)),
        "leads": (own, page("leads", exhibitor.pk)),
        "export": (own, page("export", exhibitor.pk, "csv")),
        "fair's page": (None, show.fair.page.url),
    }


def test_choosing_a_booth_costs_the_same_among_few_and_many(client):
    cache.clear()
    show = Show()
    show.visitor = show.admitted()
    exhibitor = show.placed()
    fill_show(show, FEW)
    page = reverse("exhibition:application", args=[show.fair.code, exhibitor.pk])
    found = {"application": (show.owner, page)}

    few = counts(client, found)
    fill_show(show, MANY)

    assert counts(client, found) == few
    assert few["application"] <= MOST


def test_a_vote_asks_for_the_exhibitors_once(client):
    cache.clear()
    show = Show()
    show.visitor = show.admitted()
    show.on_show()
    fill_show(show, FEW)
    found = {"awards": (show.visitor.person, reverse("exhibition:awards", args=[show.fair.code]))}

    few = counts(client, found)
    fill_show(show, MANY)

    assert counts(client, found) == few


def counts(client, found):
    counted = {}
    for name, (user, address) in found.items():
        client.logout()
        if user:
            client.force_login(user)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200, name
        counted[name] = len(queries)
    return counted


def test_forty_exhibitors_cost_no_more_queries_than_three(client):
    cache.clear()
    show, institute = Show(), Institute()
    show.visitor = show.admitted()
    exhibitor = show.placed(user=institute.owner)
    pages_on_show = [institute.published(title=f"成果{number}") for number in range(6)]
    exhibitor.exhibits.create(page=pages_on_show[0])
    exhibitor.state = "ON_SHOW"
    exhibitor.save()
    Fair.objects.update(state="CLOSED")
    Exhibition.objects.create(fair=show.fair, result_on=show.fair.page.ends_at)
    fill_show(show, FEW)

    few = counts(client, pages(show, exhibitor))
    for page in pages_on_show[1:]:
        exhibitor.exhibits.create(page=page)
    fill_show(show, MANY)
    many = counts(client, pages(show, exhibitor))

    assert {name: n for name, n in many.items() if n > MOST} == {}
    assert {name: (few[name], n) for name, n in many.items() if n > few[name]} == {}
