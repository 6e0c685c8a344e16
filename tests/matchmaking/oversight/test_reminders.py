"""Institutes are reminded of the annual report, each time once, until it is signed off."""

from datetime import date

import pytest
import time_machine

from matchmaking.oversight.models import AnnualReport
from matchmaking.oversight.services import prepare_report, remind_of_reports
from portal.notifications.models import Notification
from tests.factories.listings import Institute

pytestmark = pytest.mark.django_db


@pytest.fixture
def institute():
    return Institute()


def reminded_on(day):
    with time_machine.travel(day):
        return bool(remind_of_reports(today=day))


@pytest.mark.parametrize(
    ("day", "is_told"),
    [
        (date(2026, 3, 1), False),
        (date(2026, 3, 2), True),
        (date(2026, 3, 16), True),
        (date(2026, 3, 27), True),
        (date(2026, 3, 31), True),
    ],
)
def test_the_first_reminder_comes_four_weeks_before(institute, day, is_told):
    assert reminded_on(day) == is_told


def test_each_reminder_is_sent_once_and_a_late_sweep_sends_the_latest_alone(institute):
    days = [date(2026, 3, day) for day in (2, 3, 28, 29, 31)]

    assert [reminded_on(day) for day in days] == [True, False, True, False, True]
    notes = Notification.objects.filter(kind="annual-report", user=institute.owner)
    assert [note.title for note in notes] == ["2025年度报告应于2026-03-30前报送"] * 3


def test_a_signed_report_is_not_reminded_of_a_draft_is(institute):
    with time_machine.travel(date(2026, 2, 2)):
        report = prepare_report(
            actor=institute.owner, organization=institute.organization, year=2025
        )
    draft = reminded_on(date(2026, 3, 2))
    AnnualReport.objects.filter(pk=report.pk).update(state="SIGNED_OFF")

    assert (draft, reminded_on(date(2026, 3, 16))) == (True, False)
