from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organization

from ..enums import AssignmentState
from .rounds import Round, Subject
from .schemes import Indicator


class PoolMember(models.Model):
    """An expert who may be drawn in a round (专家库成员)."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="pool")
    expert = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="evaluation_pools"
    )
    interests = models.ManyToManyField(
        Organization, related_name="+", blank=True, verbose_name=_("declared ties")
    )
    interest_note = models.CharField(_("what the interest is"), max_length=300, blank=True)
    declared_at = models.DateTimeField(_("declared at"), null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "expert"], name="pool_once")]

    def __str__(self):
        return self.code

    @property
    def code(self) -> str:
        return expert_code(self.expert_id)


def expert_code(user_id: int) -> str:
    """How a draw names an expert in public."""
    return f"E{user_id:06d}"


class Draw(models.Model):
    """One draw of experts for one object, with all that it takes to repeat it (抽取记录)."""

    subject = models.ForeignKey(Subject, models.CASCADE, related_name="draws")
    seed = models.CharField(max_length=120)
    pool = models.JSONField()
    recusals = models.JSONField()
    count = models.PositiveSmallIntegerField()
    drawn = models.JSONField()
    drawn_at = models.DateTimeField(auto_now_add=True)
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "seed"], name="draw_seed_once")]

    def __str__(self):
        return self.seed


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def for_user(self, user):
        """An expert sees the own tasks and nobody else's."""
        return self.filter(expert=user) if user.is_authenticated else self.none()

    def submitted(self):
        return self.filter(state=AssignmentState.SUBMITTED)


class Assignment(models.Model):
    """One expert's task to score one object, blind to all others' (评审任务)."""

    subject = models.ForeignKey(Subject, models.CASCADE, related_name="assignments")
    expert = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="evaluation_assignments"
    )
    state = models.CharField(
        _("state"), max_length=10, choices=AssignmentState.choices, default=AssignmentState.OPEN
    )
    opinion = models.TextField(_("overall opinion"), max_length=1000, blank=True)
    decline_reason = models.CharField(_("why declined"), max_length=300, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "expert"], name="assignment_once")
        ]

    def __str__(self):
        return f"{self.subject_id} {self.expert_id}"


class Score(models.Model):
    """What one expert gives an object in one indicator (专家评分)."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="scores")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+")
    value = models.FloatField(_("score"), null=True, blank=True)
    comment = models.CharField(_("comment"), max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assignment", "indicator"], name="score_once")
        ]

    def __str__(self):
        return f"{self.assignment_id} {self.indicator_id}"


class Moderation(models.Model):
    """What the commission decided where experts lie far apart (分歧复核).

    ``value`` counts in the place of the mean; None: the mean stands, for the reason given.
    """

    subject = models.ForeignKey(Subject, models.CASCADE, related_name="moderations")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+")
    value = models.FloatField(_("moderated score"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "indicator"], name="moderation_once")
        ]

    def __str__(self):
        return f"{self.subject_id} {self.indicator_id}"
