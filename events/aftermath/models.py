from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.meetings.models import Meeting
from events.registration.models import Registration
from matchmaking.cases.models import ConversionCase
from matchmaking.interests.models import Interest

from .enums import OUTCOMES, FollowUpKind, FollowUpState, Outcome, Stage


def _fits_stage() -> Q:
    fits = Q()
    for stage, outcomes in OUTCOMES.items():
        fits |= Q(stage=stage.value, outcome__in=sorted(outcomes))
    return fits


class Feedback(models.Model):
    """What somebody says of a meeting (洽谈反馈), once in each stage; the last word counts.

    The other side never reads it. Who runs the fair reads the outcome, and the comment only where
    ``shares_comment`` says so.
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="feedback")
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="feedback")
    stage = models.PositiveSmallIntegerField(_("asked"), choices=Stage.choices)
    outcome = models.CharField(_("what came of it"), max_length=11, choices=Outcome.choices)
    rating = models.PositiveSmallIntegerField(_("marks, 1 to 5"), null=True, blank=True)
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    shares_comment = models.BooleanField(_("the organizer may read the comment"), default=False)
    given_at = models.DateTimeField(_("given at"), default=timezone.now)

    class Meta:
        verbose_name = _("feedback")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "registration", "stage"], name="one_feedback_per_stage"
            ),
            models.CheckConstraint(condition=_fits_stage(), name="outcome_fits_stage"),
            models.CheckConstraint(
                condition=Q(rating=None) | Q(rating__range=(1, 5)), name="rating_from_1_to_5"
            ),
        ]
        indexes = [models.Index(fields=["stage", "outcome"])]

    def __str__(self):
        return f"{self.meeting_id} {self.registration_id} {self.stage}: {self.outcome}"


class MeetingOutcome(models.Model):
    """An interest or a conversion case that began at a meeting (洽谈成果): one of both in a row.

    An interest or case begins once; a case that goes on from an interest needs no row of its own.
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="outcomes")
    interest = models.OneToOneField(
        Interest, models.CASCADE, null=True, related_name="meeting_outcome"
    )
    case = models.OneToOneField(
        ConversionCase, models.CASCADE, null=True, related_name="meeting_outcome"
    )
    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    linked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(interest__isnull=True, case__isnull=False)
                | Q(interest__isnull=False, case__isnull=True),
                name="outcome_is_interest_or_case",
            )
        ]

    def __str__(self):
        return f"{self.meeting_id} {self.interest_id or self.case_id}"


class FollowUp(models.Model):
    """What one side has to do after a meeting, until when (后续跟进); both sides see it."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="follow_ups")
    owner = models.ForeignKey(
        Registration, models.CASCADE, related_name="follow_ups", verbose_name=_("who does it")
    )
    kind = models.CharField(_("what"), max_length=8, choices=FollowUpKind.choices)
    due_on = models.DateField(_("due on"), db_index=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    state = models.CharField(
        _("state"),
        max_length=7,
        choices=FollowUpState.choices,
        default=FollowUpState.OPEN,
        db_index=True,
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("follow-up")

    def __str__(self):
        return f"{self.meeting_id} {self.kind} {self.due_on}"

    @property
    def is_open(self) -> bool:
        return self.state == FollowUpState.OPEN
