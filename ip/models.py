from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel
from wagtail.models import Orderable

from achievements.models import AchievementPage, ListingPage
from portal.accounts.models import Organization
from portal.taxonomy.models import CooperationMode, Industry, TechnicalField, in_language

from .consistency import find_contradictions
from .enums import (
    INVENTION_STATUSES,
    LIVING_STATUSES,
    NEVER_GRANTED_STATUSES,
    ONCE_GRANTED_STATUSES,
    PENDING_STATUSES,
    HolderRole,
    PatentKind,
    PatentSource,
    PatentStatus,
)
from .identifiers import (
    format_application_number,
    validate_application_number,
    validate_classes,
    validate_publication_number,
)
from .validators import refused_claims


class Patent(models.Model):
    """The register's facts about one patent application (专利), one record per application number.

    ``application_number`` is kept normalized, without ZL, CN and dot: thirteen characters in the
    new form, nine in the form used before October 2003. ``expires_on`` is computed from kind and
    filing date (Patent Law art. 42).
    """

    application_number = models.CharField(
        _("application number"),
        max_length=13,
        unique=True,
        validators=[validate_application_number],
    )
    kind = models.CharField(_("kind"), max_length=16, choices=PatentKind.choices)
    title = models.CharField(_("title"), max_length=200)
    abstract = models.TextField(_("abstract"), max_length=2000, blank=True)
    filed_on = models.DateField(_("filed on"))
    is_divisional = models.BooleanField(
        _("divisional application"),
        default=False,
        help_text=_("It keeps the filing date of the application that it was divided from."),
    )
    publication_number = models.CharField(
        _("publication number"),
        max_length=20,
        blank=True,
        validators=[validate_publication_number],
    )
    published_on = models.DateField(_("published on"), null=True, blank=True)
    granted_on = models.DateField(_("granted on"), null=True, blank=True)
    expires_on = models.DateField(_("term ends on"), editable=False)
    ipc = models.CharField(
        _("IPC classes"), max_length=200, blank=True, validators=[validate_classes]
    )
    status = models.CharField(_("legal status"), max_length=24, choices=PatentStatus.choices)
    status_on = models.DateField(_("status since"))
    fee_paid_until = models.DateField(_("annual fee paid until"), null=True, blank=True)
    source = models.CharField(
        _("source"), max_length=8, choices=PatentSource.choices, default=PatentSource.MANUAL
    )
    verified_at = models.DateTimeField(_("compared with the register at"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("patent record")
        verbose_name_plural = _("patent records")
        indexes = [models.Index(fields=["status", "expires_on"])]

    def __str__(self):
        return f"{self.number_label} {self.title}"

    def clean(self):
        """Refuse facts that contradict one another, and words that claim a right there is none of.

        Raises ``ValidationError`` by field.
        """
        super().clean()
        errors: dict = dict(find_contradictions(self, today=timezone.localdate()))
        errors |= refused_claims(self, ("title", "abstract"), is_living=self.is_living)
        if errors:
            raise ValidationError(errors)

    @property
    def version(self) -> str:
        """Changes with every change of the record; two people see by it that they collide."""
        return self.updated_at.isoformat()

    @property
    def is_living(self) -> bool:
        """Granted, and the term has not ended, whether or not that has been recorded yet."""
        has_ended = self.expires_on is not None and self.expires_on < timezone.localdate()
        return self.status in LIVING_STATUSES and not has_ended

    @property
    def is_pending(self) -> bool:
        return self.status in PENDING_STATUSES

    @property
    def is_published(self) -> bool:
        """Whether the patent office has made the application known to everybody."""
        known = INVENTION_STATUSES | ONCE_GRANTED_STATUSES
        return self.published_on is not None or self.status in known

    @property
    def formatted_number(self) -> str:
        return format_application_number(self.application_number)

    @property
    def number_label(self) -> str:
        """The number as it may be shown: ``ZL…`` for a granted, living patent only.

        Calling an application or a lapsed right a patent is counterfeiting (Patent Law
        Implementing Regulations art. 101).
        """
        if self.is_living:
            return f"ZL{self.formatted_number}"
        return f"CN{self.formatted_number}"

    @property
    def kind_label(self):
        """What this right may be called in its present status (专利, 专利申请, 已失效)."""
        if self.is_living:
            return _("%(kind)s patent") % {"kind": self.get_kind_display()}
        if self.is_pending:
            return _("%(kind)s, patent application") % {"kind": self.get_kind_display()}
        if self.status in NEVER_GRANTED_STATUSES:
            return _("%(kind)s, application ended without a grant") % {
                "kind": self.get_kind_display()
            }
        return _("%(kind)s, no longer in force") % {"kind": self.get_kind_display()}


class PatentHolder(models.Model):
    """An applicant or holder of a patent, an organization on the portal or a name (权利人)."""

    patent = models.ForeignKey(Patent, models.CASCADE, related_name="holders")
    role = models.CharField(
        _("role"), max_length=10, choices=HolderRole.choices, default=HolderRole.HOLDER
    )
    organization = models.ForeignKey(
        Organization, models.SET_NULL, null=True, blank=True, related_name="patent_holdings"
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    sort_order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(organization__isnull=False) | ~Q(name=""), name="patent_holder_is_named"
            )
        ]

    def __str__(self):
        return self.organization.label if self.organization else self.name


class PatentInventor(models.Model):
    """An inventor; the name is shown only with consent (发明人)."""

    patent = models.ForeignKey(Patent, models.CASCADE, related_name="inventors")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    name = models.CharField(_("name"), max_length=60)
    consent_confirmed = models.BooleanField(_("consent held"), default=False)
    sort_order = models.PositiveSmallIntegerField(default=0)

    def __str__(self):
        return self.name


class PatentStatusEvent(models.Model):
    """One step of a patent's legal history (法律状态变更)."""

    patent = models.ForeignKey(Patent, models.CASCADE, related_name="status_events")
    status = models.CharField(_("legal status"), max_length=24, choices=PatentStatus.choices)
    occurred_on = models.DateField(_("date"))
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    def __str__(self):
        return f"{self.occurred_on} {self.get_status_display()}"


class PatentPage(ListingPage):
    """What an institute tells companies about a patent; the facts stay in its record (专利推介)."""

    CODE_PREFIX = "PT"
    CLAIMING_FIELDS = (
        "title",
        "title_en",
        "summary",
        "summary_en",
        "value",
        "value_en",
        "applications",
        "keywords",
    )

    patent = models.ForeignKey(
        Patent, models.PROTECT, related_name="pages", verbose_name=_("patent record")
    )
    value = models.TextField(_("what a company gains"), max_length=3000)
    value_en = models.TextField(_("what a company gains, in English"), max_length=6000, blank=True)
    applications = models.TextField(_("where it is used"), max_length=1000, blank=True)
    industries = ParentalManyToManyField(
        Industry, related_name="patent_pages", verbose_name=_("industries")
    )
    technical_fields = ParentalManyToManyField(
        TechnicalField, related_name="patent_pages", verbose_name=_("technical fields")
    )
    modes = ParentalManyToManyField(
        CooperationMode, related_name="patent_pages", verbose_name=_("cooperation modes")
    )

    is_creatable = False  # the workspace opens it, because the patent's number comes first
    parent_page_types = ["achievements.InstitutePage"]

    content_panels = [
        FieldPanel(name)
        for name in (
            "title",
            "title_en",
            "summary",
            "summary_en",
            "value",
            "value_en",
            "applications",
            "keywords",
            "price_min",
            "price_max",
        )
    ] + [
        FieldPanel(name, widget=forms.CheckboxSelectMultiple)
        for name in ("industries", "technical_fields", "modes")
    ]
    promote_panels: list = []
    settings_panels: list = []

    class Meta:
        verbose_name = _("patent page")
        verbose_name_plural = _("patent pages")

    def clean(self):
        super().clean()
        if not self.patent_id:
            return
        errors = refused_claims(self, self.CLAIMING_FIELDS, is_living=self.patent.is_living)
        if errors:
            raise ValidationError(errors)

    def get_context(self, request, *args, **kwargs):
        from achievements.queries import consented, related_listings

        from .documents import PatentDocument
        from .queries import linked_achievements, owners_by_role
        from .rules import is_patent_side

        context = super().get_context(request, *args, **kwargs)
        return context | {
            "is_current": self.is_current,
            "inventors": [
                row.name for row in consented(self.patent.inventors.order_by("sort_order"))
            ],
            "related": related_listings(self, request.user, PatentDocument),
            "owners": owners_by_role(self.patent),
            "achievements": linked_achievements(self.patent, request.user),
            "may_see_record": is_patent_side(request.user, self.patent),
            "events": self.patent.status_events.order_by("-occurred_on", "-pk"),
            "modes": self.modes.all(),
            "industries": self.industries.all(),
            "fields": self.technical_fields.all(),
        }

    @property
    def localized_value(self) -> str:
        return in_language(self.value, self.value_en)


class AchievementPatent(Orderable):
    """A patent or application that protects an achievement (成果关联专利)."""

    page = ParentalKey(AchievementPage, on_delete=models.CASCADE, related_name="patent_links")
    patent = models.ForeignKey(
        Patent, models.PROTECT, related_name="achievement_links", verbose_name=_("patent")
    )

    class Meta(Orderable.Meta):
        verbose_name = _("Patents")

    def __str__(self):
        return str(self.patent)
