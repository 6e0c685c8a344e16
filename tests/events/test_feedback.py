"""What people say of their meetings: twice, by themselves, and who reads it."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from events.aftermath.enums import Stage
from events.aftermath.models import Feedback
from events.aftermath.queries import held_meetings, with_word
from events.aftermath.services import (
    UnableToConclude,
    comment_on,
    feedback_url,
    give_feedback,
    give_feedback_by_link,
    sweep_aftermath,
    token_of,
)
from events.meetings.models import Meeting
from events.meetings.services import note_meeting
from events.registration.models import Delivery, Registration
from events.registration.services import purge_fair
from portal.audit.models import AuditEvent
from portal.notifications.models import Notification
from tests.factories.accounts import UserFactory
from tests.factories.aftermath import After

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def after():
    return After()


def word_of(meeting):
    return with_word(Meeting.objects.filter(pk=meeting.pk)).get().word


class TestGiving:
    def test_the_last_word_of_a_stage_counts_and_the_log_does_not_repeat_it(self, after):
        after.says(after.buyer, "INFORMATIVE")
        after.says(after.buyer, "COOPERATION")
        [given] = Feedback.objects.all()
        assert (given.stage, given.outcome) == (Stage.FIRST, "COOPERATION")
        lines = AuditEvent.objects.filter(action="aftermath.give_feedback")
        assert [line.payload for line in lines] == [{"stage": 1, "via": "portal"}] * 2

    def test_half_a_year_later_it_is_a_stage_of_its_own(self, after):
        after.says(after.buyer, "COOPERATION")
        after.pass_days(181)
        after.says(after.buyer, "AGREEMENT")
        assert set(Feedback.objects.values_list("stage", "outcome")) == {
            (1, "COOPERATION"),
            (2, "AGREEMENT"),
        }
        with pytest.raises(UnableToConclude, match="答案"):
            after.says(after.buyer, "INFORMATIVE")

    def test_nobody_speaks_of_a_meeting_before_its_time(self):
        after = After(days=-1)
        with pytest.raises(UnableToConclude, match="暂时"):
            after.says(after.buyer, "COOPERATION")

    def test_only_the_people_of_a_meeting_speak_of_it(self, after):
        with pytest.raises(UnableToConclude, match="参加洽谈的人"):
            give_feedback(actor=UserFactory(), meeting=after.meeting, outcome="COOPERATION")

    def test_the_organizer_does_not_speak_for_them(self, after):
        with pytest.raises(UnableToConclude, match="参加洽谈的人"):
            give_feedback(actor=after.owner, meeting=after.meeting, outcome="COOPERATION")

    def test_a_cancelled_meeting_and_an_erased_fair_are_not_spoken_of(self, after):
        Meeting.objects.update(state="CANCELLED")
        with pytest.raises(UnableToConclude, match="暂时"):
            after.says(after.buyer, "NOT_HELD")
        Meeting.objects.update(state="HELD")
        type(after.fair)._default_manager.update(purged_at=timezone.now())
        with pytest.raises(UnableToConclude, match="暂时"):
            after.says(after.buyer, "COOPERATION")

    def test_the_database_refuses_an_outcome_of_the_other_stage(self, after):
        row = {"meeting": after.meeting, "registration": after.buyer}
        with pytest.raises(IntegrityError), transaction.atomic():
            Feedback.objects.create(stage=1, outcome="AGREEMENT", **row)
        with pytest.raises(IntegrityError), transaction.atomic():
            Feedback.objects.create(stage=1, outcome="COOPERATION", rating=6, **row)

    def test_words_come_after_the_outcome_and_are_shared_only_where_there_are_any(self, after):
        with pytest.raises(UnableToConclude, match="先"):
            comment_on(actor=after.buyer.person, meeting=after.meeting, rating=4)
        after.says(after.buyer, "INFORMATIVE")
        said = comment_on(
            actor=after.buyer.person, meeting=after.meeting, rating=4, shares_comment=True
        )
        assert (said.rating, said.comment, said.shares_comment) == (4, "", False)
        said = comment_on(
            actor=after.buyer.person, meeting=after.meeting, comment="时间太短", shares_comment=True
        )
        assert (said.rating, said.comment, said.shares_comment) == (None, "时间太短", True)


class TestHeld:
    def test_the_button_of_the_host_decides(self, after):
        after.says(after.buyer, "COOPERATION")
        note_meeting(actor=after.seller.person, meeting=after.meeting, state="NOT_HELD")
        assert word_of(after.meeting) == "NOT_HELD"
        note_meeting(actor=after.seller.person, meeting=after.meeting, state="HELD")
        assert word_of(after.meeting) == "HELD"

    def test_a_meeting_that_began_was_held(self, after):
        note_meeting(actor=after.seller.person, meeting=after.meeting, state="STARTED")
        assert [each.pk for each in held_meetings()] == [after.meeting.pk]

    def test_without_a_button_those_who_were_there_decide(self, after):
        assert word_of(after.meeting) == ""
        after.says(after.buyer, "NOT_HELD")
        assert word_of(after.meeting) == "NOT_HELD"
        after.says(after.seller, "NO_INTEREST")
        assert word_of(after.meeting) == "HELD"

    def test_nobody_is_asked_later_about_what_did_not_take_place(self, after):
        after.says(after.buyer, "NOT_HELD")
        after.pass_days(181)
        with pytest.raises(UnableToConclude, match="没有举行"):
            after.says(after.seller, "VALUABLE")


class TestAsking:
    def told(self, registration):
        found = Notification.objects.filter(user=registration.person, kind="fair-feedback")
        return [each.title for each in found.order_by("pk")]

    def test_each_is_asked_once_and_reminded_once(self, after):
        now = timezone.now()
        sweep_aftermath(now=now)
        sweep_aftermath(now=now)
        assert len(self.told(after.buyer)) == len(self.told(after.seller)) == 1
        after.says(after.seller, "INFORMATIVE")
        with time_machine.travel(now + timedelta(days=4), tick=False):
            sweep_aftermath()
            sweep_aftermath()
        with time_machine.travel(now + timedelta(days=9), tick=False):
            sweep_aftermath()
        assert len(self.told(after.buyer)) == 2
        assert len(self.told(after.seller)) == 1

    def test_a_late_sweep_does_not_ask_and_remind_at_once(self):
        after = After(days=20)
        sweep_aftermath()
        sweep_aftermath()
        assert len(self.told(after.buyer)) == 1

    def test_a_fair_that_is_long_past_is_not_asked_about_any_more(self):
        after = After(days=40)
        sweep_aftermath()
        assert self.told(after.buyer) == []

    def test_nobody_is_asked_during_the_fair(self):
        after = After(days=-0.1)
        sweep_aftermath()
        assert self.told(after.buyer) == []

    def test_half_a_year_later_those_are_asked_whose_meeting_was_not_missed(self):
        after = After(days=1)
        missed = after.another()
        after.says(after.buyer, "COOPERATION")
        after.says(missed.buyer, "NOT_HELD", missed.meeting)
        after.pass_days(181)
        sweep_aftermath()
        assert len(self.told(after.buyer)) == 1
        assert self.told(missed.buyer) == []

    def test_a_guest_without_an_account_gets_the_link_by_mail(
        self, after, django_capture_on_commit_callbacks
    ):
        Registration.objects.filter(pk=after.buyer.pk).update(
            person=None, email="guest@example.com"
        )
        with django_capture_on_commit_callbacks(execute=True):
            sweep_aftermath()
        [sent] = [each for each in mail.outbox if each.to == ["guest@example.com"]]
        assert "/meetings/feedback/" in sent.body
        assert "How were your meetings?" in sent.body

    def test_words_go_when_the_fair_is_erased_and_the_outcomes_stay(self, after):
        after.says(after.buyer, "COOPERATION")
        comment_on(
            actor=after.buyer.person, meeting=after.meeting, comment="很好", shares_comment=True
        )
        purge_fair(fair=after.fair, now=timezone.now())
        sweep_aftermath()
        sweep_aftermath()
        [kept] = Feedback.objects.all()
        assert (kept.outcome, kept.comment, kept.shares_comment) == ("COOPERATION", "", False)
        assert AuditEvent.objects.filter(action="aftermath.erase_words").count() == 1
        assert not Delivery.objects.filter(key__startswith="feedback").exists()


class TestPages:
    def url(self, after):
        return reverse("aftermath:feedback", args=[after.fair.code])

    def post(self, client, url, after, **data):
        return client.post(url, {"meeting": after.meeting.pk, **data})

    def test_two_taps_from_the_own_meetings(self, client, after):
        Registration.objects.filter(pk=after.buyer.pk).update(state="CHECKED_IN")
        client.force_login(after.buyer.person)
        mine = client.get(reverse("meetings:mine", args=[after.fair.code])).content.decode()
        first = f"{self.url(after)}?meeting={after.meeting.pk}&amp;outcome=INFORMATIVE"
        assert first in mine
        assert (
            first
            in client.get(reverse("timetable:my-day", args=[after.fair.code])).content.decode()
        )
        shown = client.get(self.url(after), {"meeting": after.meeting.pk, "outcome": "INFORMATIVE"})
        assert 'value="INFORMATIVE" required checked' in shown.content.decode()
        assert not Feedback.objects.exists()
        answer = self.post(client, self.url(after), after, outcome="INFORMATIVE")
        assert answer.url.endswith(f"?done={after.meeting.pk}#meeting-{after.meeting.pk}")
        shown = client.get(answer.url).content.decode()
        assert "有收获但暂无合作" in shown
        self.post(client, self.url(after), after, comment="准备充分", rating="5")
        [said] = Feedback.objects.all()
        assert (said.rating, said.comment) == (5, "准备充分")

    def test_what_cannot_be_said_is_told_on_the_page(self, client, after):
        client.force_login(after.buyer.person)
        answer = self.post(client, self.url(after), after, outcome="AGREEMENT")
        assert answer.status_code == 422
        assert "请选择一个答案" in answer.content.decode()

    def test_a_meeting_of_others_is_not_there(self, client, after):
        other = after.another()
        client.force_login(after.buyer.person)
        answer = client.post(
            self.url(after), {"meeting": other.meeting.pk, "outcome": "COOPERATION"}
        )
        assert answer.status_code == 404

    def test_the_link_works_signed_out_and_looking_changes_nothing(self, client, after):
        url = feedback_url(after.buyer)
        shown = client.get(url)
        assert shown.status_code == 200
        assert shown["Referrer-Policy"] == "same-origin"
        assert "no-store" in shown["Cache-Control"]
        client.head(url)
        client.get(url, {"meeting": after.meeting.pk, "outcome": "COOPERATION"})
        assert not Feedback.objects.exists()
        answer = self.post(client, url, after, outcome="COOPERATION")
        assert answer.status_code == 302
        assert Feedback.objects.get().registration_id == after.buyer.pk

    def test_the_link_of_one_is_no_link_to_the_meetings_of_another(self, client, after):
        other = after.another()
        answer = client.post(
            feedback_url(other.buyer), {"meeting": after.meeting.pk, "outcome": "NO_INTEREST"}
        )
        assert answer.status_code == 404
        with pytest.raises(UnableToConclude, match="参加洽谈的人"):
            give_feedback_by_link(
                token=token_of(other.buyer), meeting=after.meeting, outcome="NO_INTEREST"
            )
        with pytest.raises(UnableToConclude, match="链接不完整"):
            give_feedback_by_link(token="x", meeting=after.meeting, outcome="NO_INTEREST")

    def test_a_broken_or_an_old_link_opens_nothing(self, client, after):
        url = feedback_url(after.buyer)
        assert client.get(url.replace(url[-3], "x", 1)[:-2] + "/").status_code == 404
        with time_machine.travel(timezone.now() + timedelta(days=201), tick=False):
            assert client.get(url).status_code == 404

    def test_the_other_side_never_reads_it(self, client, after):
        after.says(after.buyer, "NO_INTEREST")
        comment_on(
            actor=after.buyer.person, meeting=after.meeting, comment="没准备", shares_comment=True
        )
        client.force_login(after.seller.person)
        shown = client.get(self.url(after)).content.decode()
        assert "没准备" not in shown
        assert 'badge">兴趣不足' not in shown

    def test_the_organizer_reads_answers_and_shared_comments_only(self, client, after):
        after.says(after.buyer, "NO_INTEREST")
        after.says(after.seller, "COOPERATION")
        comment_on(actor=after.buyer.person, meeting=after.meeting, comment="没准备", rating=1)
        comment_on(
            actor=after.seller.person, meeting=after.meeting, comment="场地冷", shares_comment=True
        )
        client.force_login(after.owner)
        shown = client.get(reverse("aftermath:outcomes", args=[after.fair.code])).content.decode()
        assert "兴趣不足" in shown
        assert "场地冷" in shown
        assert "没准备" not in shown
        assert after.seller.person.name not in shown

    def test_the_workspace_says_what_is_to_be_said(self, client, after):
        client.force_login(after.buyer.person)
        heading = "洽谈进行得如何？"
        assert heading in client.get(reverse("workspace:home")).content.decode()
        after.says(after.buyer, "INFORMATIVE")
        assert heading not in client.get(reverse("workspace:home")).content.decode()

    def test_the_export_holds_registration_feedback_and_follow_ups(self, client, after):
        after.says(after.buyer, "INFORMATIVE")
        client.force_login(after.buyer.person)
        data = client.get(reverse("accounts:export")).json()
        assert [row["fair"] for row in data["fair_registrations"]] == [after.fair.code]
        assert [row["outcome"] for row in data["fair_feedback"]] == ["INFORMATIVE"]
        assert data["fair_follow_ups"] == []
        after.seller.entries.create(kind="OFFER", title="导热膜")
        client.force_login(after.seller.person)
        data = client.get(reverse("accounts:export")).json()
        [registration] = data["fair_registrations"]
        assert [entry["title"] for entry in registration["entries"]] == ["导热膜"]
        assert data["fair_feedback"] == []

    def test_it_speaks_english(self, client, after):
        client.force_login(after.buyer.person)
        with translation.override("en"):
            shown = client.get(self.url(after)).content.decode()
        assert "Cooperation possible" in shown
