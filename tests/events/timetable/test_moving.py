"""A draft moved by hand: what is prohibited is never saved, what is unwelcome only knowingly."""

import pytest

from events.fairs.models import MeetingTable
from events.registration.models import Availability
from events.timetable.services import (
    NeedsConfirmation,
    UnableToSchedule,
    copy_version,
    place_meeting,
    report_change,
    set_lock,
    take_out,
)
from tests.factories.fairs import fresh
from tests.factories.schedules import Timetable

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def made():
    return Timetable()


def place(made, version, request, slot, table, **values):
    return place_meeting(
        actor=made.owner,
        version=version,
        request=request,
        slot=made.slots[slot],
        table=made.tables[table],
        **values,
    )


def where(version, request):
    found = version.planned.get(request=request)
    return found.slot, found.table


def requests_of(version):
    return [each.request for each in version.planned.select_related("request").order_by("request")]


def test_a_meeting_moves_and_the_figures_follow(made):
    version = made.square()
    first = requests_of(version)[0]

    place(made, version, first, 3, 2)

    version = fresh(version)
    assert where(version, first) == (made.slots[3], made.tables[2])
    assert (version.method, version.status, version.breaks) == ("manual", "FEASIBLE", 2)


def test_two_meetings_change_places(made):
    version = made.square()
    first, _second, _third, fourth = requests_of(version)

    place(made, version, first, 0, 1)

    assert where(version, first) == (made.slots[0], made.tables[1])
    assert where(version, fourth) == (made.slots[0], made.tables[0])


def test_nobody_is_put_into_two_meetings_at_once(made):
    version = made.square()
    first = requests_of(version)[0]

    with pytest.raises(UnableToSchedule):
        place(made, version, first, 1, 2, confirmed=True)

    assert where(version, first) == (made.slots[0], made.tables[0])


def test_nobody_is_put_where_they_are_not(made):
    version = made.square()
    first = requests_of(version)[0]
    Availability.objects.create(registration=made.companies[0], slot=made.slots[2], state="BUSY")

    with pytest.raises(UnableToSchedule):
        place(made, version, first, 2, 0, confirmed=True)


def test_somebody_elses_booth_is_prohibited(made):
    version = made.square()
    first = requests_of(version)[0]
    MeetingTable.objects.create(fair=made.fair, code="Z1", owner=made.companies[1].organization)

    with pytest.raises(UnableToSchedule):
        place(made, version, first, 2, 4, confirmed=True)


def test_a_lost_table_is_prohibited(made):
    version = made.square()
    first = requests_of(version)[0]
    report_change(actor=made.owner, fair=made.fair, kind="TABLE_LOST", table=made.tables[2])

    with pytest.raises(UnableToSchedule):
        place(made, version, first, 2, 2, confirmed=True)


def test_more_meetings_than_allowed_are_prohibited(made):
    version = made.square()
    first = requests_of(version)[0]
    take_out(actor=made.owner, version=version, request=first)
    fair = made.fair
    fair.max_meetings = 1
    fair.save()

    with pytest.raises(UnableToSchedule):
        place(made, version, first, 0, 0, confirmed=True)


def test_an_unwelcome_slot_takes_a_confirmation(made):
    version = made.square()
    first = requests_of(version)[0]
    Availability.objects.create(
        registration=made.companies[0], slot=made.slots[2], state="PREFER_NOT"
    )

    with pytest.raises(NeedsConfirmation):
        place(made, version, first, 2, 0)
    assert where(version, first) == (made.slots[0], made.tables[0])

    place(made, version, first, 2, 0, confirmed=True)
    assert where(version, first) == (made.slots[2], made.tables[0])


def test_what_was_wrong_before_does_not_stand_in_the_way(made):
    version = made.square()
    first, *_rest, fourth = requests_of(version)
    report_change(actor=made.owner, fair=made.fair, kind="ABSENT", registration=made.companies[1])

    place(made, version, first, 3, 0)

    assert where(version, first) == (made.slots[3], made.tables[0])
    with pytest.raises(UnableToSchedule):
        place(made, version, fourth, 3, 1)


def test_a_meeting_without_a_time_is_put_in_where_it_is_free(made):
    version = made.square()
    first = requests_of(version)[0]
    take_out(actor=made.owner, version=version, request=first)
    assert fresh(version).metrics["meetings"] == 3

    with pytest.raises(UnableToSchedule):
        place(made, version, first, 0, 1)
    place(made, version, first, 2, 0)

    assert where(version, first) == (made.slots[2], made.tables[0])


def test_a_locked_meeting_neither_moves_nor_makes_room_nor_goes(made):
    version = made.square()
    first, *_rest, fourth = requests_of(version)
    set_lock(actor=made.owner, version=version, request=first, is_locked=True)

    with pytest.raises(UnableToSchedule):
        place(made, version, first, 3, 0, confirmed=True)
    with pytest.raises(UnableToSchedule):
        place(made, version, fourth, 0, 0, confirmed=True)
    with pytest.raises(UnableToSchedule):
        take_out(actor=made.owner, version=version, request=first)

    set_lock(actor=made.owner, version=version, request=first, is_locked=False)
    place(made, version, first, 3, 0)


@pytest.mark.parametrize("state", ["PUBLISHED", "SUPERSEDED", "SOLVING"])
def test_only_drafts_are_changed(made, state):
    version = made.square()
    first = requests_of(version)[0]
    version.state = state
    version.save()

    with pytest.raises(UnableToSchedule):
        place(made, version, first, 3, 0)


def test_a_copy_is_a_draft_with_the_same_plan_and_locks(made):
    version = made.square()
    first = requests_of(version)[0]
    set_lock(actor=made.owner, version=version, request=first, is_locked=True)

    copy = copy_version(actor=made.owner, version=version)

    assert (copy.number, copy.base, copy.state) == (2, version, "DRAFT")
    rows = ("request", "slot", "table", "is_locked")
    assert set(copy.planned.values_list(*rows)) == set(version.planned.values_list(*rows))


@pytest.mark.parametrize("who", ["member", "reviewer"])
def test_only_who_runs_the_fair_moves(made, who):
    version = made.square()
    first = requests_of(version)[0]

    with pytest.raises(UnableToSchedule):
        place_meeting(
            actor=getattr(made.hall, who),
            version=version,
            request=first,
            slot=made.slots[3],
            table=made.tables[0],
        )
