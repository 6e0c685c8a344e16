"""Follow-ups: mailed when due, reminded once, closed unanswered, answered by a signed link."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from matchmaking.cases import services
from matchmaking.cases.models import CaseParty, FollowUp
from matchmaking.cases.services import UnableToMoveCase
from tests.factories.cases import Deal

pytestmark = pytest.mark.django_db
SIGNED = date(2025, 4, 10)


def at(day: date) -> dict:
    moment = datetime(day.year, day.month, day.day, 9, tzinfo=timezone.get_current_timezone())
    return {"today": day, "now": moment}


@pytest.fixture
def deal():
    deal = Deal(on=date(2025, 3, 1)).to_contract(signed_on=SIGNED)
    mail.outbox.clear()
    return deal


def sweep(day, capture):
    with capture(execute=True):
        return services.sweep_follow_ups(**at(day))


def test_what_is_due_is_mailed_once_reminded_once_and_closed(
    deal, django_capture_on_commit_callbacks
):
    capture = django_capture_on_commit_callbacks
    due = date(2025, 7, 10)
    seen = [
        sweep(day, capture)
        for day in (
            due - timedelta(days=1),
            due,
            due,
            due + timedelta(days=11),
            due + timedelta(days=12),
            due + timedelta(days=30),
        )
    ]

    assert [(each["sent"], each["reminded"], each["closed"]) for each in seen] == [
        (0, 0, 0),
        (1, 0, 0),
        (0, 0, 0),
        (0, 1, 0),
        (0, 0, 0),
        (0, 0, 1),
    ]
    assert [message.to for message in mail.outbox] == [["buyer@example.com"]] * 2
    row = FollowUp.objects.get(months=3)
    assert (row.answered_at, row.closed_at is not None) == (None, True)


def test_after_three_days_of_standstill_nothing_is_mailed_twice(
    deal, django_capture_on_commit_callbacks
):
    late = date(2025, 10, 13)
    first = sweep(late, django_capture_on_commit_callbacks)
    second = sweep(late + timedelta(days=3), django_capture_on_commit_callbacks)

    assert [first["sent"], second["sent"], len(mail.outbox)] == [2, 0, 2]


def test_without_a_contact_or_after_the_end_nothing_is_asked(
    deal, django_capture_on_commit_callbacks
):
    CaseParty.objects.update(contact_email="")

    assert sweep(date(2025, 7, 10), django_capture_on_commit_callbacks)["closed"] == 1
    assert mail.outbox == []


def test_the_link_opens_the_form_without_a_sign_in_and_keeps_the_answers(deal, client):
    row = FollowUp.objects.get(months=3)
    address = f"/cases/follow-up/{services.token_of(row)}/"
    asked = client.get(address)
    wrong = client.post(address, {"in_use": "1", "sales": "-5", "jobs": "2"})
    kept = client.post(
        address,
        {"in_use": "1", "sales": "1200000.5", "tax": "60000", "jobs": "3", "note": "两条线"},
    )
    row.refresh_from_db()

    assert [asked.status_code, wrong.status_code, kept.status_code] == [200, 422, 200]
    assert "金额超出范围。" in wrong.content.decode()
    assert 'value="-5"' in wrong.content.decode()
    assert (row.in_use, row.sales, row.tax, row.jobs, row.note) == (
        True,
        Decimal("1200000.50"),
        Decimal("60000.00"),
        3,
        "两条线",
    )


def test_a_wrong_or_old_link_opens_nothing(deal, client):
    token = services.token_of(FollowUp.objects.get(months=3))
    with time_machine.travel(timezone.now() + timedelta(days=46)):
        old = client.get(f"/cases/follow-up/{token}/")
    wrong = client.get(f"/cases/follow-up/{token[:-1]}x/")

    assert [old.status_code, wrong.status_code] == [404, 404]


def test_a_closed_question_takes_no_answers(deal):
    FollowUp.objects.update(closed_at=timezone.now())

    with pytest.raises(UnableToMoveCase, match="该回访已结束"):
        services.answer_follow_up(
            follow_up=FollowUp.objects.get(months=3), now=timezone.now(), answers={}
        )
