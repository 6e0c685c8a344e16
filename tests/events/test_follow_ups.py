"""What is agreed to be done after a meeting: by whom, until when, who is told and reminded."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from events.aftermath.models import FollowUp
from events.aftermath.services import (
    UnableToConclude,
    add_follow_up,
    end_follow_up,
    sweep_aftermath,
)
from events.registration.models import Registration
from events.registration.services import purge_fair
from portal.notifications.models import Notification
from tests.factories.accounts import UserFactory
from tests.factories.aftermath import After
from tests.factories.fairs import fresh

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def after():
    return After()


def add(after, *, actor=None, owner=None, days=3, **more):
    return add_follow_up(
        actor=actor or after.buyer.person,
        meeting=after.meeting,
        owner=owner or after.seller,
        kind="SAMPLE",
        due_on=timezone.localdate() + timedelta(days=days),
        **more,
    )


def told(registration, kind):
    return Notification.objects.filter(user=registration.person, kind=kind)


def test_who_has_to_do_it_is_told_once_and_reminded_on_the_day(after):
    follow_up = add(after, note="两片，各十厘米见方")
    [news] = told(after.seller, "follow-up-new")
    assert "送样" in news.title
    assert "两片" in news.body
    sweep_aftermath()
    assert not told(after.seller, "follow-up-due").exists()
    day = timezone.now() + timedelta(days=3)
    with time_machine.travel(day, tick=False):
        sweep_aftermath()
        sweep_aftermath()
    assert told(after.seller, "follow-up-due").count() == 1
    assert not told(after.buyer, "follow-up-due").exists()
    assert follow_up.is_open


def test_ones_own_promise_is_no_news_and_what_is_done_needs_no_reminder(after):
    follow_up = add(after, owner=after.buyer, days=0)
    assert not told(after.buyer, "follow-up-new").exists()
    end_follow_up(actor=after.seller.person, follow_up=follow_up, state="DONE")
    sweep_aftermath()
    assert not told(after.buyer, "follow-up-due").exists()
    assert fresh(follow_up).ended_at is not None
    end_follow_up(actor=after.buyer.person, follow_up=follow_up, state="OPEN")
    assert fresh(follow_up).ended_at is None


def test_a_reminder_that_is_a_week_late_is_none(after):
    add(after)
    with time_machine.travel(timezone.now() + timedelta(days=11), tick=False):
        sweep_aftermath()
    assert not told(after.seller, "follow-up-due").exists()


def test_strangers_and_organizers_have_no_say(after):
    for actor in (UserFactory(), after.owner):
        with pytest.raises(UnableToConclude, match="无权"):
            add(after, actor=actor)
    follow_up = add(after)
    with pytest.raises(UnableToConclude, match="无权"):
        end_follow_up(actor=after.owner, follow_up=follow_up, state="DONE")


def test_a_past_day_another_fair_and_a_second_end_are_refused(after):
    with pytest.raises(UnableToConclude, match="日期已过"):
        add(after, days=-1)
    with pytest.raises(UnableToConclude, match="洽谈的一方"):
        add(after, owner=after.another().seller)
    follow_up = add(after)
    end_follow_up(actor=after.buyer.person, follow_up=follow_up, state="DROPPED")
    with pytest.raises(UnableToConclude, match="无权"):
        end_follow_up(actor=after.buyer.person, follow_up=follow_up, state="DONE")


def test_before_the_meeting_there_is_nothing_to_follow():
    after = After(days=-1)
    with pytest.raises(UnableToConclude, match="无权"):
        add(after)


def test_notes_go_and_open_ones_end_when_the_fair_is_erased(after):
    add(after, note="寄到实验室")
    purge_fair(fair=after.fair, now=timezone.now())
    sweep_aftermath()
    [left] = FollowUp.objects.all()
    assert (left.note, left.state) == ("", "DROPPED")


def test_the_pages_from_noting_to_done(client, after):
    url = reverse("aftermath:follow-up", args=[after.meeting.pk])
    client.force_login(after.buyer.person)
    assert client.get(url).status_code == 200
    day = timezone.localdate() + timedelta(days=5)
    data = {"kind": "QUOTE", "owner": after.seller.pk, "due_on": day, "note": "含税价"}
    wrong = client.post(url, data | {"due_on": timezone.localdate() - timedelta(days=1)})
    assert wrong.status_code == 422
    assert "日期已过" in wrong.content.decode()
    shown = client.post(url, data, follow=True).content.decode()
    assert "含税价" in shown
    [follow_up] = FollowUp.objects.all()
    client.force_login(after.seller.person)
    assert "会后跟进事项" in client.get(reverse("workspace:home")).content.decode()
    end = reverse("aftermath:end-follow-up", args=[follow_up.pk, "done"])
    assert client.get(end).status_code == 405
    assert client.post(end).url == reverse("aftermath:follow-ups")
    assert fresh(follow_up).state == "DONE"
    client.force_login(after.owner)
    assert client.get(url).status_code == 404
    assert client.post(end).status_code == 404


def test_a_guest_is_told_by_mail_with_the_link_that_needs_no_account(
    after, django_capture_on_commit_callbacks, mailoutbox
):
    Registration.objects.filter(pk=after.seller.pk).update(person=None, email="guest@example.com")
    with django_capture_on_commit_callbacks(execute=True):
        add(after, owner=fresh(after.seller))
    [sent] = [each for each in mailoutbox if each.to == ["guest@example.com"]]
    assert "/meetings/feedback/" in sent.body
