"""Late changes: what people have been told stays as far as possible."""

import pytest

from events.meetings.models import Meeting
from events.timetable.instances import read_fair
from events.timetable.queries import difference_of, feasibility_of
from events.timetable.services import (
    UnableToSchedule,
    lift_change,
    publish_version,
    report_change,
    solve_version,
    start_solving,
    tell_people,
)
from portal.jobs.services import run_job
from tests.factories.fairs import fresh
from tests.factories.schedules import QUICK, Timetable

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def solve(made, **values):
    version = start_solving(actor=made.owner, fair=made.fair, seconds=QUICK, **values)
    run_job(job_id=version.job_id, work=solve_version)
    return fresh(version)


@pytest.fixture
def made():
    made = Timetable()
    tell_people(publication=publish_version(actor=made.owner, version=made.square()))
    return made


def test_somebody_late_moves_with_as_few_others_as_possible(made):
    before = made.fair.schedule_versions.get(state="PUBLISHED")
    report_change(
        actor=made.owner,
        fair=made.fair,
        kind="LATE",
        registration=made.companies[0],
        last=made.slots[0],
    )

    version = solve(made, base=before)

    assert version.method == "changes"
    assert version.metrics["meetings"] == 4
    changed = difference_of(version, before)
    assert len(changed) == 1
    assert version.metrics["moved"] == 1
    assert version.metrics["changed_people"] == 2


def test_publishing_it_tells_those_two_alone(made):
    report_change(
        actor=made.owner,
        fair=made.fair,
        kind="LATE",
        registration=made.companies[0],
        last=made.slots[0],
    )
    version = solve(made)

    publication = publish_version(actor=made.owner, version=version)

    told = {notice.registration for notice in publication.notices.all()}
    assert told == {made.companies[0], made.teams[0]}


def test_somebody_ill_loses_the_meetings_and_the_rest_stays(made):
    report_change(actor=made.owner, fair=made.fair, kind="ABSENT", registration=made.companies[0])
    version = solve(made)
    publish_version(actor=made.owner, version=version)

    assert version.planned.count() == 2
    assert Meeting.objects.active().count() == 2
    assert set(Meeting.objects.active().values_list("sequence", flat=True)) == {0}


def test_a_lost_table_moves_its_meetings_alone(made):
    report_change(actor=made.owner, fair=made.fair, kind="TABLE_LOST", table=made.tables[0])

    version = solve(made)

    assert version.planned.filter(table=made.tables[0]).count() == 0
    assert version.planned.count() == 4
    assert version.planned.filter(table=made.tables[1]).count() >= 2


def test_a_new_request_is_put_in_beside_what_was_told(made):
    newcomer = made.person("EXPERT")
    new = made.wish(made.companies[0], newcomer)
    before = {each.request_id: each.slot_id for each in _told(made)}

    version = solve(made)

    after = dict(version.planned.values_list("request", "slot"))
    assert new.pk in after
    assert {request: after[request] for request in before} == before


def _told(made):
    return Meeting.objects.active().filter(fair=made.fair)


def test_lifting_a_change_frees_the_slots_again(made):
    change = report_change(
        actor=made.owner, fair=made.fair, kind="ABSENT", registration=made.companies[0]
    )
    assert feasibility_of(read_fair(made.fair)).most == 2

    lift_change(actor=made.owner, change=change)

    assert feasibility_of(read_fair(made.fair)).most == 4
    with pytest.raises(UnableToSchedule):
        lift_change(actor=made.owner, change=change)


@pytest.mark.parametrize(
    "values", [{"kind": "ABSENT"}, {"kind": "TABLE_LOST"}, {"kind": "LATE"}, {"kind": "LEAVES"}]
)
def test_a_change_says_what_it_is_about(made, values):
    person = made.companies[0] if values["kind"] in {"LATE", "LEAVES"} else None

    with pytest.raises(UnableToSchedule):
        report_change(actor=made.owner, fair=made.fair, registration=person, **values)


def test_slots_are_named_in_their_order(made):
    with pytest.raises(UnableToSchedule):
        report_change(
            actor=made.owner,
            fair=made.fair,
            kind="ABSENT",
            registration=made.companies[0],
            first=made.slots[2],
            last=made.slots[1],
        )


def test_only_who_runs_the_fair_reports(made):
    with pytest.raises(UnableToSchedule):
        report_change(
            actor=made.hall.member,
            fair=made.fair,
            kind="ABSENT",
            registration=made.companies[0],
        )
