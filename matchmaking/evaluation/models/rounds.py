from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organization, private_storage
from portal.accounts.rules import can_oversee
from portal.media.models import random_name
from portal.taxonomy.models import in_language

from ..enums import (
    OUT_OF_THE_ROUND,
    PUBLIC_STATES,
    Answer,
    Grade,
    RoundState,
    SubjectState,
)
from .schemes import Indicator, Scheme


def private_path(instance, filename):
    return random_name("evaluation", filename)


class RoundQuerySet(models.QuerySet["Round"]):
    def public(self):
        return self.filter(state__in=PUBLIC_STATES)

    def for_user(self, user):
        """Every round for those who run or watch them; for all others the published ones."""
        return self if can_oversee(user) else self.public()


class Round(models.Model):
    """One run of a scheme over its objects, from the call to the archive (评估轮次).

    ``year`` is the year whose numbers count. ``seed`` is published with the draw of experts.
    """

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="rounds")
    title = models.CharField(_("title"), max_length=120)
    title_en = models.CharField(_("English title"), max_length=240, blank=True)
    year = models.PositiveSmallIntegerField(_("year of the numbers"))
    notice = models.TextField(_("notice to the units"), max_length=2000, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=RoundState.choices, default=RoundState.CALL
    )
    experts_per_subject = models.PositiveSmallIntegerField(_("experts for each object"), default=3)
    report_until = models.DateField(_("self-report until"))
    score_until = models.DateField(_("scoring until"))
    answer_until = models.DateField(_("confirmation until"))
    publicity_until = models.DateField(_("publicity until"), null=True, blank=True)
    seed = models.CharField(_("seed"), max_length=80, blank=True)
    decision = models.TextField(_("decision"), max_length=2000, blank=True)
    cancel_reason = models.CharField(_("why it was called off"), max_length=500, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("evaluation round")
        verbose_name_plural = _("evaluation rounds")
        constraints = [
            models.CheckConstraint(
                condition=Q(experts_per_subject__range=(1, 15)), name="round_experts"
            ),
            models.CheckConstraint(
                condition=Q(report_until__lte=models.F("score_until"))
                & Q(score_until__lte=models.F("answer_until")),
                name="round_dates",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def label(self) -> str:
        return in_language(self.title, self.title_en)

    @property
    def is_public(self) -> bool:
        return self.state in PUBLIC_STATES

    def get_absolute_url(self):
        from django.urls import reverse

        return reverse("evaluation:round", args=[self.pk])


class SubjectQuerySet(models.QuerySet["Subject"]):
    def taking_part(self):
        return self.exclude(state__in=OUT_OF_THE_ROUND)

    def for_user(self, user):
        """Those of the own organizations; all for those who run or watch rounds."""
        if can_oversee(user):
            return self
        if not user.is_authenticated:
            return self.none()
        return self.filter(organization__in=user.organization_ids)


class Subject(models.Model):
    """One object under evaluation in a round, with its self-report and its result (被评对象).

    ``object_id`` is an id of what the scheme's type of object names; ``score``, ``rank`` and
    ``grade`` are there from the announcement on.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="subjects")
    number = models.PositiveIntegerField(_("serial number"))
    object_id = models.BigIntegerField()
    label_zh = models.CharField(_("object"), max_length=255)
    label_en = models.CharField(max_length=255, blank=True)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="evaluated_subjects", verbose_name=_("unit")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=SubjectState.choices, default=SubjectState.OPEN
    )
    remark = models.CharField(_("remark of the check"), max_length=500, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    score = models.FloatField(_("score"), null=True, blank=True)
    rank = models.PositiveIntegerField(_("rank"), null=True, blank=True)
    grade = models.CharField(
        _("grade of the result"), max_length=10, choices=Grade.choices, blank=True
    )
    override_reason = models.CharField(_("why the grade differs"), max_length=500, blank=True)
    answer = models.CharField(
        _("answer of the unit"), max_length=10, choices=Answer.choices, default=Answer.PENDING
    )
    objection = models.TextField(_("objection"), max_length=2000, blank=True)
    reply = models.TextField(_("reply to the objection"), max_length=2000, blank=True)

    objects = SubjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("object under evaluation")
        verbose_name_plural = _("objects under evaluation")
        constraints = [
            models.UniqueConstraint(fields=["round", "object_id"], name="subject_once_per_round"),
            models.UniqueConstraint(fields=["round", "number"], name="subject_number_once"),
        ]

    def __str__(self):
        return self.label

    @property
    def label(self) -> str:
        return in_language(self.label_zh, self.label_en)

    def get_absolute_url(self):
        from django.urls import reverse

        return reverse("evaluation:subject", args=[self.pk])


class ReportedValue(models.Model):
    """What an object has in one indicator: a number of the ledger or a reported one (指标值).

    ``value`` counts. Where the commission corrected it, ``original`` keeps what stood there and
    ``reason`` says why. ``base`` is the denominator of a share.
    """

    subject = models.ForeignKey(Subject, models.CASCADE, related_name="values")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+")
    value = models.FloatField(_("value"), null=True, blank=True)
    base = models.PositiveIntegerField(null=True, blank=True)
    statement = models.TextField(_("statement"), max_length=2000, blank=True)
    original = models.FloatField(null=True, blank=True)
    reason = models.CharField(_("why it was corrected"), max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "indicator"], name="value_once")]

    def __str__(self):
        return f"{self.subject_id} {self.indicator_id}"

    @property
    def is_corrected(self) -> bool:
        return bool(self.reason)


class Evidence(models.Model):
    """A file that proves what a unit reports (佐证材料); ``digest`` is its SHA-256."""

    subject = models.ForeignKey(Subject, models.CASCADE, related_name="evidence")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+")
    name = models.CharField(_("file name"), max_length=120)
    file = models.FileField(_("file"), upload_to=private_path, storage=private_storage)
    digest = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return self.name


class Archive(models.Model):
    """The sealed bundle of a finished round; its digest stands in the audit log (归档包)."""

    round = models.OneToOneField(Round, models.PROTECT, related_name="archive")
    file = models.FileField(upload_to=private_path, storage=private_storage)
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return self.digest
