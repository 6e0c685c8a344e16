from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from achievements.models import ListingPage
from achievements.validators import split_keywords, validate_keywords
from portal.accounts.enums import PortalRole
from portal.accounts.models import Organization
from portal.taxonomy.models import CooperationMode, District, Industry, TechnicalField, in_language

from .enums import (
    CandidateKind,
    Confidentiality,
    Direction,
    Gate,
    Grade,
    NeedKind,
    NeedOutcome,
    NeedState,
    Operator,
    Side,
    VerdictLevel,
    VerdictReason,
)


class NeedQuerySet(models.QuerySet["Need"]):
    def published(self, today=None):
        """Needs that stand on the portal today."""
        today = today or timezone.localdate()
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=today), state=NeedState.PUBLISHED
        )

    def for_user(self, user):
        """Needs that ``user`` may read: published by confidentiality, own ones, all as staff."""
        if not user.is_authenticated:
            return self.published().exclude(confidentiality=Confidentiality.DIRECTED)
        if user.has_role(PortalRole.COMMISSION, PortalRole.REVIEWER, PortalRole.AUDITOR):
            return self
        published = self.published().filter(
            ~Q(confidentiality=Confidentiality.DIRECTED) | Q(directed_to__in=user.organization_ids)
        )
        own = Q(organization__in=user.organization_ids)
        if user.has_role(PortalRole.BROKER):
            own |= Q(state__in=[NeedState.AT_BROKER, NeedState.PROPOSED]) | Q(broker=user)
        return self.filter(Q(pk__in=published.values("pk")) | own)


class Need(models.Model):
    """A technology need of an enterprise (技术需求).

    ``pending_changes`` holds the edited text of a published need until the platform has
    approved it; the published text stands meanwhile.
    """

    code = models.CharField(_("code"), max_length=20, unique=True, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="needs")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="needs"
    )
    broker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    title = models.CharField(_("title"), max_length=120)
    title_en = models.CharField(_("English title"), max_length=240, blank=True)
    kind = models.CharField(
        _("kind"), max_length=12, choices=NeedKind.choices, default=NeedKind.RND
    )
    problem = models.TextField(_("problem"), max_length=4000, blank=True)
    current_solution = models.TextField(_("today's solution"), max_length=2000, blank=True)
    constraints = models.TextField(_("constraints"), max_length=2000, blank=True)
    budget_min = models.PositiveBigIntegerField(_("budget from (yuan)"), null=True, blank=True)
    budget_max = models.PositiveBigIntegerField(_("budget to (yuan)"), null=True, blank=True)
    deadline = models.DateField(_("needed by"), null=True, blank=True)
    decision_maker = models.CharField(
        _("who decides"), max_length=100, blank=True, help_text=_("Post, not a name.")
    )
    partner_wishes = models.CharField(_("wished partner"), max_length=300, blank=True)
    wished_district = models.ForeignKey(
        District,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("wished district"),
    )
    industries = models.ManyToManyField(
        Industry, related_name="needs", verbose_name=_("industries"), blank=True
    )
    technical_fields = models.ManyToManyField(
        TechnicalField, related_name="needs", verbose_name=_("technical fields"), blank=True
    )
    modes = models.ManyToManyField(
        CooperationMode, related_name="needs", verbose_name=_("cooperation modes"), blank=True
    )
    keywords = models.CharField(
        _("keywords"), max_length=200, blank=True, validators=[validate_keywords]
    )
    confidentiality = models.CharField(
        _("confidentiality"),
        max_length=10,
        choices=Confidentiality.choices,
        default=Confidentiality.PUBLIC,
    )
    directed_to = models.ManyToManyField(
        Organization, related_name="directed_needs", verbose_name=_("chosen institutes"), blank=True
    )
    excluded = models.ManyToManyField(
        Organization, related_name="+", verbose_name=_("excluded organizations"), blank=True
    )
    state = models.CharField(
        _("state"), max_length=10, choices=NeedState.choices, default=NeedState.DRAFT, db_index=True
    )
    readiness = models.PositiveSmallIntegerField(_("readiness"), default=0)
    pending_changes = models.JSONField(null=True, blank=True)
    return_reason = models.CharField(_("reason of the return"), max_length=1000, blank=True)
    field_notes = models.JSONField(default=dict, blank=True)
    outcome = models.CharField(_("outcome"), max_length=16, choices=NeedOutcome.choices, blank=True)
    outcome_note = models.CharField(_("why"), max_length=500, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True, db_index=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, db_index=True)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    source_id = models.CharField(_("source id"), max_length=80, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("technology need")
        verbose_name_plural = _("technology needs")
        constraints = [
            models.CheckConstraint(
                condition=Q(budget_min__isnull=True)
                | Q(budget_max__isnull=True)
                | Q(budget_min__lte=F("budget_max")),
                name="need_budget_range",
            ),
            models.UniqueConstraint(
                fields=["organization", "source_id"],
                condition=~Q(source_id=""),
                name="need_source_once",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def label(self) -> str:
        return in_language(self.title, self.title_en)

    @property
    def keyword_list(self) -> list[str]:
        return split_keywords(self.keywords)

    @property
    def shows_organization(self) -> bool:
        return self.confidentiality != Confidentiality.ANONYMOUS

    def get_absolute_url(self):
        from django.urls import reverse

        return reverse("matchmaking:need", args=[self.code])


class NeedTarget(models.Model):
    """One quantified target of a need (指标要求)."""

    need = models.ForeignKey(Need, models.CASCADE, related_name="targets")
    metric = models.CharField(_("metric"), max_length=80)
    operator = models.CharField(
        _("relation"), max_length=5, choices=Operator.choices, default=Operator.GE
    )
    value = models.CharField(_("value"), max_length=60)
    unit = models.CharField(_("unit"), max_length=30, blank=True)
    sort_order = models.PositiveSmallIntegerField(default=0)

    def __str__(self):
        return f"{self.metric} {self.wanted}"

    @property
    def wanted(self) -> str:
        return f"{self.get_operator_display()} {self.value} {self.unit}".strip()


class NeedProposal(models.Model):
    """A broker's rewrite of a need, decided change by change by the company (改写建议)."""

    need = models.ForeignKey(Need, models.CASCADE, related_name="proposals")
    broker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    content = models.JSONField()
    note = models.CharField(_("note to the company"), max_length=1000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    accepted_fields = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["need"], condition=Q(decided_at__isnull=True), name="one_open_proposal"
            )
        ]

    def __str__(self):
        return f"{self.need_id} {self.created_at:%Y-%m-%d}"


class Match(models.Model):
    """A candidate for a need with its reasons, as one method version ranked it (匹配).

    ``contributions`` splits the score by part (title, text, …), ``terms`` holds the shared terms
    with their shares, ``coverage`` is the share of the need's weighted terms that the candidate
    covers, ``failed_gates`` the conditions that it fails. ``listing``, ``verdict`` and ``mark``
    are there on matches that ``queries.py`` made for a reader.
    """

    need = models.ForeignKey(Need, models.CASCADE, related_name="matches")
    page = models.ForeignKey(Page, models.CASCADE, related_name="matches")
    candidate_kind = models.CharField(max_length=12, choices=CandidateKind.choices)
    direction = models.CharField(
        max_length=16, choices=Direction.choices, default=Direction.NEED_TO_LISTING
    )
    rank = models.PositiveSmallIntegerField()
    base_rank = models.PositiveSmallIntegerField(default=0)
    score = models.FloatField()
    coverage = models.FloatField(default=0)
    grade = models.CharField(max_length=8, choices=Grade.choices)
    contributions = models.JSONField(default=dict)
    terms = models.JSONField(default=list)
    failed_gates = models.JSONField(default=list)
    method_version = models.CharField(max_length=20)
    computed_at = models.DateTimeField()

    listing: ListingPage
    verdict: "Verdict | None"
    mark: "MatchMark | None"
    words: list[str]

    class Meta:
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        constraints = [
            models.UniqueConstraint(fields=["need", "page", "direction"], name="match_once")
        ]
        indexes = [
            models.Index(fields=["need", "direction", "rank"]),
            models.Index(fields=["page", "direction", "rank"]),
        ]

    def __str__(self):
        return f"{self.need_id} → {self.page_id} #{self.rank}"

    @property
    def coverage_percent(self) -> int:
        return round(100 * self.coverage)

    @property
    def shared_terms(self) -> list[str]:
        return [term for term, _share in self.terms if len(term) > 1]

    @property
    def failed_gate_labels(self) -> list[str]:
        return [str(Gate(value).label) for value in self.failed_gates]


class VerdictQuerySet(models.QuerySet["Verdict"]):
    def counted(self):
        """Those of the need's side: an institute's praise of its own listing moves nothing."""
        return self.exclude(side=Side.INSTITUTE)


class Verdict(models.Model):
    """A person's judgement on a match; feedback and published precision rest on it (评价)."""

    need = models.ForeignKey(Need, models.CASCADE, related_name="verdicts")
    page = models.ForeignKey(Page, models.CASCADE, related_name="verdicts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    side = models.CharField(max_length=10, choices=Side.choices, default=Side.COMPANY)
    level = models.PositiveSmallIntegerField(_("level"), choices=VerdictLevel.choices)
    reason = models.CharField(_("reason"), max_length=16, choices=VerdictReason.choices, blank=True)
    comment = models.CharField(_("comment"), max_length=300, blank=True)
    shown_rank = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = VerdictQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["need", "page", "user"], name="verdict_once_per_person")
        ]

    def __str__(self):
        return f"{self.need_id} {self.page_id} {self.level}"


class Impression(models.Model):
    """A match as the company's side first saw it: what precision is measured against (展示记录)."""

    need = models.ForeignKey(Need, models.CASCADE, related_name="impressions")
    page = models.ForeignKey(Page, models.CASCADE, related_name="impressions")
    shown_rank = models.PositiveSmallIntegerField(_("rank"))
    grade = models.CharField(_("grade"), max_length=8, choices=Grade.choices)
    shown_at = models.DateTimeField(_("shown at"), default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["need", "page"], name="impression_once")]

    def __str__(self):
        return f"{self.need_id} {self.page_id} #{self.shown_rank}"


class MatchMark(models.Model):
    """What an organization made of a match in its own list: kept, hidden, noted (收藏与备注)."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="match_marks")
    need = models.ForeignKey(Need, models.CASCADE, related_name="marks")
    page = models.ForeignKey(Page, models.CASCADE, related_name="match_marks")
    shortlisted_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(_("note"), max_length=1000, blank=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "need", "page"], name="mark_once")
        ]

    def __str__(self):
        return f"{self.organization_id} {self.need_id} {self.page_id}"
