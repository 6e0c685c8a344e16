from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organization

from ..enums import ConversionMode, TrackState
from .cases import ConversionCase


class PricePublicity(models.Model):
    """The publicity of a price by agreement (协议定价公示).

    Law on Promoting the Transformation of Scientific Achievements art. 18; Zhejiang regulation
    art. 17: in the owner's own unit and on a technology market, with name, abstract, mode and
    intended price; a completer or interested party as transferee is marked and explained.
    """

    case = models.ForeignKey(ConversionCase, models.PROTECT, related_name="publicities")
    sequence = models.PositiveIntegerField()
    name = models.CharField(_("name of the result"), max_length=200)
    abstract = models.TextField(_("abstract"), max_length=2000)
    mode = models.CharField(_("mode"), max_length=12, choices=ConversionMode.choices)
    price = models.DecimalField(_("intended price"), max_digits=15, decimal_places=2)
    own_venue = models.CharField(_("where in the own unit"), max_length=200)
    market_venue = models.CharField(_("on which technology market"), max_length=200)
    is_related = models.BooleanField(_("taker is a completer or related"), default=False)
    related_note = models.CharField(_("how they are related"), max_length=500, blank=True)
    started_on = models.DateField(_("public from"))
    ends_on = models.DateField(_("public until"))
    state = models.CharField(
        _("state"), max_length=10, choices=TrackState.choices, default=TrackState.RUNNING
    )
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_related=False) | ~Q(related_note=""),
                name="related_party_is_explained",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("started_on")), name="publicity_period"
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("cases:publicity", args=[self.pk])

    @property
    def is_running(self) -> bool:
        return self.state in {TrackState.RUNNING, TrackState.OBJECTED}

    @property
    def takes_objections(self) -> bool:
        return self.is_running and timezone.localdate() <= self.ends_on


class Objection(models.Model):
    """An objection to a price under publicity (公示异议), and what the owner decided on it."""

    publicity = models.ForeignKey(PricePublicity, models.PROTECT, related_name="objections")
    sequence = models.PositiveIntegerField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    organization = models.ForeignKey(
        Organization, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    text = models.TextField(_("objection"), max_length=2000)
    raised_on = models.DateField(_("raised on"))
    is_upheld = models.BooleanField(_("upheld"), null=True)
    reasons = models.TextField(_("reasons of the decision"), max_length=2000, blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)

    def __str__(self):
        return self.text[:40]
