from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from events.fairs.models import Fair
from events.registration.models import Registration
from portal.accounts.models import Consent, Organization, private_storage
from portal.media.models import random_name
from portal.taxonomy.models import Industry, in_language

from .enums import (
    GONE_STATES,
    REASONED_STATES,
    SHOWN_STATES,
    WRITING_STATES,
    AfterShow,
    ExhibitorState,
    LeadSource,
)


class Exhibition(models.Model):
    """How the exhibition of a fair is run (展览设置); ``result_on`` publishes the awards.

    ``online_days`` count from the end of the fair; None keeps the on-line hall open.
    """

    fair = models.OneToOneField(Fair, models.CASCADE, related_name="exhibition")
    applications_close_at = models.DateTimeField(_("applications until"), null=True, blank=True)
    materials_due_at = models.DateTimeField(_("materials until"), null=True, blank=True)
    after_show = models.CharField(
        _("on-line hall after the fair"),
        max_length=8,
        choices=AfterShow.choices,
        default=AfterShow.ALL,
    )
    online_days = models.PositiveSmallIntegerField(
        _("days that the on-line hall stays open"), null=True, blank=True
    )
    result_on = models.DateTimeField(null=True, editable=False)

    def __str__(self):
        return f"{self.fair_id}"


class Hall(models.Model):
    """A hall with a grid of cells (展厅); ``width`` and ``depth`` count cells of 1 m."""

    fair = models.ForeignKey(Fair, models.CASCADE, related_name="halls")
    name = models.CharField(_("name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    width = models.PositiveSmallIntegerField(_("width"), help_text=_("In cells of one metre."))
    depth = models.PositiveSmallIntegerField(_("depth"), help_text=_("In cells of one metre."))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["fair", "name"], name="hall_name_in_fair")]

    def __str__(self):
        return self.label

    @property
    def label(self) -> str:
        return in_language(self.name, self.name_en)


class Booth(models.Model):
    """A booth on the grid of its hall (展位), ``x`` and ``y`` from the upper left corner.

    That two do not overlap is kept by the doors in ``services.halls`` under a lock on the hall.
    """

    hall = models.ForeignKey(Hall, models.CASCADE, related_name="booths")
    code = models.CharField(_("number"), max_length=8)
    x = models.PositiveSmallIntegerField(_("column"))
    y = models.PositiveSmallIntegerField(_("row"))
    width = models.PositiveSmallIntegerField(_("width"))
    depth = models.PositiveSmallIntegerField(_("depth"))
    power_kw = models.DecimalField(_("power, kW"), max_digits=5, decimal_places=1, default=0)
    notes = models.CharField(_("notes"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hall", "code"], name="booth_code_in_hall"),
            models.CheckConstraint(condition=Q(width__gte=1, depth__gte=1), name="booth_has_area"),
            models.CheckConstraint(
                condition=Q(power_kw__gte=0), name="booth_power_is_not_negative"
            ),
        ]

    def __str__(self):
        return self.code

    @property
    def size(self) -> str:
        return f"{self.width} × {self.depth} m"

    @property
    def area(self) -> int:
        return self.width * self.depth


class ExhibitorQuerySet(models.QuerySet["Exhibitor"]):
    def shown(self):
        """Whose materials have been checked, and who has a booth."""
        return self.filter(state__in=SHOWN_STATES, booth__isnull=False)

    def standing(self):
        return self.exclude(state__in=GONE_STATES)

    def for_user(self, user):
        """Those of the organizations that a person acts for."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(organization__in=user.organization_ids)

    def with_names(self):
        return self.select_related("organization", "booth__hall")


class Exhibitor(models.Model):
    """An organization that shows at a fair (参展单位), from application to show.

    ``fascia`` is the lettering over the booth (楣板); ``reason`` says why it was not taken, or why
    its materials were returned. Wishes are wishes: what a booth does not meet is a warning.
    """

    fair = models.ForeignKey(Fair, models.CASCADE, related_name="exhibitors")
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="exhibitions", verbose_name=_("organization")
    )
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=ExhibitorState.choices,
        default=ExhibitorState.APPLIED,
        db_index=True,
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    booth = models.OneToOneField(
        Booth, models.SET_NULL, null=True, blank=True, related_name="exhibitor"
    )
    plan = models.CharField(_("what you want to show"), max_length=500)
    industries = models.ManyToManyField(
        Industry, related_name="exhibitors", verbose_name=_("industries")
    )
    wished_area = models.PositiveSmallIntegerField(_("booth in m²"), default=9)
    wished_power = models.DecimalField(
        _("power needed, kW"), max_digits=5, decimal_places=1, default=1
    )
    wanted = models.ManyToManyField(
        Organization, blank=True, related_name="+", verbose_name=_("best beside")
    )
    unwanted = models.ManyToManyField(
        Organization, blank=True, related_name="+", verbose_name=_("not beside")
    )
    fascia = models.CharField(_("lettering of the booth"), max_length=30, blank=True)
    fascia_en = models.CharField(_("lettering in English"), max_length=60, blank=True)
    introduction = models.TextField(_("what visitors find here"), max_length=600, blank=True)
    introduction_en = models.TextField(
        _("what visitors find here, in English"), max_length=1200, blank=True
    )
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    applied_at = models.DateTimeField(_("applied on"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(_("materials sent on"), null=True)

    objects = ExhibitorQuerySet.as_manager()

    class Meta:
        verbose_name = _("exhibitor")
        verbose_name_plural = _("exhibitors")
        constraints = [
            models.UniqueConstraint(
                fields=["fair", "organization"], name="one_exhibitor_per_organization"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(REASONED_STATES)) | ~Q(reason=""),
                name="exhibitor_refusal_has_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["fair", "state"])]

    def __str__(self):
        return f"{self.fair_id} {self.organization_id}"

    @property
    def label(self) -> str:
        return in_language(self.fascia, self.fascia_en) or self.organization.label

    @property
    def localized_introduction(self) -> str:
        return in_language(self.introduction, self.introduction_en)

    @property
    def is_writing(self) -> bool:
        return self.state in WRITING_STATES


def picture_path(instance, filename):
    return random_name("exhibits", filename)


class Exhibit(models.Model):
    """What is shown at a booth (展品): a public listing, or own words with a picture.

    A listing is read as everybody may read it, when it is shown; ``title`` and ``summary`` are
    those of free texts alone.
    """

    exhibitor = models.ForeignKey(Exhibitor, models.CASCADE, related_name="exhibits")
    page = models.ForeignKey(Page, models.CASCADE, null=True, blank=True, related_name="exhibits")
    title = models.CharField(_("name of the exhibit"), max_length=80, blank=True)
    title_en = models.CharField(_("name in English"), max_length=160, blank=True)
    summary = models.CharField(_("in one line"), max_length=200, blank=True)
    summary_en = models.CharField(_("in one line, English"), max_length=400, blank=True)
    picture = models.ImageField(
        _("picture"), upload_to=picture_path, storage=private_storage, blank=True
    )
    caption = models.CharField(_("caption of the picture"), max_length=120, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["exhibitor", "page"],
                condition=Q(page__isnull=False),
                name="listing_once_per_exhibitor",
            ),
            models.CheckConstraint(
                condition=Q(page__isnull=False) | ~Q(title=""), name="exhibit_is_named"
            ),
        ]

    def __str__(self):
        return self.title or f"{self.page_id}"

    @property
    def label(self) -> str:
        return in_language(self.title, self.title_en)

    @property
    def localized_summary(self) -> str:
        return in_language(self.summary, self.summary_en)


class LeadQuerySet(models.QuerySet["Lead"]):
    def for_user(self, user):
        """The exhibitor's own people alone: neither the organizer nor those who oversee."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(exhibitor__organization__in=user.organization_ids)

    def with_consent(self):
        """``agreed`` tells whether the visitor's consent holds now."""
        holds = Q(consent__isnull=False, consent__withdrawn_at__isnull=True)
        return self.annotate(
            agreed=models.Case(
                models.When(holds, then=True), default=False, output_field=models.BooleanField()
            )
        )


class Lead(models.Model):
    """A visitor whom an exhibitor noted (意向客户), once for each pair.

    The visitor's name and contact data are read through ``registration`` and only as long as
    ``consent`` holds in the ledger (PIPL art. 23); until then a lead tells organization and role.
    """

    exhibitor = models.ForeignKey(Exhibitor, models.CASCADE, related_name="leads")
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="leads")
    consent = models.ForeignKey(Consent, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("noted at"), default=timezone.now)
    source = models.CharField(_("source"), max_length=8, choices=LeadSource.choices)
    note = models.CharField(_("note"), max_length=500, blank=True)
    rating = models.PositiveSmallIntegerField(_("rating"), null=True, blank=True)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    agreed: bool

    objects = LeadQuerySet.as_manager()

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        constraints = [
            models.UniqueConstraint(
                fields=["exhibitor", "registration"], name="one_lead_per_visitor"
            ),
            models.CheckConstraint(
                condition=Q(rating__isnull=True) | Q(rating__gte=1, rating__lte=5),
                name="lead_rating_from_1_to_5",
            ),
        ]

    def __str__(self):
        return f"{self.exhibitor_id} {self.registration_id}"


class Award(models.Model):
    """A category in which visitors vote for an exhibitor (观众奖项)."""

    fair = models.ForeignKey(Fair, models.CASCADE, related_name="awards")
    name = models.CharField(_("award"), max_length=40)
    name_en = models.CharField(_("award, English"), max_length=80, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["fair", "name"], name="award_once_per_fair")]

    def __str__(self):
        return self.label

    @property
    def label(self) -> str:
        return in_language(self.name, self.name_en)


class Vote(models.Model):
    """One ticket's vote for one award (观众投票); it cannot be changed."""

    award = models.ForeignKey(Award, models.CASCADE, related_name="votes")
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="votes")
    exhibitor = models.ForeignKey(Exhibitor, models.CASCADE, related_name="votes")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["award", "registration"], name="one_vote_per_ticket")
        ]

    def __str__(self):
        return f"{self.award_id} {self.exhibitor_id}"
