from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.accounts.rules import can_oversee
from portal.taxonomy.models import in_language

from ..enums import IndicatorKind, Method, MissingRule, ObjectType, SchemeState, Weighting


class SchemeQuerySet(models.QuerySet["Scheme"]):
    def for_user(self, user):
        """Schemes in force and former ones are public, drafts the commission's."""
        return self if can_oversee(user) else self.exclude(state=SchemeState.DRAFT)


class Scheme(models.Model):
    """One version of an evaluation scheme (评估方案).

    Versions share a ``code``. A published version never changes: it is superseded by its
    successor; database triggers refuse what services would not do. ``comparisons`` are the
    values above the diagonal of the AHP matrix over the groups, row by row.
    """

    code = models.SlugField(_("code"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    title = models.CharField(_("title"), max_length=120)
    title_en = models.CharField(_("English title"), max_length=240, blank=True)
    purpose = models.TextField(_("purpose of the scheme"), max_length=1000)
    purpose_en = models.TextField(_("purpose in English"), max_length=2000, blank=True)
    source = models.CharField(_("basis"), max_length=200, blank=True)
    object_type = models.CharField(_("object"), max_length=12, choices=ObjectType.choices)
    weighting = models.CharField(
        _("weights"), max_length=8, choices=Weighting.choices, default=Weighting.SET
    )
    method = models.CharField(
        _("method"), max_length=8, choices=Method.choices, default=Method.POINTS
    )
    spread_limit = models.PositiveSmallIntegerField(
        _("spread to be moderated (% of the scale)"),
        default=30,
        help_text=_("Where experts lie further apart, the commission moderates with a reason."),
    )
    comparisons = models.JSONField(default=list, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=SchemeState.choices, default=SchemeState.DRAFT
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    objects = SchemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("evaluation scheme")
        verbose_name_plural = _("evaluation schemes")
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="scheme_version_once"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(state="PUBLISHED"), name="scheme_one_in_force"
            ),
            models.UniqueConstraint(
                fields=["code"], condition=Q(state="DRAFT"), name="scheme_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(spread_limit__range=(1, 100)), name="scheme_spread_limit"
            ),
        ]

    def __str__(self):
        return f"{self.title} v{self.version}"

    @property
    def label(self) -> str:
        return in_language(self.title, self.title_en)

    @property
    def localized_purpose(self) -> str:
        return in_language(self.purpose, self.purpose_en)

    def get_absolute_url(self):
        from django.urls import reverse

        return reverse("evaluation:scheme", args=[self.pk])

    @cached_property
    def groups(self) -> list["Indicator"]:
        """The level-1 indicators in order, each with ``leaves`` below it; one query."""
        rows = list(self.indicators.order_by("sort_order", "pk"))
        groups = [row for row in rows if row.parent_id is None]
        for group in groups:
            group.leaves = [row for row in rows if row.parent_id == group.pk]
        return groups

    @property
    def leaves(self) -> list["Indicator"]:
        return [leaf for group in self.groups for leaf in group.leaves]

    @property
    def scored_leaves(self) -> list["Indicator"]:
        return [leaf for leaf in self.leaves if leaf.kind == IndicatorKind.SCORE]


class Indicator(models.Model):
    """A group of indicators (一级指标), or one that gets a value (二级指标).

    ``weight`` is points of 100 and stands on the second level alone; ``query`` names a query of
    ``indicators.py``. Without ends of a scale the objects of a round are measured against each
    other.
    """

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="indicators")
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="children"
    )
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    guidance = models.CharField(_("what counts"), max_length=300, blank=True)
    kind = models.CharField(_("kind"), max_length=8, choices=IndicatorKind.choices, blank=True)
    query = models.CharField(_("number of the ledger"), max_length=40, blank=True)
    is_cost = models.BooleanField(_("the lower the better"), default=False)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    low = models.FloatField(_("lowest value of the scale"), null=True, blank=True)
    high = models.FloatField(_("highest value of the scale"), null=True, blank=True)
    weight = models.DecimalField(_("weight (points)"), max_digits=7, decimal_places=4, default=0)
    missing = models.CharField(
        _("if missing"), max_length=8, choices=MissingRule.choices, default=MissingRule.EXCLUDE
    )
    sort_order = models.PositiveSmallIntegerField(default=0)

    leaves: list["Indicator"]

    class Meta:
        verbose_name = _("evaluation indicator")
        verbose_name_plural = _("evaluation indicators")
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True, kind="") | (Q(parent__isnull=False) & ~Q(kind="")),
                name="indicator_levels",
            ),
            models.CheckConstraint(condition=Q(weight__gte=0), name="indicator_weight"),
            models.CheckConstraint(
                condition=Q(low__isnull=True, high__isnull=True) | Q(low__lt=models.F("high")),
                name="indicator_scale",
            ),
            models.CheckConstraint(
                condition=~Q(kind="SCORE") | Q(low__isnull=False), name="indicator_score_scale"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def label(self) -> str:
        return in_language(self.name, self.name_en)

    @property
    def total(self):
        """The weight of a group: what its leaves weigh together."""
        return sum(leaf.weight for leaf in self.leaves)

    @property
    def has_scale(self) -> bool:
        return self.low is not None and self.high is not None
