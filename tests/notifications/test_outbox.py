"""Mails wait with what causes them, and the worker delivers each, whatever fails meanwhile."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMultiAlternatives, send_mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.utils import timezone

from portal.accounts.enums import PortalRole
from portal.accounts.models import RoleGrant
from portal.audit.models import AuditEvent
from portal.notifications.enums import MailState
from portal.notifications.models import OutgoingMail
from portal.notifications.services import WAITS, deliver_mails
from portal.operations.services import send_again
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
HERE = "tests.notifications.test_outbox"


class ServerDown(EmailBackend):
    def send_messages(self, messages):
        raise ConnectionRefusedError("connection refused")


class WorkerDies(EmailBackend):
    def send_messages(self, messages):
        raise SystemExit


class OtherWorkerRuns(EmailBackend):
    """Another worker looks for mails while this one is at the server."""

    def send_messages(self, messages):
        deliver_mails(now=timezone.now())
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def _use_the_outbox(settings):
    settings.EMAIL_BACKEND = "portal.notifications.backends.OutboxEmailBackend"


@pytest.fixture
def operator():
    user = UserFactory()
    RoleGrant.objects.create(user=user, role=PortalRole.OPERATOR)
    TOTP.activate(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    return user


def written(subject="对接会改期"):
    send_mail(subject, "改到周五。", None, ["wang@example.org"])
    return OutgoingMail.objects.latest("pk")


def given_up(settings):
    settings.EMAIL_DELIVERY_BACKEND = f"{HERE}.ServerDown"
    row, now = written(), timezone.now()
    for wait in [*WAITS, timedelta(0)]:
        deliver_mails(now=now)
        now += wait
    row.refresh_from_db()
    return row


def test_the_worker_delivers_what_is_committed(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        row = written()
        assert (row.state, mail.outbox) == (MailState.WAITING, [])

    row.refresh_from_db()
    assert (row.state, row.attempts, row.due_at) == (MailState.SENT, 1, None)
    [message] = mail.outbox
    assert (message.subject, message.body, message.to) == (
        "对接会改期",
        "改到周五。",
        ["wang@example.org"],
    )
    assert message.extra_headers == {"Auto-Submitted": "auto-generated"}
    assert deliver_mails(now=timezone.now()) == 0


def test_what_does_not_happen_is_not_mailed():
    with transaction.atomic():
        written()
        transaction.set_rollback(True)

    assert not OutgoingMail.objects.exists()


def test_a_mail_waits_longer_after_each_failure_and_is_given_up_at_last(settings):
    settings.EMAIL_DELIVERY_BACKEND = f"{HERE}.ServerDown"
    row, now = written(), timezone.now()
    for number, wait in enumerate(WAITS, start=1):
        assert deliver_mails(now=now) == 1
        assert deliver_mails(now=now + wait - timedelta(seconds=1)) == 0
        row.refresh_from_db()
        assert (row.attempts, row.error) == (number, "connection refused")
        now += wait

    assert row.state == MailState.WAITING
    assert deliver_mails(now=now) == 1
    row.refresh_from_db()
    assert (row.state, row.due_at) == (MailState.FAILED, None)
    assert deliver_mails(now=now + timedelta(days=30)) == 0


def test_a_server_that_comes_back_gets_what_waited(settings):
    with_server = settings.EMAIL_DELIVERY_BACKEND
    settings.EMAIL_DELIVERY_BACKEND = f"{HERE}.ServerDown"
    row, now = written(), timezone.now()
    assert deliver_mails(now=now) == 1
    settings.EMAIL_DELIVERY_BACKEND = with_server

    deliver_mails(now=now + WAITS[0])

    row.refresh_from_db()
    assert (row.state, row.error, len(mail.outbox)) == (MailState.SENT, "", 1)


def test_a_worker_that_dies_at_the_server_loses_no_mail(settings):
    with_server = settings.EMAIL_DELIVERY_BACKEND
    settings.EMAIL_DELIVERY_BACKEND = f"{HERE}.WorkerDies"
    written("第一封")
    written("第二封")
    now = timezone.now()
    with pytest.raises(SystemExit):
        deliver_mails(now=now)
    settings.EMAIL_DELIVERY_BACKEND = with_server

    deliver_mails(now=now)
    assert [each.subject for each in mail.outbox] == ["第二封"]
    deliver_mails(now=now + WAITS[0])
    assert [each.subject for each in mail.outbox] == ["第二封", "第一封"]


def test_a_worker_that_dies_each_time_holds_up_no_other_mail(settings):
    with_server = settings.EMAIL_DELIVERY_BACKEND
    settings.EMAIL_DELIVERY_BACKEND = f"{HERE}.WorkerDies"
    written("第一封")
    now = timezone.now()
    for wait in [*WAITS, WAITS[-1]]:
        with pytest.raises(SystemExit):
            deliver_mails(now=now)
        now += wait
    settings.EMAIL_DELIVERY_BACKEND = with_server
    written("第二封")

    deliver_mails(now=now)

    assert sorted(each.subject for each in mail.outbox) == ["第一封", "第二封"]


def test_two_workers_never_take_the_same_mail(settings):
    settings.EMAIL_DELIVERY_BACKEND = f"{HERE}.OtherWorkerRuns"
    for number in range(3):
        written(f"第{number}封")

    deliver_mails(now=timezone.now())

    assert sorted(each.subject for each in mail.outbox) == ["第0封", "第1封", "第2封"]


def test_a_mail_that_no_server_would_take_stops_no_other(settings):
    bad = OutgoingMail.objects.create(
        sender="portal@example.org", recipients="a@b.cn\nc@d.cn", subject="坏", body="x"
    )
    settings.EMAIL_DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    written("好")

    deliver_mails(now=timezone.now())

    bad.refresh_from_db()
    assert bad.state == MailState.WAITING
    assert bad.error != ""
    assert [each.subject for each in mail.outbox] == ["好"]


def test_a_message_with_more_than_text_is_refused():
    message = EmailMultiAlternatives("x", "x", None, ["wang@example.org"])
    message.attach_alternative("<p>x</p>", "text/html")

    with pytest.raises(ValueError, match="plain text"):
        message.send()


def test_an_operator_sends_again_what_was_given_up(settings, client, operator):
    row = given_up(settings)
    client.force_login(operator)
    address = f"/workspace/outbox/{row.pk}/"
    page = client.get(address).content.decode()
    assert ("connection refused" in page, "重新发送" in page) == (True, True)

    assert client.post(address).status_code == 302

    row.refresh_from_db()
    assert (row.state, row.attempts) == (MailState.WAITING, 0)
    assert AuditEvent.objects.latest("pk").action == "operations.send_again"
    settings.EMAIL_DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    deliver_mails(now=timezone.now())
    row.refresh_from_db()
    assert row.state == MailState.SENT


def test_nobody_else_sends_again_and_nothing_else_is(settings, operator):
    row, waiting = given_up(settings), written()

    for actor, mail_of in ((UserFactory(), row), (operator, waiting)):
        with pytest.raises(PermissionDenied):
            send_again(actor=actor, mail=mail_of)


def test_the_outbox_shows_one_state_alone(settings, client, operator):
    row, waiting = given_up(settings), written("等待")
    client.force_login(operator)

    shown = {
        state: [
            each.pk for each in client.get("/workspace/outbox/", {"state": state}).context["mails"]
        ]
        for state in ("", "FAILED", "WAITING", "SENT", "abc")
    }

    both = [waiting.pk, row.pk]
    assert shown == {"": both, "FAILED": [row.pk], "WAITING": [waiting.pk], "SENT": [], "abc": both}
