"""Late changes: what people have been told stays as far as possible."""

import pytest
from django.urls import reverse

from events.fairs.services import remove_tables
from events.meetings.models import Meeting
from events.timetable.enums import NoticeKind
from events.timetable.instances import read_fair
from events.timetable.notices import changes_in
from events.timetable.queries import difference_of, feasibility_of, without_table
from events.timetable.services import (
    UnableToSchedule,
    lift_change,
    publish_version,
    report_change,
    solve_version,
    start_solving,
    tell_people,
    undo_publication,
)
from portal.jobs.services import run_job
from tests.factories.fairs import fresh
from tests.factories.schedules import Timetable

pytestmark = [pytest.mark.django_db, pytest.mark.database]

SECONDS = 3  # a third of them goes into a search that does not know when it is done


def solve(made, **values):
    version = start_solving(actor=made.owner, fair=made.fair, seconds=SECONDS, **values)
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


def test_a_table_taken_out_is_shown_and_its_people_are_told_the_new_one(made, client):
    gone = made.tables[0]
    moved = [meeting.request_id for meeting in _told(made).filter(table=gone)]
    slots = dict(_told(made).values_list("request", "slot"))
    remove_tables(actor=made.owner, fair=made.fair, tables=[gone.pk])
    client.force_login(made.owner)
    page = reverse("timetable:schedule", args=[made.fair.code])
    assert "有2场失去了洽谈位" in client.get(page).content.decode()

    publication = publish_version(actor=made.owner, version=solve(made))

    assert dict(_told(made).values_list("request", "slot")) == slots
    assert _told(made).filter(table=None).count() == 0
    told = [change for each in publication.notices.all() for change in changes_in(each)]
    assert {change.kind for change in told} == {NoticeKind.MOVED}
    assert len(told) == 2 * len(moved)
    assert "失去了洽谈位" not in client.get(page).content.decode()


def test_taking_back_what_a_removed_table_was_part_of_leaves_its_meetings_to_be_placed(made):
    report_change(actor=made.owner, fair=made.fair, kind="TABLE_LOST", table=made.tables[0])
    publish_version(actor=made.owner, version=solve(made))
    remove_tables(actor=made.owner, fair=made.fair, tables=[made.tables[0].pk])

    undo_publication(actor=made.owner, fair=made.fair)

    assert _told(made).count() == 4
    assert without_table(made.fair).count() == 2


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
