from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEvent(models.Model):
    """One line of the append-only, hash-chained audit log (审计日志).

    ``digest`` is SHA-256 over the canonical JSON of the line and ``previous_digest``, so that a
    changed, removed or inserted line breaks the chain from there on. Database triggers refuse
    UPDATE and DELETE.
    """

    recorded_at = models.DateTimeField(_("recorded at"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    action = models.CharField(_("action"), max_length=64)
    target_type = models.ForeignKey(ContentType, models.PROTECT, null=True, related_name="+")
    target_id = models.CharField(max_length=64, blank=True)
    target_label = models.CharField(_("object"), max_length=200, blank=True)
    organization_id = models.BigIntegerField(null=True)
    payload = models.JSONField(_("details"), default=dict)
    ip_address = models.GenericIPAddressField(null=True)
    previous_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["target_type", "target_id"]),
            models.Index(fields=["actor", "recorded_at"]),
            models.Index(fields=["action", "recorded_at"]),
        ]

    def __str__(self):
        return f"{self.pk} {self.action}"
