"""Sessions, slots and tables."""

from datetime import timedelta

import pytest

from events.fairs import services, ties
from events.fairs.models import Slot
from events.fairs.services import UnableToChangeFair
from events.fairs.services.grid import lay_out
from events.registration.services import set_availability
from tests.factories.accounts import OrganizationFactory
from tests.factories.fairs import Hall, in_days

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def hall():
    return Hall(state="DRAFT")


@pytest.fixture
def meetings(monkeypatch):
    """Let the room above say that three meetings stand in every session."""
    monkeypatch.setattr(ties, "_MEETINGS", [lambda session: 3])


def regenerate(hall, **values):
    session = hall.fair.sessions.get()
    return services.generate_slots(
        actor=values.pop("actor", hall.owner),
        session=session,
        **{
            "starts_at": in_days(30, 10),
            "slot_minutes": 30,
            "gap_minutes": 0,
            "count": 6,
            **values,
        },
    )


def test_slots_follow_each_other_with_gaps():
    start = in_days(1)

    assert lay_out(start, minutes=20, gap=5, count=3) == [
        (start, start + timedelta(minutes=20)),
        (start + timedelta(minutes=25), start + timedelta(minutes=45)),
        (start + timedelta(minutes=50), start + timedelta(minutes=70)),
    ]


def test_laying_out_anew_keeps_the_rows_and_what_is_said_of_them(hall):
    third = hall.slots[2]
    services.set_slot(actor=hall.owner, slot=third, kind="BREAK", label="茶歇")

    regenerate(hall)

    third.refresh_from_db()
    assert (third.kind, third.label, third.starts_at) == ("BREAK", "茶歇", in_days(30, 11))
    assert hall.slots.count() == 6


def test_fewer_slots_leave_the_first_ones(hall):
    regenerate(hall, count=2)

    assert [slot.index for slot in hall.slots] == [1, 2]


@pytest.mark.parametrize("count", [0, 61])
def test_a_session_has_a_reasonable_number_of_slots(hall, count):
    with pytest.raises(UnableToChangeFair):
        regenerate(hall, count=count)


def test_two_sessions_do_not_overlap(hall):
    with pytest.raises(UnableToChangeFair, match="重叠"):
        hall.add_session(name="重叠场", hour=10)

    assert hall.fair.sessions.count() == 1


@pytest.mark.usefixtures("meetings")
def test_laying_out_under_meetings_asks_first(hall):
    with pytest.raises(UnableToChangeFair, match="3场洽谈"):
        regenerate(hall)

    regenerate(hall, is_confirmed=True)

    assert hall.slots.count() == 6


@pytest.mark.usefixtures("meetings")
def test_a_slot_with_meetings_does_not_become_a_break_unasked(hall):
    with pytest.raises(UnableToChangeFair):
        services.set_slot(actor=hall.owner, slot=hall.slots[0], kind="BREAK")

    assert hall.slots[0].kind == "MEETING"


@pytest.mark.usefixtures("meetings")
def test_a_session_with_meetings_stays(hall):
    with pytest.raises(UnableToChangeFair):
        services.remove_session(actor=hall.owner, session=hall.fair.sessions.get())

    assert hall.fair.sessions.count() == 1


def test_a_session_goes_with_its_slots(hall):
    services.remove_session(actor=hall.owner, session=hall.fair.sessions.get())

    assert Slot.objects.count() == 0


def test_tables_are_numbered_on(hall):
    tables = services.add_tables(
        actor=hall.owner, fair=hall.fair, letter="A", count=2, zone="东区", accessible=1
    )

    assert [(each.code, each.is_accessible) for each in tables] == [("A05", True), ("A06", False)]


def test_there_are_not_more_tables_than_a_hall_holds(hall):
    with pytest.raises(UnableToChangeFair):
        services.add_tables(actor=hall.owner, fair=hall.fair, letter="B", count=497)


def test_a_booth_belongs_to_an_organization(hall):
    table, owner = hall.fair.tables.first(), OrganizationFactory()

    services.edit_table(
        actor=hall.owner, table=table, kind="BOOTH", zone="西区", is_accessible=True, owner=owner
    )

    table.refresh_from_db()
    assert (table.kind, table.zone, table.owner) == ("BOOTH", "西区", owner)


def test_tables_of_another_fair_are_not_removed(hall):
    other = Hall(state="DRAFT")
    ids = [*other.fair.tables.values_list("pk", flat=True), hall.fair.tables.first().pk]

    assert services.remove_tables(actor=hall.owner, fair=hall.fair, tables=ids) == 1
    assert other.fair.tables.count() == 4


def test_others_change_nothing_of_the_grid(hall):
    table, slot = hall.fair.tables.first(), hall.slots[0]
    doors = [
        lambda user: regenerate(hall, actor=user),
        lambda user: services.set_slot(actor=user, slot=slot, kind="BREAK"),
        lambda user: services.remove_session(actor=user, session=slot.session),
        lambda user: services.add_tables(actor=user, fair=hall.fair, letter="C", count=1),
        lambda user: services.remove_tables(actor=user, fair=hall.fair, tables=[table.pk]),
        lambda user: services.edit_table(
            actor=user, table=table, kind="BOOTH", zone="", is_accessible=False, owner=None
        ),
    ]

    for door in doors:
        for user in (hall.member, hall.reviewer):
            with pytest.raises(UnableToChangeFair):
                door(user)


def test_what_people_say_of_a_slot_stays_when_it_is_laid_out_anew():
    hall = Hall()
    registration = hall.draft()
    slot = hall.slots[1]
    set_availability(
        actor=registration.person,
        registration=registration,
        states={slot.pk: ("BUSY", "SESSION")},
    )

    regenerate(hall)

    assert registration.availabilities.get().slot_id == slot.pk
