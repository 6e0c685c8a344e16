from collections.abc import Iterable

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.urls import translate_url
from django.utils import timezone, translation
from django.utils.functional import Promise

from portal.accounts.models import User

from .models import Notification


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
    transaction.on_commit(
        lambda: send_mail(subject, message, None, [user.email], fail_silently=True)
    )
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
