from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection, send_mail
from django.db import transaction
from django.urls import translate_url
from django.utils import timezone, translation
from django.utils.functional import Promise

from portal.accounts.models import User

from .models import Notification, OutgoingMail

# After an attempt that fails, or whose process dies; with the last failure a mail is given up.
WAITS = [timedelta(minutes=minutes) for minutes in (2, 5, 15, 60, 240, 720, 1440)]
MAILS_AT_ONCE = 200


@transaction.atomic(savepoint=False)
def notify(
    *,
    user: User,
    kind: str,
    title: str | Promise,
    body: str | Promise = "",
    url: str = "",
    dedupe_key: str | None = None,
) -> Notification | None:
    """Tell one person something: in the workspace in both languages, by mail in the person's own.

    ``title`` and ``body`` may be lazy translations. With ``dedupe_key`` a second call does
    nothing, so that sweeps may run twice. Returns the notification, or None if it was known.
    """
    said = {language: _say(language, title, body) for language in ("zh-hans", "en")}
    defaults = {
        "user": user,
        "kind": kind,
        "title": said["zh-hans"][0],
        "title_en": said["en"][0],
        "body": said["zh-hans"][1],
        "body_en": said["en"][1],
        "url": translate_url(url, settings.LANGUAGE_CODE),
    }
    if dedupe_key is None:
        notification, created = Notification.objects.create(**defaults), True
    else:
        notification, created = Notification.objects.get_or_create(
            dedupe_key=dedupe_key, defaults=defaults
        )
    if not created:
        return None
    subject, text = said.get(user.language, said["zh-hans"])
    link = f"{settings.WAGTAILADMIN_BASE_URL}{translate_url(url, user.language)}"
    message = "\n\n".join(part for part in (text, link) if part)
    send_mail(subject, message, None, [user.email])
    return notification


def _say(language: str, title: str | Promise, body: str | Promise) -> tuple[str, str]:
    with translation.override(language):
        return str(title)[:200], str(body)


def mark_read(*, user: User, notification_ids: Iterable[int] | None = None) -> int:
    """Mark the given notifications of ``user`` as read, or all; return how many changed."""
    unread = Notification.objects.filter(user=user).unread()
    if notification_ids is not None:
        unread = unread.filter(pk__in=notification_ids)
    return unread.update(read_at=timezone.now())


@transaction.atomic(savepoint=False)
def put_into_outbox(message: EmailMessage) -> OutgoingMail:
    """Keep a mail with what causes it; the worker delivers it once that is committed."""
    from .tasks import task_deliver

    mail = OutgoingMail.objects.create(
        sender=message.from_email,
        recipients=", ".join(message.recipients()),
        subject=" ".join(message.subject.split())[:300],
        body=str(message.body),
    )
    transaction.on_commit(task_deliver.delay, robust=True)
    return mail


def deliver_mails(*, now: datetime) -> int:
    """Deliver what is due, each in a transaction of its own; return how many were tried.

    Two workers never take the same mail. One that dies between taking and noting leaves it due
    again after the first wait: such a mail may come twice, but none is lost.
    """
    due, tried = OutgoingMail.objects.filter(due_at__lte=now).order_by("due_at", "pk"), 0
    while mails := list(due[:MAILS_AT_ONCE]):
        for mail in mails:
            if _take(mail, now):
                _deliver(mail)
                tried += 1
    return tried


def _take(mail: OutgoingMail, now: datetime) -> bool:
    """Put the next attempt off; False where another worker was faster."""
    row = OutgoingMail.objects.filter(pk=mail.pk, due_at=mail.due_at)
    wait = WAITS[min(mail.attempts, len(WAITS) - 1)]
    mail.due_at, mail.attempts = now + wait, mail.attempts + 1
    return bool(row.update(due_at=mail.due_at, attempts=mail.attempts))


def _deliver(mail: OutgoingMail) -> None:
    message = EmailMessage(
        mail.subject,
        mail.body,
        mail.sender,
        mail.recipients.split(", "),
        headers={"Auto-Submitted": "auto-generated"},  # RFC 3834: no holiday notes in return
    )
    try:
        get_connection(settings.EMAIL_DELIVERY_BACKEND).send_messages([message])
    except (OSError, ValueError) as error:
        mail.error = str(error)[:300]
        if mail.attempts > len(WAITS):
            mail.due_at = None
    else:
        mail.sent_at, mail.due_at, mail.error = timezone.now(), None, ""
    mail.save(update_fields=["sent_at", "due_at", "error"])
