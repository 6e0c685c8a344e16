from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable

from portal.accounts.models import Organization
from portal.media.models import PortalDocument, PortalImage
from portal.taxonomy.models import CooperationMode, Industry, TechnicalField, in_language

from ..enums import (
    TRL_MAXIMUM,
    TRL_NAMES,
    AchievementClass,
    AchievementForm,
    ApplicationState,
    EvaluationMethod,
    Level,
    NotAppliedReason,
    Novelty,
    Secrecy,
    Stage,
    TaskSource,
    TrlScale,
)
from ..validators import REGISTRATION_NUMBER, validate_innovations, validate_unclassified
from .listings import ListingPage


class AchievementPage(ListingPage):
    """A scientific or technological achievement on offer (科技成果).

    Fields follow the national register form (成果登记表) and what companies ask first: numbers,
    readiness with evidence, price, and a comparison with today's solution.
    """

    CODE_PREFIX = "CG"

    registration_number = models.CharField(_("register number"), max_length=20, blank=True)
    achievement_class = models.CharField(
        _("class"), max_length=8, choices=AchievementClass.choices, default=AchievementClass.APPLIED
    )
    form = models.CharField(_("form"), max_length=16, choices=AchievementForm.choices)
    stage = models.CharField(_("stage"), max_length=8, choices=Stage.choices)
    novelty = models.CharField(
        _("kind of innovation"), max_length=16, choices=Novelty.choices, default=Novelty.ORIGINAL
    )
    level = models.CharField(
        _("evaluated level"), max_length=24, choices=Level.choices, default=Level.NOT_EVALUATED
    )
    secrecy = models.CharField(
        _("security classification"),
        max_length=16,
        choices=Secrecy.choices,
        default=Secrecy.NONE,
        validators=[validate_unclassified],
    )
    research_started = models.DateField(_("research began"), null=True, blank=True)
    research_ended = models.DateField(_("research ended"), null=True, blank=True)
    task_source = models.CharField(
        _("source of the project"), max_length=12, choices=TaskSource.choices, blank=True
    )
    project_number = models.CharField(_("project number"), max_length=60, blank=True)
    evaluation_method = models.CharField(
        _("evaluated by"), max_length=16, choices=EvaluationMethod.choices, blank=True
    )
    application_state = models.CharField(
        _("state of use"), max_length=12, choices=ApplicationState.choices, blank=True
    )
    not_applied_reason = models.CharField(
        _("why not in use"), max_length=12, choices=NotAppliedReason.choices, blank=True
    )
    trl_scale = models.CharField(
        _("readiness scale"), max_length=8, choices=TrlScale.choices, default=TrlScale.NINE
    )
    trl_level = models.PositiveSmallIntegerField(
        _("readiness level"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    trl_evidence = models.CharField(_("evidence of readiness"), max_length=300, blank=True)
    description = models.TextField(_("description"), max_length=8000)
    description_en = models.TextField(_("English description"), max_length=16000, blank=True)
    innovations = models.TextField(
        _("innovations"),
        blank=True,
        validators=[validate_innovations],
        help_text=_("One a line, up to three lines of 50 characters."),
    )
    scenarios = models.TextField(_("where it is used"), max_length=1000, blank=True)
    comparison_today = models.TextField(_("today's solution"), max_length=500, blank=True)
    comparison_cost = models.TextField(_("its cost"), max_length=500, blank=True)
    comparison_gain = models.TextField(_("the gain in numbers"), max_length=500, blank=True)
    comparison_tested_by = models.CharField(_("who tested it"), max_length=200, blank=True)
    industries = ParentalManyToManyField(
        Industry, related_name="achievements", verbose_name=_("industries")
    )
    technical_fields = ParentalManyToManyField(
        TechnicalField, related_name="achievements", verbose_name=_("technical fields")
    )
    modes = ParentalManyToManyField(
        CooperationMode, related_name="achievements", verbose_name=_("cooperation modes")
    )

    parent_page_types = ["achievements.InstitutePage"]

    content_panels = [
        FieldPanel("title"),
        FieldPanel("title_en"),
        FieldPanel("summary"),
        FieldPanel("summary_en"),
        MultiFieldPanel(
            [
                FieldPanel(name)
                for name in ("achievement_class", "form", "secrecy", "novelty", "level")
            ],
            heading=_("Class"),
        ),
        MultiFieldPanel(
            [
                FieldPanel(name, widget=forms.CheckboxSelectMultiple)
                for name in ("industries", "technical_fields", "modes")
            ],
            heading=_("Industry and cooperation"),
        ),
        FieldPanel("keywords"),
        FieldPanel("description"),
        FieldPanel("description_en"),
        FieldPanel("innovations"),
        FieldPanel("scenarios"),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("stage", "trl_scale", "trl_level", "trl_evidence")],
            heading=_("Readiness"),
        ),
        MultiFieldPanel(
            [
                FieldPanel(name)
                for name in (
                    "application_state",
                    "not_applied_reason",
                    "evaluation_method",
                    "research_started",
                    "research_ended",
                    "task_source",
                    "project_number",
                    "registration_number",
                )
            ],
            heading=_("Register of achievements"),
        ),
        InlinePanel("indicators", heading=_("Technical indicators")),
        MultiFieldPanel(
            [FieldPanel(f"comparison_{name}") for name in ("today", "cost", "gain", "tested_by")],
            heading=_("Compared with today"),
        ),
        InlinePanel("completing_units", heading=_("Completing units"), panels=[FieldPanel("name")]),
        InlinePanel(
            "completers",
            heading=_("People"),
            panels=[
                FieldPanel(name) for name in ("name", "unit", "contribution", "consent_confirmed")
            ],
        ),
        MultiFieldPanel(
            [FieldPanel("price_min"), FieldPanel("price_max")],
            heading=_("Price"),
            help_text=_(
                "Leave both prices empty for “negotiable”; the lower one alone means “from”."
            ),
        ),
        InlinePanel("patent_links", heading=_("Patents")),
        InlinePanel("pictures", heading=_("Pictures")),
        InlinePanel("attachments", heading=_("Files")),
    ]
    promote_panels: list = []
    settings_panels: list = []

    class Meta:
        verbose_name = _("achievement")
        verbose_name_plural = _("achievements")
        constraints = [
            models.CheckConstraint(
                condition=Q(secrecy=Secrecy.NONE), name="achievement_is_unclassified"
            ),
            models.CheckConstraint(
                condition=Q(price_min__isnull=True)
                | Q(price_max__isnull=True)
                | Q(price_min__lte=F("price_max")),
                name="achievement_price_range",
            ),
        ]

    def clean(self):
        super().clean()
        errors: dict[str, str | Promise] = {}
        if self.trl_level and self.trl_level > TRL_MAXIMUM[self.trl_scale]:
            errors["trl_level"] = _("This scale ends at level %(maximum)d.") % {
                "maximum": TRL_MAXIMUM[self.trl_scale]
            }
        if self.registration_number:
            self.registration_number = self.registration_number.strip().upper()
            if not REGISTRATION_NUMBER.fullmatch(self.registration_number):
                errors["registration_number"] = _(
                    "Three digits, the year, Y and four digits, please: 3302024Y0123."
                )
        if self.application_state != ApplicationState.NOT_APPLIED:
            self.not_applied_reason = ""
        begun, ended = self.research_started, self.research_ended
        if begun is not None and ended is not None and begun > ended:
            errors["research_ended"] = _("The research cannot end before it began.")
        if errors:
            raise ValidationError(errors)

    def get_context(self, request, *args, **kwargs):
        from ..documents import AchievementDocument
        from ..queries import related_listings, visible_completers

        context = super().get_context(request, *args, **kwargs)
        shown = list(self.pictures.select_related("image"))
        return context | {
            "is_current": self.is_current,
            "picture": shown[0] if shown else None,
            "pictures": shown[1:],
            "related": related_listings(self, request.user, AchievementDocument),
            "indicators": self.indicators.all(),
            "patents": [link.patent for link in self.patent_links.select_related("patent")],
            "attachments": self.attachments.select_related("document"),
            "modes": self.modes.all(),
            "industries": self.industries.all(),
            "fields": self.technical_fields.all(),
            "units": self.completing_units.select_related("organization"),
            "completers": visible_completers(self),
        }

    @property
    def localized_description(self) -> str:
        return in_language(self.description, self.description_en)

    @property
    def trl_label(self) -> str:
        """The level with its name, empty when none is given."""
        if not self.trl_level:
            return ""
        name = TRL_NAMES[self.trl_level - 1] if self.trl_level <= len(TRL_NAMES) else ""
        return f"{self.trl_level} {name}".strip()

    @property
    def innovation_list(self) -> list[str]:
        return [line.strip() for line in self.innovations.splitlines() if line.strip()]

    @property
    def has_comparison(self) -> bool:
        return bool(self.comparison_today or self.comparison_gain)


class Indicator(Orderable):
    """One technical indicator with its number (技术指标)."""

    page = ParentalKey(AchievementPage, on_delete=models.CASCADE, related_name="indicators")
    name = models.CharField(_("indicator"), max_length=80)
    value = models.CharField(_("value"), max_length=60)
    unit = models.CharField(_("unit"), max_length=30, blank=True)
    condition = models.CharField(_("condition"), max_length=120, blank=True)
    tested_by = models.CharField(_("tested by"), max_length=120, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("Technical indicators")

    def __str__(self):
        figure = f"{self.name} {self.value} {self.unit}".strip()
        return " · ".join(filter(None, (figure, self.condition, self.tested_by)))


class CompletingUnit(Orderable):
    """A unit that completed the achievement, in order of contribution (完成单位)."""

    page = ParentalKey(AchievementPage, on_delete=models.CASCADE, related_name="completing_units")
    organization = models.ForeignKey(
        Organization,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organization on the portal"),
    )
    name = models.CharField(_("name"), max_length=120, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("Completing units")

    def __str__(self):
        return self.organization.label if self.organization else self.name


class Completer(Orderable):
    """A person who completed the achievement, in order of contribution (完成人).

    The name is shown only with consent: from the ledger where the person has an account, else as
    the institute states that it holds the person's written consent (PIPL art. 25).
    """

    page = ParentalKey(AchievementPage, on_delete=models.CASCADE, related_name="completers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("account on the portal"),
    )
    name = models.CharField(_("name"), max_length=60)
    unit = models.CharField(_("unit"), max_length=120, blank=True)
    contribution = models.CharField(_("contribution"), max_length=120, blank=True)
    consent_confirmed = models.BooleanField(
        _("we hold this person's written consent to show the name"), default=False
    )

    class Meta(Orderable.Meta):
        verbose_name = _("People")

    def __str__(self):
        return " · ".join(filter(None, (self.name, self.unit, self.contribution)))


class Picture(Orderable):
    page = ParentalKey(AchievementPage, on_delete=models.CASCADE, related_name="pictures")
    image = models.ForeignKey(
        PortalImage, models.CASCADE, related_name="+", verbose_name=_("picture")
    )
    caption = models.CharField(_("caption"), max_length=100, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("Pictures")

    def __str__(self):
        return self.caption or self.image.title


class Attachment(Orderable):
    page = ParentalKey(AchievementPage, on_delete=models.CASCADE, related_name="attachments")
    document = models.ForeignKey(
        PortalDocument, models.CASCADE, related_name="+", verbose_name=_("file")
    )
    title = models.CharField(_("title"), max_length=100, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("Files")

    def __str__(self):
        return self.title or self.document.title
