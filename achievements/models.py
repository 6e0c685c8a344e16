from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.models import Orderable, Page, PageManager, PageQuerySet, TaskState

from portal.accounts.models import Organization
from portal.media.models import PortalDocument, PortalImage
from portal.taxonomy.models import CooperationMode, Industry, TechnicalField
from portal.taxonomy.services import assign_code

from .enums import (
    TRL_MAXIMUM,
    AchievementClass,
    AchievementForm,
    ApplicationState,
    Disclosure,
    EvaluationMethod,
    Level,
    NotAppliedReason,
    Novelty,
    Secrecy,
    Stage,
    TaskSource,
    TrlScale,
)
from .validators import (
    split_keywords,
    validate_innovations,
    validate_keywords,
    validate_unclassified,
)


def in_language(chinese: str, english: str) -> str:
    """Return the English text to English readers where there is one, else the Chinese."""
    return english if english and (get_language() or "").startswith("en") else chinese


class InstituteIndexPage(Page):
    """The parent of all institutes; its address lists them (机构库)."""

    max_count = 1
    parent_page_types = ["site.HomePage"]
    subpage_types = ["achievements.InstitutePage"]


class InstitutePage(Page):
    """What a publishing organization says of itself; its listings lie below (机构主页)."""

    organization = models.OneToOneField(
        Organization, models.PROTECT, related_name="institute_page", verbose_name=_("organization")
    )
    introduction = models.TextField(_("introduction"), max_length=3000, blank=True)
    introduction_en = models.TextField(_("English introduction"), max_length=6000, blank=True)
    strengths = models.TextField(_("research strengths"), max_length=1000, blank=True)
    office_name = models.CharField(_("transfer office"), max_length=80, blank=True)
    office_email = models.EmailField(_("office e-mail"), blank=True)
    office_phone = models.CharField(_("office phone"), max_length=30, blank=True)
    picture = models.ForeignKey(
        PortalImage,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
    )

    parent_page_types = ["achievements.InstituteIndexPage"]
    subpage_types = ["achievements.AchievementPage", "ip.PatentPage"]

    def visible_to(self, user) -> bool:
        return self.live

    @property
    def label(self) -> str:
        return self.organization.label


class ListingQuerySet(PageQuerySet):
    def current(self, today=None):
        """Live, valid today, neither withdrawn nor archived, under a live institute."""
        today = today or timezone.localdate()
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=today),
            live=True,
            withdrawn_at__isnull=True,
            archived_at__isnull=True,
            institute__live=True,
        )

    def for_user(self, user):
        """Listings whose text ``user`` may read: by disclosure, or as owner's side or staff."""
        from .rules import PLATFORM_READERS

        if user.is_authenticated and user.has_role(*PLATFORM_READERS):
            return self
        readable = Q(disclosure=Disclosure.PUBLIC)
        if user.is_authenticated:
            readable |= Q(disclosure=Disclosure.REGISTERED)
            readable |= Q(institute__organization__in=user.organization_ids)
        return self.filter(readable)

    def of_organizations(self, organization_ids):
        return self.filter(institute__organization__in=organization_ids)


ListingManager = PageManager.from_queryset(ListingQuerySet)


class ListingPage(Page):
    """What achievements and patent pages share: code, disclosure, validity, owner.

    The fields in ``OUTSIDE_REVIEW`` change at once, outside revisions, and publishing an older
    revision never touches them.
    """

    CODE_PREFIX = ""
    OUTSIDE_REVIEW = (
        "code",
        "institute_id",
        "disclosure",
        "valid_until",
        "confirmed_at",
        "withdrawn_at",
        "withdrawn_reason",
        "archived_at",
        "source_id",
    )

    code = models.CharField(_("code"), max_length=20, unique=True, editable=False)
    institute = models.ForeignKey(
        InstitutePage, models.PROTECT, related_name="%(class)ss", editable=False
    )
    disclosure = models.CharField(
        _("disclosure"),
        max_length=10,
        choices=Disclosure.choices,
        default=Disclosure.PUBLIC,
        db_index=True,
    )
    valid_until = models.DateField(_("valid until"), null=True, blank=True, db_index=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("reason"), max_length=300, blank=True)
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)
    source_id = models.CharField(_("source id"), max_length=80, blank=True)

    title_en = models.CharField(_("English title"), max_length=255, blank=True)
    summary = models.CharField(_("one-line value"), max_length=120)
    summary_en = models.CharField(_("one-line value in English"), max_length=300, blank=True)
    price_min = models.PositiveBigIntegerField(
        _("intended price from (yuan)"), null=True, blank=True
    )
    price_max = models.PositiveBigIntegerField(_("intended price to (yuan)"), null=True, blank=True)
    keywords = models.CharField(
        _("keywords"),
        max_length=200,
        blank=True,
        validators=[validate_keywords],
        help_text=_("Up to ten, separated by commas."),
    )

    objects = ListingManager()

    exclude_fields_in_copy = ["code", "slug"]
    subpage_types: list[str] = []

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self.code:
            [self.code] = assign_code(prefix=self.CODE_PREFIX)
            self.slug = self.code.lower()
        if not self.institute_id:
            self.institute = self.get_parent().specific
        super().save(*args, **kwargs)

    def full_clean(self, *args, **kwargs):
        if not self.slug:
            self.slug = self.code.lower() or f"new-{timezone.now().timestamp():.0f}"
        super().full_clean(*args, **kwargs)

    def clean(self):
        super().clean()
        if None not in (self.price_min, self.price_max) and self.price_min > self.price_max:
            raise ValidationError(
                {"price_max": _("The upper price must not be below the lower one.")}
            )

    def with_content_json(self, content):
        page = super().with_content_json(content)
        for name in self.OUTSIDE_REVIEW:
            setattr(page, name, getattr(self, name))
        page.slug = self.slug
        return page

    @property
    def organization(self) -> Organization:
        return self.institute.organization

    @property
    def label(self) -> str:
        return in_language(self.title, self.title_en)

    @property
    def localized_summary(self) -> str:
        return in_language(self.summary, self.summary_en)

    @property
    def keyword_list(self) -> list[str]:
        return split_keywords(self.keywords)

    @property
    def price_is_negotiable(self) -> bool:
        """面议: no price was named."""
        return self.price_min is None and self.price_max is None

    @property
    def is_current(self) -> bool:
        """Whether the listing stands on the portal today; the row's twin of ``current()``."""
        return (
            self.live
            and self.withdrawn_at is None
            and self.archived_at is None
            and (self.valid_until is None or self.valid_until >= timezone.localdate())
            and self.institute.live
        )

    def visible_to(self, user) -> bool:
        from .rules import can_read_listing

        return can_read_listing(user, self)


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
        errors = {}
        if self.trl_level and self.trl_level > TRL_MAXIMUM[self.trl_scale]:
            errors["trl_level"] = _("This scale ends at level %(maximum)d.") % {
                "maximum": TRL_MAXIMUM[self.trl_scale]
            }
        dates = (self.research_started, self.research_ended)
        if None not in dates and self.research_started > self.research_ended:
            errors["research_ended"] = _("The research cannot end before it began.")
        if errors:
            raise ValidationError(errors)

    @property
    def localized_description(self) -> str:
        return in_language(self.description, self.description_en)

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

    def __str__(self):
        return f"{self.name} {self.value} {self.unit}".strip()


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

    def __str__(self):
        return self.name


class Picture(Orderable):
    page = ParentalKey(AchievementPage, on_delete=models.CASCADE, related_name="pictures")
    image = models.ForeignKey(
        PortalImage, models.CASCADE, related_name="+", verbose_name=_("picture")
    )
    caption = models.CharField(_("caption"), max_length=100, blank=True)

    def __str__(self):
        return self.caption


class Attachment(Orderable):
    page = ParentalKey(AchievementPage, on_delete=models.CASCADE, related_name="attachments")
    document = models.ForeignKey(
        PortalDocument, models.CASCADE, related_name="+", verbose_name=_("file")
    )
    title = models.CharField(_("title"), max_length=100, blank=True)

    def __str__(self):
        return self.title or self.document.title


class FieldNote(models.Model):
    """A reviewer's remark on one field of a returned listing (退回意见)."""

    task_state = models.ForeignKey(TaskState, models.CASCADE, related_name="field_notes")
    field_name = models.CharField(max_length=60)
    note = models.CharField(_("note"), max_length=500)

    def __str__(self):
        return f"{self.field_name}: {self.note}"


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
