from django.db import models
from django.utils.translation import gettext_lazy as _


class MailState(models.TextChoices):
    """What has become of a mail; it follows from the mail's times."""

    WAITING = "WAITING", _("Waiting")
    SENT = "SENT", _("Delivered")
    FAILED = "FAILED", _("Not delivered")
