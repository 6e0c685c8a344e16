"""A fair as the solver sees it: weights, availability, tables, late changes."""

from datetime import timedelta

import pytest

from events.fairs.models import MeetingTable
from events.meetings.models import Meeting, Seat
from events.registration.models import Availability
from events.timetable.instances import Wishes, read_fair
from events.timetable.models import LateChange
from tests.factories.schedules import Timetable

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_only_agreed_requests_between_admitted_people_count():
    made = Timetable(companies=2, teams=2)
    agreed = made.wish(made.companies[0], made.teams[0])
    made.wish(made.companies[0], made.teams[1], state="SENT")
    made.wish(made.companies[1], made.teams[0], state="DECLINED")
    made.wish(made.companies[1], made.teams[1])
    made.companies[1].state = "WITHDRAWN"
    made.companies[1].save()

    grid = read_fair(made.fair)

    assert grid.requests == [agreed]
    assert {person.pk for person in grid.people} == {made.companies[0].pk, made.teams[0].pk}


@pytest.mark.parametrize(
    ("wishes", "weight"),
    [
        ({"priority": "WANT"}, 1),
        ({"priority": "MUST"}, 3),
        ({"priority": "WANT", "answer_priority": "WANT"}, 2),
        ({"priority": "WANT", "answer_priority": "MUST"}, 4),
    ],
)
def test_a_request_weighs_what_both_sides_wish(wishes, weight):
    made = Timetable(companies=1, teams=1)
    made.wish(made.companies[0], made.teams[0], **wishes)

    assert [each.weight for each in read_fair(made.fair).instance.meetings] == [weight]


def test_weights_are_settings_and_may_be_given(settings):
    made = Timetable(companies=1, teams=1)
    made.wish(made.companies[0], made.teams[0], priority="MUST")
    settings.FAIR_WEIGHTS = {"must": 5, "want": 2, "mutual": 0}

    default = read_fair(made.fair, Wishes.from_params({})).instance
    given = read_fair(made.fair, Wishes.from_params({"must": 9})).instance

    assert (default.weight, given.weight) == (5, 9)


def test_a_night_parts_days_and_midnight_does_not():
    made = Timetable(companies=1, teams=1)
    made.wish(made.companies[0], made.teams[0])
    first, second, *next_day = made.slots
    midnight = first.starts_at.replace(hour=16)  # in UTC
    for slot, minutes in ((first, -20), (second, 5), (next_day[0], 600), (next_day[1], 625)):
        slot.starts_at = midnight + timedelta(minutes=minutes)
        slot.ends_at = slot.starts_at + timedelta(minutes=20)
        slot.save()

    instance = read_fair(made.fair).instance

    assert instance.day_starts == {2}
    assert [list(day) for day in instance.days] == [[0, 1], [2, 3]]


def test_busy_slots_are_not_free_and_unwelcome_ones_are():
    made = Timetable(companies=1, teams=1)
    made.wish(made.companies[0], made.teams[0])
    for number, state in enumerate(["BUSY", "PREFER_NOT"]):
        Availability.objects.create(
            registration=made.companies[0], slot=made.slots[number], state=state
        )

    grid = read_fair(made.fair)

    number = grid.person_number[made.companies[0].pk]
    assert grid.instance.free[number] == {1, 2, 3}
    assert grid.rather_not == {(made.companies[0].pk, made.slots[1].pk)}


def test_breaks_of_the_programme_are_no_slots():
    made = Timetable(companies=1, teams=1)
    made.wish(made.companies[0], made.teams[0])
    slot = made.slots[1]
    slot.kind = "BREAK"
    slot.save()

    assert read_fair(made.fair).instance.slots == 3


def test_a_booth_is_its_owners_and_an_accessible_table_theirs_who_need_one():
    made = Timetable(companies=2, teams=2)
    made.everybody_meets()
    booth = MeetingTable.objects.create(
        fair=made.fair, code="Z1", kind="BOOTH", owner=made.companies[0].organization
    )
    made.teams[1].needs_accessible_table = True
    made.teams[1].save()

    grid = read_fair(made.fair)

    accessible = made.fair.tables.get(is_accessible=True)
    assert grid.homes == {made.companies[0].pk: booth.pk, made.teams[1].pk: accessible.pk}
    both = next(
        number
        for number, request in enumerate(grid.requests)
        if (request.from_registration, request.to_registration)
        == (made.companies[0], made.teams[1])
    )
    assert grid.instance.booths[both] == grid.table_number[accessible.pk]


def test_late_changes_close_slots_and_tables():
    made = Timetable(companies=1, teams=1)
    made.wish(made.companies[0], made.teams[0])
    _first, second, third, fourth = made.slots
    LateChange.objects.create(
        fair=made.fair, kind="LATE", registration=made.companies[0], last=second
    )
    LateChange.objects.create(
        fair=made.fair, kind="LEAVES", registration=made.teams[0], first=fourth
    )
    LateChange.objects.create(
        fair=made.fair, kind="TABLE_LOST", table=made.tables[0], first=second, last=third
    )
    lifted = LateChange.objects.create(fair=made.fair, kind="ABSENT", registration=made.teams[0])
    lifted.lifted_at = lifted.reported_at
    lifted.save()

    grid = read_fair(made.fair)

    free = {person.pk: grid.instance.free[number] for number, person in enumerate(grid.people)}
    assert free == {made.companies[0].pk: {2, 3}, made.teams[0].pk: {0, 1, 2}}
    assert grid.instance.lost_tables == {(0, 1), (0, 2)}


def test_a_meeting_on_the_spot_takes_its_people_and_its_table():
    made = Timetable(companies=1, teams=1)
    made.wish(made.companies[0], made.teams[0])
    meeting = Meeting.objects.create(
        fair=made.fair, slot=made.slots[2], table=made.tables[1], source="ONSITE"
    )
    Seat.objects.create(meeting=meeting, registration=made.teams[0], slot=made.slots[2])

    grid = read_fair(made.fair)

    assert grid.instance.lost_tables == {(1, 2)}
    assert grid.instance.free[grid.person_number[made.teams[0].pk]] == {0, 1, 3}


def test_what_was_told_is_told_and_what_has_begun_is_held(time_machine):
    made = Timetable(companies=1, teams=2)
    requests = made.everybody_meets()
    for number, request in enumerate(requests):
        meeting = Meeting.objects.create(
            fair=made.fair, request=request, slot=made.slots[number], table=made.tables[0]
        )
        for person in (request.from_registration, request.to_registration):
            Seat.objects.create(meeting=meeting, registration=person, slot=made.slots[number])
    time_machine.move_to(made.slots[0].starts_at)

    meetings = read_fair(made.fair).instance.meetings

    assert [(each.told, each.told_table, each.held) for each in meetings] == [
        (0, 0, True),
        (1, 0, False),
    ]
