from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.taxonomy.models import in_language

from .enums import MailState


class NotificationQuerySet(models.QuerySet["Notification"]):
    def unread(self):
        return self.filter(read_at__isnull=True)


class Notification(models.Model):
    """A message to one person, shown in the workspace and sent by mail (通知).

    ``dedupe_key`` makes sending idempotent: a sweep that runs twice tells nobody twice.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=40)
    title = models.CharField(_("title"), max_length=200)
    title_en = models.CharField(_("English title"), max_length=200, blank=True)
    body = models.TextField(_("body"), blank=True)
    body_en = models.TextField(_("English text"), blank=True)
    url = models.CharField(max_length=300, blank=True)
    dedupe_key = models.CharField(max_length=120, unique=True, null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "read_at", "-created_at"])]

    def __str__(self):
        return self.title

    @property
    def label(self) -> str:
        return in_language(self.title, self.title_en)

    @property
    def text(self) -> str:
        return in_language(self.body, self.body_en)


class OutgoingMail(models.Model):
    """A mail of the portal: written with what causes it, delivered by the worker (发件记录).

    ``due_at`` is when delivery is tried next: None once the mail is delivered, or given up.
    """

    sender = models.CharField(_("from"), max_length=254)
    recipients = models.TextField(_("to"))
    subject = models.CharField(_("subject"), max_length=300)
    body = models.TextField(_("body"))
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    due_at = models.DateTimeField(_("next attempt"), null=True, default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("delivered at"), null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=models.Q(due_at__isnull=False),
                name="notifications_mail_due",
            )
        ]

    def __str__(self):
        return self.subject

    @property
    def state(self) -> MailState:
        if self.sent_at:
            return MailState.SENT
        return MailState.WAITING if self.due_at else MailState.FAILED
