"""The pages of planning a fair, walked as an organizer does, without JavaScript."""

from datetime import timedelta

import pytest

from events.fairs.models import Fair, RolePair
from portal.taxonomy.models import District, Industry
from tests.factories.accounts import UserFactory
from tests.factories.fair_pages import Desk, written
from tests.factories.fairs import Hall, fresh, in_days

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def steps_of(hall, district):
    """What the organizer writes in each step."""
    return {
        "basics": {
            "title": "光伏对接会",
            "kind": "MATCHMAKING",
            "summary": "谁见谁",
            "body": "正文",
            "industries": [Industry.objects.get(code="new_energy").pk],
            "languages": ["zh", "en"],
            "co_organizers": hall.organizer.name,
        },
        "place": {
            "starts_at": written(in_days(40)),
            "ends_at": written(in_days(40, 17)),
            "venue": "三号厅",
            "district": district.pk,
            "address": "湖墅南路1号",
        },
        "people": {
            "capacity": 100,
            "admit_ENTERPRISE": "on",
            "places_ENTERPRISE": 60,
            "admit_INSTITUTE": "on",
            "pair_ENTERPRISE_INSTITUTE": "on",
        },
        "dates": {
            "registration_opens_at": written(in_days(1)),
            "registration_closes_at": written(in_days(35)),
            "requests_open_at": written(in_days(20)),
            "requests_close_at": written(in_days(36)),
            "request_mode": "OPT_IN",
            "scheduling_mode": "ORGANIZER",
            "max_requests_out": 8,
            "max_meetings": 10,
            "offer_hours": 12,
        },
        "privacy": {
            "list_public": "HIDE_ALL",
            "list_participants": "SHOW_ALL",
            "display_after_days": 10,
            "retention_days": 90,
        },
    }


def test_a_fair_is_planned_in_steps_and_sent_to_review(client):
    hall = Hall(state="DRAFT")
    desk = Desk(client, hall.owner)
    district = District.objects.get(code="330106")

    answer = desk.post(
        "fairs:new",
        organizer=hall.organizer.pk,
        title="光伏对接会",
        kind="MATCHMAKING",
        starts_at=written(in_days(40)),
        ends_at=written(in_days(40, 17)),
        venue="三号厅",
        district=district.pk,
    )
    desk.fair = Fair.objects.latest("pk")
    assert answer.url == desk.address("fairs:step", "basics")
    steps = steps_of(hall, district)
    for step, data in steps.items():
        desk.get("fairs:step", step)
        assert desk.post("fairs:step", step, **data).status_code == 302, step
    session = {"name": "上午场", "starts_at": written(in_days(40)), "count": 6}
    desk.post("fairs:grid", **session, slot_minutes=20, gap_minutes=5)
    desk.post("fairs:tables", letter="A", count=5, kind="TABLE", accessible=1)
    assert "方案已填完整" in desk.get("fairs:check")
    desk.post("fairs:act", "submit")

    fair = fresh(desk.fair)
    assert fair.state == "REVIEW"
    assert (fair.capacity, fair.offer_hours, fair.retention_days) == (100, 12, 90)
    assert dict(fair.roles.values_list("role", "capacity")) == {"ENTERPRISE": 60, "INSTITUTE": None}
    assert list(RolePair.objects.filter(fair=fair).values_list("asking", "asked")) == [
        ("ENTERPRISE", "INSTITUTE")
    ]
    assert list(fair.co_organizers.all()) == [hall.organizer]
    assert (fair.sessions.get().slots.count(), fair.tables.count()) == (6, 5)


@pytest.mark.parametrize(
    ("step", "changes", "message"),
    [
        ("place", {"starts_at": written(in_days(-3))}, "该时间已过"),
        ("people", {"capacity": 50}, "超过总名额50人"),
        ("dates", {"registration_closes_at": written(in_days(60))}, "活动于"),
        ("dates", {"requests_close_at": written(in_days(60))}, "活动于"),
        ("privacy", {"display_after_days": 91}, "最多90天"),
    ],
)
def test_a_step_says_at_once_what_cannot_be(client, step, changes, message):
    hall = Hall(state="DRAFT")
    desk = Desk(client, hall.owner, hall.fair)
    given = steps_of(hall, District.objects.get(code="330106"))[step]

    answer = desk.post("fairs:step", step, **{**given, **changes})

    assert answer.status_code == 422
    assert message in answer.content.decode()


def test_a_fair_is_not_begun_in_the_past_or_in_a_district_of_old(client):
    hall = Hall(state="DRAFT")
    old = District.objects.create(code="330199", name="旧区", retired_on="2021-04-09")

    answer = Desk(client, hall.owner).post(
        "fairs:new",
        organizer=hall.organizer.pk,
        title="光伏对接会",
        kind="MATCHMAKING",
        starts_at=written(in_days(-40)),
        ends_at=written(in_days(-40, 17)),
        venue="三号厅",
        district=old.pk,
    )

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"starts_at", "district"}


def test_sessions_follow_a_draft_to_another_day_and_stay_at_their_hours(client):
    hall = Hall(state="DRAFT")
    desk, before = Desk(client, hall.owner, hall.fair), [slot.starts_at for slot in hall.slots]
    place = steps_of(hall, District.objects.get(code="330106"))["place"]

    desk.post("fairs:step", "place", **{**place, "starts_at": written(in_days(40, 8))})

    moved = [slot.starts_at - start for slot, start in zip(hall.slots, before, strict=True)]
    assert set(moved) == {timedelta(days=10)}
    assert hall.fair.sessions.get().starts_at == before[0] + timedelta(days=10)


def test_slots_beyond_the_end_are_said_at_once(client):
    hall = Hall(state="DRAFT")
    desk = Desk(client, hall.owner, hall.fair)
    given = {"starts_at": written(in_days(30, 13)), "slot_minutes": 20, "gap_minutes": 5}

    fits = desk.post("fairs:grid", name="下午场", count=4, **given)
    said = client.get(fits.url).content.decode()
    hall.fair.sessions.get(name="下午场").delete()
    late = desk.post("fairs:grid", name="下午场", count=30, **given)

    assert "超出活动时间" not in said
    assert "超出活动时间" in client.get(late.url).content.decode()


def test_not_more_tables_are_step_free_than_there_are(client):
    hall = Hall(state="DRAFT")
    before = hall.fair.tables.count()
    answer = Desk(client, hall.owner, hall.fair).post(
        "fairs:tables", action="add", letter="B", count=5, kind="TABLE", accessible=9
    )

    assert answer.status_code == 422
    assert "不能多于新增桌数" in answer.content.decode()
    assert hall.fair.tables.count() == before


def test_a_reviewer_approves_on_the_page(client):
    hall = Hall(state="REVIEW")
    desk = Desk(client, hall.reviewer, hall.fair)
    assert "审核通过并发布" in desk.get("fairs:fair")

    desk.get("fairs:act", "approve")
    desk.post("fairs:act", "approve")

    assert fresh(hall.fair).state == "REG_OPEN"
    assert desk.client.get(hall.fair.page.url).status_code == 200


@pytest.mark.parametrize("action", ["move", "cancel", "return", "copy"])
def test_an_act_without_its_answers_is_shown_again(client, action):
    hall = Hall(state="REVIEW" if action == "return" else "REG_OPEN")
    user = hall.reviewer if action == "return" else hall.owner

    answer = Desk(client, user, hall.fair).post("fairs:act", action)

    assert answer.status_code == 422


def test_a_fair_is_moved_and_called_off_on_its_pages(client):
    hall = Hall()
    desk = Desk(client, hall.owner, hall.fair)
    page = hall.fair.page

    desk.post(
        "fairs:act",
        "move",
        starts_at=written(in_days(33)),
        ends_at=written(in_days(33, 18)),
        venue="五号厅",
        district=page.district_id,
        address="环城北路2号",
        reason="场馆检修",
    )
    public = client.get(page.url).content.decode()
    desk.post("fairs:act", "cancel", reason="台风预警")

    assert "五号厅" in public
    assert "场馆检修" in public
    assert "台风预警" in client.get(page.url).content.decode()


def test_a_fair_is_copied_on_its_page(client):
    hall = Hall()

    answer = Desk(client, hall.owner, hall.fair).post(
        "fairs:act", "copy", title="第二届", starts_at=written(in_days(90))
    )

    copy = Fair.objects.latest("pk")
    assert answer.url == copy.get_absolute_url()
    assert copy.page.title == "第二届"


def test_slots_of_a_session_become_breaks_in_one_form(client):
    hall = Hall(state="DRAFT")
    desk, session = Desk(client, hall.owner, hall.fair), hall.fair.sessions.get()
    data = {f"kind_{slot.pk}": "MEETING" for slot in hall.slots}
    third = hall.slots[2]
    data |= {f"kind_{third.pk}": "BREAK", f"label_{third.pk}": "茶歇"}

    desk.get("fairs:session", session.pk)
    desk.post("fairs:session", session.pk, action="slots", **data)

    assert [slot.kind for slot in hall.slots] == ["MEETING", "MEETING", "BREAK", "MEETING"]
    assert "茶歇" in desk.get("fairs:grid")


def test_a_session_is_laid_out_anew_and_taken_out(client):
    hall = Hall(state="DRAFT")
    desk, session = Desk(client, hall.owner, hall.fair), hall.fair.sessions.get()

    desk.post(
        "fairs:session",
        session.pk,
        action="generate",
        starts_at=written(in_days(30, 13)),
        slot_minutes=15,
        gap_minutes=0,
        count=9,
    )
    slots = hall.slots.count()
    desk.post("fairs:session", session.pk, action="remove")

    assert (slots, hall.fair.sessions.count()) == (9, 0)


def test_overlapping_sessions_are_explained(client):
    hall = Hall(state="DRAFT")

    answer = Desk(client, hall.owner, hall.fair).post(
        "fairs:grid",
        name="重叠场",
        starts_at=written(in_days(30)),
        slot_minutes=20,
        gap_minutes=5,
        count=3,
    )

    assert answer.status_code == 422
    assert "重叠" in answer.content.decode()


def test_a_table_becomes_a_booth_of_an_organization_by_its_name(client):
    hall = Hall(state="DRAFT")
    desk, table = Desk(client, hall.owner, hall.fair), hall.fair.tables.first()

    unknown = desk.post("fairs:table", table.pk, kind="BOOTH", owner="没有这家公司")
    desk.post("fairs:table", table.pk, kind="BOOTH", owner=hall.organizer.name)

    table.refresh_from_db()
    assert unknown.status_code == 422
    assert (table.kind, table.owner) == ("BOOTH", hall.organizer)


def test_chosen_tables_are_taken_out(client):
    hall = Hall(state="DRAFT")
    desk = Desk(client, hall.owner, hall.fair)

    desk.post("fairs:tables", remove=1, table=[hall.fair.tables.first().pk, "x"])

    assert hall.fair.tables.count() == 3


@pytest.mark.parametrize("page", ["grid", "tables"])
def test_an_exhibition_has_no_grid(client, page):
    hall = Hall("EXHIBITION", state="DRAFT")

    Desk(client, hall.owner, hall.fair).get(f"fairs:{page}", status=404)


def test_the_place_of_an_announced_fair_is_not_in_its_step(client):
    hall = Hall()

    text = Desk(client, hall.owner, hall.fair).get("fairs:step", "place")

    assert 'name="venue"' not in text
    assert 'name="directions"' in text


def test_who_may_not_plan_is_told_why(client):
    Desk(client, UserFactory()).get("fairs:new", status=403)
