"""The board of the halls: now, next, tables, delays; organizations only where they may be shown."""

from datetime import timedelta

import pytest

from events.gates.boards import programme_of
from events.meetings.services import note_meeting
from portal.accounts.services import withdraw_consent
from tests.factories.fairs import fresh
from tests.factories.meetings import Market

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def booked():
    """Two meetings in the first slot and one in the second, at a fair where people pick."""
    market = Market(picks=True)
    first, second = market.slots[:2]
    enterprise = market.enterprise()
    requests = [
        market.agreed(enterprise, slot=first),
        market.agreed(slot=first),
        market.agreed(enterprise, slot=second),
    ]
    return market, [first, second], [request.meetings.get() for request in requests]


def tables(item):
    return [each.meeting.table.code for each in item.meetings]


def test_tables_stand_at_now_and_next_only(booked):
    market, [first, second], meetings = booked

    board = programme_of(market.fair, first.starts_at)

    assert [(item.slot, item.is_now, item.is_next) for item in board[:3]] == [
        (first, True, False),
        (second, False, True),
        (market.slots[2], False, False),
    ]
    assert tables(board[0]) == sorted(each.table.code for each in meetings[:2])
    assert tables(board[1]) == [meetings[2].table.code]
    assert board[2].meetings == []


def test_a_meeting_that_has_not_begun_is_late_after_three_minutes(booked):
    market, [first, _second], _meetings = booked

    seen = [
        programme_of(market.fair, first.starts_at + timedelta(minutes=minutes))[0]
        for minutes in (2, 3, 9)
    ]

    assert [item.meetings[0].minutes_late for item in seen] == [0, 3, 9]


def test_a_meeting_that_runs_over_keeps_its_slot_on_the_board(booked, time_machine):
    market, [first, second], meetings = booked
    time_machine.move_to(first.starts_at)
    note_meeting(actor=market.owner, meeting=meetings[0], state="STARTED")

    board = programme_of(market.fair, first.ends_at + timedelta(minutes=4))
    over = [(each.meeting, each.minutes_over) for each in board[0].meetings]
    note_meeting(actor=market.owner, meeting=fresh(meetings[0]), state="HELD")
    after = programme_of(market.fair, first.ends_at + timedelta(minutes=4))

    assert (board[0].slot, over) == (first, [(meetings[0], 4)])
    assert after[0].slot == second


def test_an_organization_is_named_only_with_its_persons_consent(booked):
    market, [first, _second], meetings = booked
    own, other = [seat.registration for seat in meetings[0].seats.order_by("pk")]

    withdraw_consent(actor=other.person, purpose="FAIR_PEERS", subject=market.fair.code)

    board = programme_of(market.fair, first.starts_at)
    [parties] = [each.parties for each in board[0].meetings if each.meeting == meetings[0]]
    assert parties == [own.organization_label, ""]


def test_where_the_list_shows_all_organizations_the_board_does_too(booked):
    market, [first, _second], meetings = booked
    other = meetings[0].seats.order_by("pk")[1].registration
    withdraw_consent(actor=other.person, purpose="FAIR_PEERS", subject=market.fair.code)
    type(market.fair).objects.filter(pk=market.fair.pk).update(list_participants="SHOW_ALL")

    board = programme_of(fresh(market.fair), first.starts_at)

    [parties] = [each.parties for each in board[0].meetings if each.meeting == meetings[0]]
    assert other.organization_label in parties


def test_a_cancelled_meeting_is_gone(booked):
    market, [first, _second], meetings = booked
    type(meetings[0]).objects.filter(pk=meetings[0].pk).update(state="CANCELLED")

    board = programme_of(market.fair, first.starts_at)

    assert [each.meeting for each in board[0].meetings] == [meetings[1]]


def test_a_screen_of_one_zone_shows_its_tables(booked):
    market, [first, _second], meetings = booked
    table = meetings[0].table
    type(table).objects.filter(pk=table.pk).update(zone="东厅")

    board = programme_of(market.fair, first.starts_at, "东厅")

    assert tables(board[0]) == [table.code]
