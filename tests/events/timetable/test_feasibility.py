"""What stands in a schedule's way is said before solving, each with what would help."""

import pytest

from events.registration.models import Availability
from events.timetable.instances import read_fair
from events.timetable.queries import feasibility_of
from tests.factories.schedules import Timetable

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def busy(person, *slots):
    for slot in slots:
        Availability.objects.create(registration=person, slot=slot, state="BUSY")


def titles(made):
    return [each.title for each in feasibility_of(read_fair(made.fair)).hindrances]


def test_nothing_stands_in_the_way_of_a_small_fair():
    made = Timetable()
    made.everybody_meets()

    found = feasibility_of(read_fair(made.fair))

    assert found.hindrances == []
    assert (found.requests, found.people, found.slots, found.seats) == (4, 4, 4, 16)
    assert (found.most, found.least_tables, found.tables) == (4, 1, 4)


def test_more_requests_than_slots_name_the_person_and_the_slots_that_would_help():
    made = Timetable(companies=1, teams=3)
    made.everybody_meets()
    busy(made.companies[0], *made.slots[2:])

    found = feasibility_of(read_fair(made.fair))

    [hindrance] = found.hindrances
    assert hindrance.title == made.companies[0].full_label
    assert "3" in hindrance.text
    assert str(made.slots[2]) in hindrance.helps[0]
    assert found.most == 2


def test_a_pair_without_a_common_slot_is_named():
    made = Timetable(companies=1, teams=1)
    made.everybody_meets()
    busy(made.companies[0], *made.slots[:2])
    busy(made.teams[0], *made.slots[2:])

    [hindrance] = feasibility_of(read_fair(made.fair)).hindrances

    assert made.companies[0].organization.name in hindrance.title
    assert made.teams[0].organization.name in hindrance.title
    assert len(hindrance.helps) == 2


def test_too_few_tables_say_how_many_more():
    made = Timetable(companies=3, teams=3)
    made.everybody_meets()
    made.fair.tables.exclude(code=made.tables[0].code).delete()

    [hindrance] = feasibility_of(read_fair(made.fair)).hindrances

    assert hindrance.url.endswith("/tables/")
    assert "2" in hindrance.helps[0]  # nine meetings, four slots: three tables, one is there


def test_a_missing_accessible_table_is_named():
    made = Timetable(companies=1, teams=1)
    made.everybody_meets()
    made.teams[0].needs_accessible_table = True
    made.teams[0].save()
    assert titles(made) == []

    made.fair.tables.update(is_accessible=False)

    assert len(titles(made)) == 1


def test_more_requests_than_a_person_may_have_meetings_are_named():
    made = Timetable(companies=1, teams=3)
    made.everybody_meets()
    fair = made.fair
    fair.max_meetings = 2
    fair.save()

    assert titles(made) == [made.companies[0].full_label]
    assert feasibility_of(read_fair(made.fair)).most == 2
