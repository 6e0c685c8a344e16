"""Who looks after the tables says what became of a meeting, with a sign-in or a link alone."""

from datetime import timedelta

import pytest
from django.urls import reverse

from events.gates.rules import Operator
from events.gates.services import UnableToCheckIn, make_link, note_at_table, revoke_duty
from events.meetings.services import UnableToMeet, refuse_to_meet
from portal.audit.models import AuditEvent
from tests.factories.accounts import UserFactory
from tests.factories.fairs import fresh
from tests.factories.meetings import Market

pytestmark = [pytest.mark.django_db, pytest.mark.database]


class Tables:
    """A minute before the first slot: two meetings in it, two who are free, and a volunteer."""

    def __init__(self, clock):
        self.market, self.clock = Market(picks=True), clock
        self.fair, self.slot = self.market.fair, self.market.slots[0]
        self.meetings = [self.market.agreed(slot=self.slot).meetings.get() for _time in range(2)]
        self.free = [self.market.enterprise(name="周远"), self.market.institute(name="吴晴")]
        self.duty, self.token = make_link(
            actor=self.market.owner,
            fair=self.fair,
            name="洽谈区志愿者",
            expires_at=self.fair.page.ends_at,
        )
        self.clock.move_to(self.slot.starts_at - timedelta(minutes=1))

    @property
    def volunteer(self):
        return Operator(user=None, duty=fresh(self.duty))

    def note(self, state, operator=None, **values):
        meeting = fresh(self.meetings[0])
        return note_at_table(
            operator=operator or self.volunteer, meeting=meeting, state=state, **values
        )


@pytest.fixture
def tables(time_machine):
    return Tables(time_machine)


def test_a_meeting_begins_and_ends_by_the_hand_of_a_volunteer(tables):
    tables.note("STARTED")
    tables.clock.shift(timedelta(minutes=21))
    held = tables.note("HELD")

    assert held.ended_at - held.started_at >= timedelta(minutes=21)
    noted = AuditEvent.objects.filter(action="meetings.note_meeting").order_by("pk")
    assert [(row.actor, row.payload["state"], row.payload["duty"]) for row in noted] == [
        (None, "STARTED", tables.duty.pk),
        (None, "HELD", tables.duty.pk),
    ]


def test_who_did_not_come_is_noted_and_taken_back_when_they_do(tables):
    late = tables.meetings[0].seats.earliest("pk")

    tables.note("NOT_HELD", absent=[late.registration_id])
    assert fresh(late).is_absent
    begun = tables.note("STARTED")

    assert begun.state == "STARTED"
    assert not fresh(late).is_absent


def test_nothing_is_noted_before_the_meeting_can_have_begun(tables):
    tables.clock.move_to(tables.slot.starts_at - timedelta(minutes=31))
    with pytest.raises(UnableToCheckIn):
        tables.note("HELD")
    assert fresh(tables.meetings[0]).state == "ARRANGED"


def test_a_meeting_that_was_held_does_not_begin_again(tables):
    tables.note("HELD")
    with pytest.raises(UnableToMeet):
        tables.note("STARTED")


def test_whose_access_was_taken_back_notes_nothing(tables):
    revoke_duty(actor=tables.market.owner, duty=tables.duty)
    for operator in (tables.volunteer, Operator(user=UserFactory(), duty=None)):
        with pytest.raises(UnableToCheckIn):
            tables.note("STARTED", operator)


def test_the_page_shows_the_slot_under_way_and_takes_the_buttons(client, tables):
    client.post(reverse("gates:enter", args=[tables.token]))
    page = reverse("gates:tables", args=[tables.fair.code])
    [first, second] = sorted(tables.meetings, key=lambda each: each.table.code)

    answer = client.get(page)
    assert [meeting for meeting, _has_come in answer.context["rows"]] == [first, second]
    note = reverse("gates:note", args=[tables.fair.code, second.pk])
    answer = client.post(note, {"state": "STARTED"})
    assert answer.url == f"{page}?slot={tables.slot.pk}#meeting-{second.pk}"
    assert fresh(second).state == "STARTED"
    found = client.get(page, {"q": second.table.code})
    assert [meeting.state for meeting, _has_come in found.context["rows"]] == ["STARTED"]


def test_the_page_says_why_nothing_was_noted(client, tables):
    client.force_login(tables.market.owner)
    note = reverse("gates:note", args=[tables.fair.code, tables.meetings[0].pk])
    client.post(note, {"state": "HELD"})

    said = client.post(note, {"state": "STARTED"}, follow=True)

    assert "不能变更为" in said.content.decode()
    assert client.post(note, {"state": "CANCELLED"}, follow=True).status_code == 200
    assert client.post(note, {"state": "x"}).status_code == 404
    assert fresh(tables.meetings[0]).state == "HELD"


def test_another_day_is_asked_for_by_its_slot(client, tables):
    client.force_login(tables.market.owner)
    later = tables.market.slots[2]

    answer = client.get(reverse("gates:tables", args=[tables.fair.code]), {"slot": later.pk})

    assert (answer.context["slot"], answer.context["rows"]) == (later, [])


class TestOnTheSpot:
    @staticmethod
    def address(tables, one, other):
        page = reverse("gates:onsite", args=[tables.fair.code])
        return f"{page}?one={one}&other={other}"

    def test_two_who_are_found_meet_in_a_slot_to_come(self, client, tables):
        client.force_login(tables.market.owner)
        page = self.address(tables, "周远", tables.free[1].ticket)

        offered = client.get(page).context["slots"]
        client.post(page, {"slot": offered[0].pk})

        meeting = tables.free[0].seats.get().meeting
        assert (meeting.source, meeting.slot) == ("ONSITE", tables.slot)
        assert {seat.registration for seat in meeting.seats.all()} == set(tables.free)

    def test_a_slot_that_was_taken_meanwhile_is_said(self, client, tables):
        client.force_login(tables.market.owner)
        page = self.address(tables, "周远", "吴晴")
        client.post(page, {"slot": tables.slot.pk})

        said = client.post(page, {"slot": tables.slot.pk}, follow=True)

        assert "请选择仍空闲的时段" in said.content.decode()
        assert tables.free[0].seats.count() == 1

    def test_who_does_not_want_to_meet_is_not_put_at_a_table(self, client, tables):
        refuse_to_meet(
            actor=tables.free[1].person, registration=tables.free[1], other=tables.free[0]
        )
        client.force_login(tables.market.owner)

        page = self.address(tables, "周远", "吴晴")
        client.post(page, {"slot": tables.slot.pk})

        assert not tables.free[0].seats.exists()
