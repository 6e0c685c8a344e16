import secrets

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organization
from portal.accounts.rules import can_oversee

from .enums import ReportState

FEED_SALT = "oversight.calendar"


def make_nonce() -> str:
    return secrets.token_urlsafe(18)


class CalendarFeed(models.Model):
    """A person's calendar of duties behind an unguessable address (日历订阅).

    The address is this row's nonce signed with the portal's key, so that whoever reads the
    database cannot make one; deleting the row revokes it.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed"
    )
    nonce = models.CharField(max_length=40, unique=True, default=make_nonce)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return f"{self.user_id}"

    @property
    def token(self) -> str:
        return signing.Signer(salt=FEED_SALT).sign(self.nonce)


class ReportQuerySet(models.QuerySet["AnnualReport"]):
    def for_user(self, user):
        """Reports of one's own institutes; all of them as the commission."""
        if not user.is_authenticated:
            return self.none()
        if can_oversee(user):
            return self
        return self.filter(organization__in=user.office_organization_ids)


class AnnualReport(models.Model):
    """An institute's report on its conversions in a year (科技成果转化年度报告).

    Zhejiang regulation on promoting the transformation of achievements, art. 28: due 30 March.
    """

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="annual_reports", verbose_name=_("institute")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    state = models.CharField(
        _("state"), max_length=10, choices=ReportState.choices, default=ReportState.DRAFT
    )
    remarks = models.TextField(_("work, problems, plans"), max_length=5000, blank=True)
    return_reason = models.CharField(_("why it was returned"), max_length=500, blank=True)
    computed_at = models.DateTimeField(_("figures of"))
    signed_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    signed_off_at = models.DateTimeField(_("signed off at"), null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    accepted_at = models.DateTimeField(_("taken in at"), null=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("annual report")
        verbose_name_plural = _("annual reports")
        constraints = [
            models.UniqueConstraint(fields=["organization", "year"], name="report_once_a_year")
        ]

    def __str__(self):
        return f"{self.organization.label} {self.year}"

    @property
    def is_draft(self) -> bool:
        return self.state == ReportState.DRAFT


class ReportFigure(models.Model):
    """One figure of an annual report (年报指标): as computed, and as the institute states it.

    ``computed`` is None for what the ledger cannot know. A ``stated`` value that differs has a
    reason; the computed one stays beside it.
    """

    report = models.ForeignKey(AnnualReport, models.CASCADE, related_name="figures")
    key = models.CharField(max_length=40)
    computed = models.DecimalField(_("from the ledger"), max_digits=18, decimal_places=2, null=True)
    stated = models.DecimalField(
        _("stated value"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    reason = models.CharField(_("reason of the change"), max_length=500, blank=True)
    stated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    stated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "key"], name="figure_once_a_report"),
            models.CheckConstraint(
                condition=Q(stated__isnull=True) | ~Q(reason=""), name="change_has_a_reason"
            ),
        ]

    def __str__(self):
        return f"{self.report_id} {self.key}"

    @property
    def value(self):
        """What the report says."""
        return self.computed if self.stated is None else self.stated


class CounterSnapshot(models.Model):
    """The public counters as one night's recount left them (公开数据快照).

    ``figures`` holds sums over contracts and payments up to ``until`` only, amounts as texts of
    yuan: every number in it is of at least three sellers and three buyers.
    """

    day = models.DateField(unique=True)
    until = models.DateField(null=True)
    computed_at = models.DateTimeField()
    figures = models.JSONField()

    def __str__(self):
        return f"{self.day}"


class Recount(models.Model):
    """When the commission's figures were last counted, and from what (统计批次); one row.

    ``audit_event`` and ``case_event`` are the last lines of both logs that were in the count.
    """

    counted_at = models.DateTimeField(_("counted at"))
    seconds = models.FloatField()
    audit_event = models.BigIntegerField(default=0)
    case_event = models.BigIntegerField(default=0)
    usual_days = models.JSONField(default=dict)

    def __str__(self):
        return f"{self.counted_at:%Y-%m-%d %H:%M}"


class FigureCell(models.Model):
    """The records of one number that share year, industry, district and institute, summed up.

    ``part`` is their sum; of a median, the days that they all took. Null dimensions are not known.
    """

    kpi = models.CharField(max_length=24)
    year = models.PositiveSmallIntegerField(null=True)
    industry = models.CharField(max_length=24, null=True)
    district = models.CharField(max_length=24, null=True)
    institute = models.BigIntegerField(null=True)
    part = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    whole = models.DecimalField(max_digits=20, decimal_places=2, default=0)
    records = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["kpi", "year"])]

    def __str__(self):
        return f"{self.kpi} {self.year}"


class DutyCount(models.Model):
    """How many duties of a kind fall due on a day with one organization (待办统计)."""

    kind = models.CharField(max_length=16)
    due_on = models.DateField(db_index=True)
    party = models.BigIntegerField(null=True)
    number = models.PositiveIntegerField()

    def __str__(self):
        return f"{self.kind} {self.due_on}"


class SupervisionHit(models.Model):
    """A case, or an interest, that a rule of the supervision lists (监管提示), and since when."""

    rule = models.CharField(max_length=24)
    record = models.BigIntegerField()
    listed_on = models.DateField(_("listed since"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "record"], name="hit_once_a_rule")]

    def __str__(self):
        return f"{self.rule} {self.record}"
