"""Series of fairs: who keeps them, and their numbers side by side."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.reports.models import FairSeries
from events.reports.services import UnableToReport, begin_series, edit_series
from portal.audit.models import AuditEvent
from tests.factories.accounts import UserFactory
from tests.factories.fairs import Hall
from tests.factories.oversight import make_overseer, signed_in
from tests.factories.past_fairs import PastFair, make_small_fair

pytestmark = pytest.mark.django_db
MOST_QUERIES = 30


@pytest.fixture
def past():
    return make_small_fair()


def another_year(past, **values):
    hall = Hall(organizer=past.hall.organizer, owner=past.owner)
    return PastFair(hall=hall, **values)


def begun(past, *more):
    return begin_series(actor=past.owner, name="新材料对接会", fairs=[past.fair, *more])


def test_a_series_is_its_organizers_and_every_change_is_recorded(past):
    series = begun(past)
    edit_series(actor=past.owner, series=series, name="材料对接会", name_en="Materials", fairs=[])

    series.refresh_from_db()
    assert (series.organizer, series.name, series.fairs.count()) == (
        past.hall.organizer,
        "材料对接会",
        0,
    )
    actions = AuditEvent.objects.filter(action__startswith="reports.").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == [
        "reports.begin_series",
        "reports.edit_series",
    ]


def test_a_series_needs_a_fair_of_ones_own_and_a_name_of_its_own(past):
    stranger, foreign = UserFactory(), Hall().fair
    begun(past)
    refused = [
        (past.owner, "另一个", []),
        (past.owner, "新材料对接会", [past.fair]),
        (past.owner, "另一个", [past.fair, foreign]),
        (stranger, "另一个", [past.fair]),
        (past.hall.member, "另一个", [past.fair]),
    ]
    for actor, name, fairs in refused:
        with pytest.raises(UnableToReport):
            begin_series(actor=actor, name=name, fairs=fairs)
    with pytest.raises(UnableToReport):
        edit_series(actor=stranger, series=FairSeries.objects.get(), name="改名", fairs=[])

    assert FairSeries.objects.count() == 1


def test_the_numbers_of_each_year_stand_side_by_side_with_their_records(past):
    later = another_year(past, days_ago=20)
    later.person()
    coming = Hall(organizer=past.hall.organizer, owner=past.owner, state="DRAFT")
    series = begun(past, later.fair, coming.fair)
    page = signed_in(past.owner).get(series.get_absolute_url())

    rows = {
        row["number"].key: [cell["text"] for cell in row["cells"]] for row in page.context["rows"]
    }
    assert rows["came"] == ["7", "1"]
    assert rows["show_up"] == ["87.5 %", "100.0 %"]
    assert rows["yield"] == ["33.3 %", "–"]
    assert page.context["bars"][0]["values"] == [7, 7, 3]
    assert list(page.context["to_come"]) == [coming.fair]
    text = page.content.decode()
    assert reverse("reports:records", args=[past.fair.code, "show_up"]) in text
    assert reverse("fairs:act", args=[coming.fair.code, "copy"]) in text


def test_five_fairs_cost_no_more_queries_than_two(past):
    past.contract(past.meetings[0])
    series = begun(past, another_year(past).fair)
    client = signed_in(past.owner)
    client.get(series.get_absolute_url())
    with CaptureQueriesContext(connection) as few:
        client.get(series.get_absolute_url())
    for days_ago in (400, 600, 800):
        year = another_year(past, days_ago=days_ago)
        year.fill(1)
        series.fairs.add(year.fair)
    with CaptureQueriesContext(connection) as many:
        client.get(series.get_absolute_url())

    assert len(many) <= len(few) <= MOST_QUERIES


def test_only_the_office_and_overseers_read_a_series(past):
    series = begun(past)
    people = [past.owner, make_overseer(), past.hall.member, UserFactory()]

    answers = [signed_in(each).get(series.get_absolute_url()).status_code for each in people]
    assert answers == [200, 200, 404, 404]
    edits = [
        signed_in(each).get(reverse("reports:edit-series", args=[series.pk])).status_code
        for each in people
    ]
    assert edits == [200, 403, 404, 404]


def test_a_series_is_begun_and_changed_on_its_pages(past):
    client = signed_in(past.owner)
    foreign = Hall().fair
    new = reverse("reports:new-series")
    assert foreign.label not in client.get(new).content.decode().replace(past.fair.label, "")
    assert client.post(new, {"name": "新材料对接会"}).status_code == 422
    answer = client.post(new, {"name": "新材料对接会", "fairs": [past.fair.pk]})
    series = FairSeries.objects.get()
    assert answer.url == series.get_absolute_url()
    edit = reverse("reports:edit-series", args=[series.pk])
    client.post(edit, {"name": "材料对接会", "fairs": [past.fair.pk]})

    series.refresh_from_db()
    assert (series.name, list(series.fairs.all())) == ("材料对接会", [past.fair])
    assert "材料对接会" in client.get(reverse("reports:series-list")).content.decode()
