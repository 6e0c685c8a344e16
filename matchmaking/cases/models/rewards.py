from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .cases import ConversionCase


class ShareGroup(models.TextChoices):
    """Who shares in the reward (奖励对象)."""

    MAIN = "MAIN", _("Main contributors")
    STAFF = "STAFF", _("Transfer staff and managers")
    OTHER = "OTHER", _("Other contributors")


class Reward(models.Model):
    """The distribution of a conversion's income (收益分配).

    Amounts are yuan with two decimals. ``rule`` holds the figures of the rule that it was
    measured against, so that a later change of the law does not touch it.
    """

    case = models.ForeignKey(ConversionCase, models.PROTECT, related_name="rewards")
    sequence = models.PositiveIntegerField()
    income = models.DecimalField(_("income"), max_digits=15, decimal_places=2)
    costs = models.DecimalField(_("costs of the transaction"), max_digits=15, decimal_places=2)
    taxes = models.DecimalField(_("taxes"), max_digits=15, decimal_places=2)
    net = models.DecimalField(_("net income"), max_digits=15, decimal_places=2)
    pool = models.DecimalField(_("reward pool"), max_digits=15, decimal_places=2)
    rule = models.JSONField(default=dict)
    below_floor_reason = models.CharField(_("why less than the floor"), max_length=500, blank=True)
    fixed_on = models.DateField(_("decided on"))
    public_from = models.DateField(_("public from"), null=True, blank=True)
    public_until = models.DateField(_("public until"), null=True, blank=True)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)

    def __str__(self):
        return f"{self.case_id} {self.pool}"


class RewardShare(models.Model):
    reward = models.ForeignKey(Reward, models.CASCADE, related_name="shares")
    group = models.CharField(_("group"), max_length=5, choices=ShareGroup.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    name = models.CharField(_("name"), max_length=60)
    weight = models.DecimalField(_("weight"), max_digits=7, decimal_places=2)
    amount = models.DecimalField(_("amount"), max_digits=15, decimal_places=2)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="share_is_not_negative")
        ]

    def __str__(self):
        return f"{self.name} {self.amount}"


class FollowUp(models.Model):
    """A question to the taker, some months after signing, what became of it (跟踪回访).

    Sent as a signed link that needs no sign-in. ``closed_at`` without answers is a value of its
    own: not answered.
    """

    case = models.ForeignKey(ConversionCase, models.PROTECT, related_name="follow_ups")
    months = models.PositiveSmallIntegerField(_("months after signing"))
    due_on = models.DateField(_("due on"), db_index=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    in_use = models.BooleanField(_("in use"), null=True, blank=True)
    sales = models.DecimalField(
        _("new sales (yuan)"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    tax = models.DecimalField(
        _("new tax (yuan)"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    jobs = models.PositiveIntegerField(_("new jobs"), null=True, blank=True)
    note = models.CharField(_("remark"), max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "months"], name="follow_up_once")]

    def __str__(self):
        return f"{self.case_id} +{self.months}"
