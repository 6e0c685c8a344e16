"""The organizer's pages: they work by form alone, say how good a version is, and keep rights."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from events.fairs.models import Slot
from events.meetings.models import Meeting, MeetingRequest
from events.registration.models import Availability
from events.timetable.models import LateChange, ScheduleVersion
from events.timetable.process import run
from events.timetable.runs import SolveFolder
from events.timetable.services import publish_version
from portal.jobs.models import Job
from tests.factories.fairs import fresh
from tests.factories.schedules import QUICK, Timetable

pytestmark = [pytest.mark.django_db, pytest.mark.database]

SOLVE = {"seconds": QUICK, "must": 3, "want": 1, "mutual": 1, "fairness": "", "comment": "初稿"}


@pytest.fixture
def made(client):
    made = Timetable()
    client.force_login(made.owner)
    return made


def url_of(name, made, *args):
    return reverse(f"timetable:{name}", args=[made.fair.code, *args])


def text(client, url):
    response = client.get(url)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_a_fair_is_scheduled_and_published_by_forms_alone(
    client, made, django_capture_on_commit_callbacks
):
    made.everybody_meets()
    assert "4" in text(client, url_of("feasibility", made))

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(url_of("solve", made), SOLVE)
    version = ScheduleVersion.objects.get()
    assert response.url == url_of("version", made, version.number)
    page = text(client, response.url)
    assert "已证明最优" in page
    assert "初稿" in page

    before = text(client, url_of("publish", made, version.number))
    assert "将变更4场洽谈（含新增和取消），立即通知4人" in before
    assert Meeting.objects.active().count() == 0
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url_of("act", made, version.number, "publish"))
    assert Meeting.objects.active().count() == 4
    assert "v1" in text(client, url_of("schedule", made))

    assert "立即通知4人" in text(client, url_of("undo", made))
    assert client.head(url_of("undo", made)).status_code == 200
    assert Meeting.objects.active().count() == 4
    client.post(url_of("undo", made))
    assert Meeting.objects.active().count() == 0
    assert client.get(url_of("undo", made)).url == url_of("schedule", made)
    client.post(url_of("act", made, version.number, "publish"))
    published = client.get(url_of("publish", made, version.number))
    assert published.url == url_of("version", made, version.number)


def test_an_illness_stands_until_what_people_are_told_meets_it_and_undo_says_so(client, made):
    ill, first = made.companies[0], made.square()
    publish_version(actor=made.owner, version=first)
    LateChange.objects.create(fair=made.fair, kind="ABSENT", registration=ill)
    assert "1项临时变动待处理" in text(client, url_of("schedule", made))

    theirs = MeetingRequest.objects.exclude(from_registration=ill).order_by("pk")
    second = made.version({each: (number, 1) for number, each in enumerate(theirs)})
    publish_version(actor=made.owner, version=second)

    page = text(client, url_of("schedule", made))
    assert ("待处理" in page, "1项临时变动已在通知的日程中处理" in page) == (False, True)
    asked = text(client, url_of("undo", made))
    assert "与当前已知情况冲突" in asked
    assert ill.full_label in asked


def test_an_illness_does_not_concern_meetings_that_are_over(client, made):
    publish_version(actor=made.owner, version=made.square())
    LateChange.objects.create(fair=made.fair, kind="ABSENT", registration=made.companies[0])
    past = timezone.now() - timedelta(hours=1)
    Slot.objects.update(starts_at=past, ends_at=past + timedelta(minutes=20))

    assert "已在通知的日程中处理" in text(client, url_of("schedule", made))


def test_too_many_seconds_are_refused_beside_the_field(client, made):
    made.everybody_meets()

    response = client.post(url_of("solve", made), SOLVE | {"seconds": 100_000})

    assert response.status_code == 422
    assert ScheduleVersion.objects.count() == 0


def test_a_calculation_shows_how_far_it_has_come_and_reloads_at_its_end(client, made):
    made.everybody_meets()
    client.post(url_of("solve", made), SOLVE)
    version = ScheduleVersion.objects.get()

    page = text(client, url_of("version", made, version.number))
    assert 'hx-trigger="every 1s"' in page
    part = client.get(url_of("progress", made, version.number), HTTP_HX_REQUEST="true")
    assert part.status_code == 200
    assert "<html" not in part.content.decode()

    ScheduleVersion.objects.update(state="DRAFT")
    part = client.get(url_of("progress", made, version.number), HTTP_HX_REQUEST="true")
    assert part["HX-Refresh"] == "true"


def test_a_dead_calculation_says_so_and_offers_to_go_on(client, made):
    made.everybody_meets()
    client.post(url_of("solve", made), SOLVE)
    version = ScheduleVersion.objects.get()
    Job.objects.filter(pk=version.job_id).update(state="RUNNING", started_at=timezone.now())
    ScheduleVersion.objects.update(beat_at=timezone.now() - timedelta(minutes=1))
    run(SolveFolder(version).path)

    page = text(client, url_of("version", made, version.number))
    assert "计算中断" in page
    assert 'hx-trigger="every 1s"' not in page
    assert url_of("act", made, version.number, "go-on") in page

    client.post(url_of("act", made, version.number, "stop"))
    assert fresh(version).planned.count() == 4


def test_a_version_that_is_not_proved_says_how_far_it_may_be_off(client, made):
    version = made.square()
    version.status, version.weight_bound, version.breaks, version.bound = "FEASIBLE", 5, 4, 1
    version.save()

    page = text(client, url_of("version", made, version.number))

    assert "至多相差20.0%" in page
    assert "至多相差75%" in page


def test_what_the_checker_refuses_is_said_and_cannot_be_published(client, made):
    version = made.square()
    Availability.objects.create(registration=made.companies[0], slot=made.slots[0], state="BUSY")

    page = text(client, url_of("version", made, version.number))

    assert "校验未通过" in page
    assert url_of("act", made, version.number, "publish") not in page
    client.post(url_of("act", made, version.number, "publish"))
    assert Meeting.objects.count() == 0


def test_versions_are_compared_meeting_by_meeting(client, made):
    version = made.square()
    client.post(url_of("act", made, version.number, "copy"))
    copy = ScheduleVersion.objects.get(number=2)
    moved = copy.planned.order_by("request").first()
    moved.slot = made.slots[3]
    moved.save()

    page = text(client, url_of("version", made, 2) + "?against=1")

    assert "1处不同" in page
    assert page.count("<ins>") == 1
    assert str(made.slots[3]) in page


def test_the_board_has_a_row_for_each_table_and_names_what_is_left_out(client, made):
    version = made.square()
    version.planned.order_by("request").first().delete()

    page = text(client, url_of("board", made, version.number))

    assert page.count("data-slot=") == 16
    assert page.count("data-meeting") == 4
    assert "未排上" in page


def test_a_published_board_is_fixed(client, made):
    version = made.square()
    publish_version(actor=made.owner, version=version)

    page = text(client, url_of("board", made, version.number))

    assert "data-meeting" not in page
    wish = version.planned.first().request_id
    assert client.get(url_of("place", made, version.number, wish)).status_code == 404


def test_a_meeting_is_moved_locked_and_taken_out_by_form(client, made):
    version = made.square()
    planned = version.planned.order_by("request").first()
    url = url_of("place", made, version.number, planned.request_id)
    place = {"slot": made.slots[3].pk, "table": made.tables[2].pk}

    assert client.post(url, place).status_code == 302
    assert version.planned.get(pk=planned.pk).slot == made.slots[3]
    client.post(url, {"action": "lock"})
    assert version.planned.get(pk=planned.pk).is_locked
    client.post(url, {"action": "unlock"})
    client.post(url, {"action": "take-out"})
    assert not version.planned.filter(pk=planned.pk).exists()


def test_the_form_says_beside_each_slot_why_it_would_not_do(client, made):
    version = made.square()
    planned = version.planned.order_by("request").first()
    Availability.objects.create(registration=made.companies[0], slot=made.slots[2], state="BUSY")

    page = text(client, url_of("place", made, version.number, planned.request_id))

    assert page.count("有一方不在") == 1
    assert page.count("有一方另有洽谈") == 1


def test_a_prohibited_move_is_refused_and_an_unwelcome_one_asks(client, made):
    version = made.square()
    planned = version.planned.order_by("request").first()
    url = url_of("place", made, version.number, planned.request_id)
    Availability.objects.create(
        registration=made.companies[0], slot=made.slots[2], state="PREFER_NOT"
    )

    prohibited = {"slot": made.slots[1].pk, "table": made.tables[2].pk, "confirmed": "on"}
    assert client.post(url, prohibited).status_code == 422
    unwelcome = {"slot": made.slots[2].pk, "table": made.tables[2].pk}
    response = client.post(url, unwelcome)
    assert response.status_code == 422
    assert "可以保存，但请注意" in response.content.decode()
    assert version.planned.get(pk=planned.pk).slot == made.slots[0]

    assert client.post(url, unwelcome | {"confirmed": "on"}).status_code == 302
    assert version.planned.get(pk=planned.pk).slot == made.slots[2]


def test_late_changes_are_noted_and_lifted(client, made):
    made.everybody_meets()
    url = url_of("changes", made)

    client.post(
        url,
        {"kind": "LATE", "registration": made.companies[0].pk, "last": made.slots[1].pk},
    )
    change = LateChange.objects.get()
    assert (change.registration, change.last) == (made.companies[0], made.slots[1])
    assert made.companies[0].organization.name in text(client, url)

    client.post(url_of("lift", made, change.pk))
    assert fresh(change).lifted_at
    assert client.post(url, {"kind": "LATE"}).status_code == 422


def test_a_comment_is_kept(client, made):
    version = made.square()

    client.post(url_of("act", made, version.number, "comment"), {"comment": "给领导看"})

    assert "给领导看" in text(client, url_of("schedule", made))


def test_members_see_nothing_and_strangers_either(client, made):
    version = made.square()
    pages = ["schedule", "feasibility", "solve", "changes"]
    for person in (made.hall.member, made.companies[0].person):
        client.force_login(person)
        for name in pages:
            assert client.get(url_of(name, made)).status_code == 404
        for name in ("version", "board"):
            assert client.get(url_of(name, made, version.number)).status_code == 404
        assert client.post(url_of("act", made, version.number, "publish")).status_code == 404
    assert Meeting.objects.count() == 0
