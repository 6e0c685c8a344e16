from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organization
from portal.taxonomy.models import Industry, TechnicalField


class Expert(models.Model):
    """A researcher whom companies may ask, shown only with consent (专家)."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="expert")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="experts")
    post = models.CharField(_("post"), max_length=60, blank=True)
    headline = models.CharField(_("in one line"), max_length=100)
    headline_en = models.CharField(_("in one line, English"), max_length=200, blank=True)
    introduction = models.TextField(_("introduction"), max_length=2000, blank=True)
    services = models.CharField(_("what I offer"), max_length=200, blank=True)
    industries = models.ManyToManyField(Industry, related_name="experts", blank=True)
    technical_fields = models.ManyToManyField(TechnicalField, related_name="experts", blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("expert")
        verbose_name_plural = _("experts")

    def __str__(self):
        return self.user.name
