from collections.abc import Iterable

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone, translation
from django.utils.functional import Promise

from portal.accounts.models import User

from .models import Notification


def notify(
    *,
    user: User,
    kind: str,
    title: str | Promise,
    body: str | Promise = "",
    url: str = "",
    dedupe_key: str | None = None,
) -> Notification | None:
    """Tell one person something, in the workspace and by mail, in that person's language.

    ``title`` and ``body`` may be lazy translations. With ``dedupe_key`` a second call does
    nothing, so that sweeps may run twice. Returns the notification, or None if it was known.
    """
    with translation.override(user.language), transaction.atomic():
        defaults = {
            "user": user,
            "kind": kind,
            "title": str(title)[:200],
            "body": str(body),
            "url": url,
        }
        if dedupe_key is None:
            notification, created = Notification.objects.create(**defaults), True
        else:
            notification, created = Notification.objects.get_or_create(
                dedupe_key=dedupe_key, defaults=defaults
            )
        if not created:
            return None
        text = "\n\n".join(
            part for part in (str(body), f"{settings.WAGTAILADMIN_BASE_URL}{url}") if part
        )
        transaction.on_commit(
            lambda: send_mail(str(title), text, None, [user.email], fail_silently=True)
        )
    return notification


def mark_read(*, user: User, notification_ids: Iterable[int] | None = None) -> int:
    """Mark the given notifications of ``user`` as read, or all; return how many changed."""
    unread = Notification.objects.filter(user=user).unread()
    if notification_ids is not None:
        unread = unread.filter(pk__in=notification_ids)
    return unread.update(read_at=timezone.now())
