from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.fairs.models import Fair
from portal.accounts.models import Organization
from portal.accounts.rules import can_oversee
from portal.taxonomy.models import in_language


class FairCost(models.Model):
    """What the organizer spent on a fair (活动支出), in yuan; not for the public."""

    fair = models.ForeignKey(Fair, models.CASCADE, related_name="costs")
    what = models.CharField(_("what for"), max_length=80)
    amount = models.DecimalField(
        _("amount in yuan"),
        max_digits=12,
        decimal_places=2,
        validators=[MinValueValidator(1)],
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    entered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("cost of a fair")
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="fair_cost_is_positive")
        ]

    def __str__(self):
        return self.what


class FairSeriesQuerySet(models.QuerySet["FairSeries"]):
    def for_user(self, user):
        """Series whose numbers a person may read: of the organizer's office, or as overseer."""
        if not user.is_authenticated:
            return self.none()
        if can_oversee(user):
            return self
        return self.filter(organizer__in=user.office_organization_ids)


class FairSeries(models.Model):
    """Fairs that an organizer holds again and again (系列活动), compared over the years."""

    name = models.CharField(_("name of the series"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    organizer = models.ForeignKey(
        Organization, models.PROTECT, related_name="fair_series", verbose_name=_("organizer")
    )
    fairs = models.ManyToManyField(Fair, blank=True, related_name="series", verbose_name=_("fairs"))

    objects = FairSeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("series of fairs")
        constraints = [
            models.UniqueConstraint(fields=["organizer", "name"], name="series_name_of_organizer")
        ]

    def __str__(self):
        return self.label

    def get_absolute_url(self):
        from django.urls import reverse

        return reverse("reports:series", args=[self.pk])

    @property
    def label(self) -> str:
        return in_language(self.name, self.name_en)
