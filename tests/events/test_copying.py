"""What a fair planned after a past one takes along: mails and the series; never people."""

import pytest

from events.fairs import services
from events.registration.models import Mailing
from events.reports.services import begin_series
from tests.factories.fairs import Hall, in_days

pytestmark = pytest.mark.django_db


def test_texts_of_mails_are_copied_as_mails_not_sent_yet():
    hall = Hall()
    Mailing.objects.create(
        fair=hall.fair,
        subject="会前提醒",
        subject_en="Reminder",
        body="请带名片",
        states=["APPROVED"],
        author=hall.owner,
        sent_at=in_days(-1),
        done_at=in_days(-1),
    )
    copy = services.copy_fair(
        actor=hall.owner, fair=hall.fair, title="第二届", starts_at=in_days(60)
    )

    [mail] = copy.mailings.all()
    assert (mail.subject, mail.body, mail.states) == ("会前提醒", "请带名片", ["APPROVED"])
    assert (mail.author, mail.sent_at, mail.done_at) == (None, None, None)
    assert hall.fair.mailings.get().sent_at is not None


def test_modes_quotas_pairs_and_texts_are_kept_and_every_day_moves_along():
    hall = Hall(
        theme="新材料",
        scheduling_mode="PARTICIPANT",
        request_mode="OPT_OUT",
        max_requests_out=7,
        max_meetings=5,
    )
    source = hall.fair
    copy = services.copy_fair(actor=hall.owner, fair=source, title="第二届", starts_at=in_days(60))

    kept = ("theme", "scheduling_mode", "request_mode", "max_requests_out", "max_meetings")
    assert {name: getattr(copy, name) for name in kept} == {
        name: getattr(source, name) for name in kept
    }
    pairs = ("asking", "asked")
    assert set(copy.pairs.values_list(*pairs)) == set(source.pairs.values_list(*pairs))
    page, old = copy.page, source.page
    assert (page.body, page.venue, page.kind) == (old.body, old.venue, old.kind)
    shift = page.starts_at - old.starts_at
    assert page.ends_at - old.ends_at == shift
    moved = ("registration_opens_at", "requests_close_at", "schedule_publish_at")
    assert {getattr(copy, name) - getattr(source, name) for name in moved} == {shift}


def test_a_copy_joins_the_series_of_its_source():
    hall = Hall()
    series = begin_series(actor=hall.owner, name="新材料对接会", fairs=[hall.fair])
    copy = services.copy_fair(
        actor=hall.owner, fair=hall.fair, title="第二届", starts_at=in_days(60)
    )

    assert set(series.fairs.all()) == {hall.fair, copy}
