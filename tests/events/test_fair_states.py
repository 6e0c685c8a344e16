"""A fair's way through its states: by hand, by the clock, moved, called off."""

from datetime import timedelta
from itertools import product

import pytest
from django.core import mail
from django.utils import timezone

from events.fairs import services
from events.fairs.enums import ALLOWED_TRANSITIONS, FairState
from events.fairs.models import Fair, FairNews
from events.fairs.services import UnableToChangeFair
from events.fairs.services.changes import move
from tests.factories.accounts import UserFactory
from tests.factories.fairs import Hall, fresh, in_days

pytestmark = [pytest.mark.django_db, pytest.mark.database]

DOORS = {
    "open_registration": ("PUBLISHED", "REG_OPEN"),
    "open_requests": ("REG_OPEN", "BOOKING"),
    "start_scheduling": ("BOOKING", "SCHEDULING"),
    "reopen_requests": ("SCHEDULING", "BOOKING"),
    "publish_schedule": ("SCHEDULING", "SCHEDULE_PUBLISHED"),
    "reschedule": ("SCHEDULE_PUBLISHED", "SCHEDULING"),
    "begin_fair": ("SCHEDULE_PUBLISHED", "LIVE"),
    "close_fair": ("LIVE", "CLOSED"),
    "archive_fair": ("CLOSED", "ARCHIVED"),
}


def put(hall, state):
    Fair.objects.filter(pk=hall.fair.pk).update(state=state)
    return fresh(hall.fair)


@pytest.mark.parametrize(("door", "states"), DOORS.items())
def test_each_door_leads_from_one_state_to_the_next(door, states):
    hall = Hall()
    before, after = states

    fair = getattr(services, door)(actor=hall.owner, fair=put(hall, before))

    assert fair.state == after


@pytest.mark.parametrize("door", DOORS)
def test_each_door_is_closed_to_others(door):
    hall = Hall()
    fair = put(hall, DOORS[door][0])

    for user in (UserFactory(), hall.member, hall.reviewer):
        with pytest.raises(UnableToChangeFair):
            getattr(services, door)(actor=user, fair=fair)
    assert fresh(fair).state == DOORS[door][0]


def test_what_the_table_does_not_allow_is_refused():
    hall = Hall()

    refused = set()
    for before, after in product(FairState, FairState):
        fair = put(hall, before)
        try:
            move(fair, after, actor=hall.owner, action="fairs.edit_fair")
        except UnableToChangeFair:
            refused.add((before, after))

    allowed = {
        (before, after) for before, states in ALLOWED_TRANSITIONS.items() for after in states
    }
    assert refused == set(product(FairState, FairState)) - allowed


def test_an_exhibition_takes_no_requests():
    hall = Hall("EXHIBITION")

    with pytest.raises(UnableToChangeFair):
        services.open_requests(actor=hall.owner, fair=hall.fair)


def test_where_people_pick_their_times_nothing_is_scheduled():
    hall = Hall(state="BOOKING", scheduling_mode="PARTICIPANT")

    with pytest.raises(UnableToChangeFair):
        services.start_scheduling(actor=hall.owner, fair=hall.fair)


def test_opening_early_sets_the_date():
    hall = Hall(state="REVIEW", registration_opens_at=in_days(5))
    fair = services.approve_fair(actor=hall.reviewer, fair=hall.fair)

    fair = services.open_registration(actor=hall.owner, fair=fair)

    assert fair.registration_opens_at <= timezone.now()
    assert fair.takes_registrations(timezone.now())


def test_the_clock_moves_a_fair_on_date_by_date():
    hall = Hall(state="REVIEW", registration_opens_at=in_days(1))
    services.approve_fair(actor=hall.reviewer, fair=hall.fair)
    seen = []

    for day in (0, 2, 11, 26):
        services.sweep_fairs(now=in_days(day, 12))
        services.sweep_fairs(now=in_days(day, 12))
        seen.append(fresh(hall.fair).state)
    services.publish_schedule(actor=hall.owner, fair=hall.fair)
    for moment in (in_days(29), in_days(30, 10), in_days(30, 19), in_days(61, 19)):
        services.sweep_fairs(now=moment)
        seen.append(fresh(hall.fair).state)

    assert seen == [
        "PUBLISHED",
        "REG_OPEN",
        "BOOKING",
        "SCHEDULING",
        "SCHEDULE_PUBLISHED",
        "LIVE",
        "CLOSED",
        "ARCHIVED",
    ]


def test_a_sweep_that_comes_late_makes_up_for_every_date():
    hall = Hall(state="REG_OPEN")

    services.sweep_fairs(now=in_days(200))

    assert fresh(hall.fair).state == "ARCHIVED"


def test_the_clock_leaves_drafts_and_cancelled_fairs_alone():
    draft, cancelled = Hall(state="DRAFT"), Hall()
    services.cancel_fair(actor=cancelled.owner, fair=cancelled.fair, reason="台风")

    services.sweep_fairs(now=in_days(200))

    assert (fresh(draft.fair).state, fresh(cancelled.fair).state) == ("DRAFT", "CANCELLED")


def test_a_cancelled_fair_tells_everybody_concerned_once(django_capture_on_commit_callbacks):
    hall = Hall()
    admitted, pending, draft = hall.admitted(), hall.sent(), hall.draft()
    mail.outbox.clear()

    with django_capture_on_commit_callbacks(execute=True):
        services.cancel_fair(actor=hall.owner, fair=hall.fair, reason="台风预警，择期另办")
    services.sweep_fairs()
    services.tell_news(news=FairNews.objects.get())

    told = {
        each.person: each.person.notifications.filter(kind="fair-news").count()
        for each in (admitted, pending, draft)
    }
    assert told == {admitted.person: 1, pending.person: 1, draft.person: 0}
    note = admitted.person.notifications.get(kind="fair-news")
    assert (note.title, note.body) == ("活动取消：新材料供需对接会", "台风预警，择期另办")
    assert fresh(hall.fair).state_note == "台风预警，择期另办"


def test_a_cancelled_draft_tells_nobody():
    hall = Hall(state="DRAFT")

    services.cancel_fair(actor=hall.owner, fair=hall.fair, reason="不办了")

    assert FairNews.objects.count() == 0


@pytest.mark.parametrize("state", ["CLOSED", "ARCHIVED", "CANCELLED"])
def test_what_is_over_is_not_called_off(state):
    hall = Hall()

    with pytest.raises(UnableToChangeFair):
        services.cancel_fair(actor=hall.owner, fair=put(hall, state), reason="x")


def move_to(hall, actor=None, **values):
    return services.move_fair(
        actor=actor or hall.owner,
        fair=hall.fair,
        **{
            "starts_at": in_days(37),
            "ends_at": in_days(37, 18),
            "venue": "三号厅",
            "district": hall.fair.page.district,
            "address": "环城北路2号",
            "reason": "场馆检修",
            **values,
        },
    )


def test_a_moved_fair_takes_its_grid_along_and_tells_from_where_to_where(
    django_capture_on_commit_callbacks,
):
    hall = Hall()
    admitted, first = hall.admitted(), hall.slots[0]

    with django_capture_on_commit_callbacks(execute=True):
        fair = move_to(hall)

    assert hall.slots[0].starts_at == first.starts_at + timedelta(days=7)
    assert hall.slots[0].ends_at == first.ends_at + timedelta(days=7)
    assert (fair.page.venue, fresh(fair).address) == ("三号厅", "环城北路2号")
    note = admitted.person.notifications.get(kind="fair-news")
    assert note.body == (
        f"{in_days(30):%Y-%m-%d %H:%M} 会展中心二号厅 → {in_days(37):%Y-%m-%d %H:%M} "
        "三号厅\n场馆检修"
    )


def test_a_fair_is_not_moved_into_the_past_or_backwards():
    hall = Hall()

    for values in ({"starts_at": in_days(-1)}, {"ends_at": in_days(36)}):
        with pytest.raises(UnableToChangeFair):
            move_to(hall, **values)


def test_only_those_who_run_it_move_a_fair_and_only_an_announced_one():
    hall, draft = Hall(), Hall(state="DRAFT")

    with pytest.raises(UnableToChangeFair):
        move_to(hall, actor=hall.reviewer)
    with pytest.raises(UnableToChangeFair):
        move_to(draft)
