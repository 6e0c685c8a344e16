import secrets

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.fairs.models import Fair, MeetingTable, Slot
from events.meetings.models import Meeting, MeetingRequest
from events.registration.models import Registration
from portal.jobs.models import Job

from .enums import LateKind, Method, Stage, VersionState

FEED_SALT = "timetable.feed"
WHO = settings.AUTH_USER_MODEL


class ScheduleVersion(models.Model):
    """A version of a fair's schedule (排期版本): a draft of the organizer until it is published.

    ``weight_bound`` and ``bound`` are what no schedule can pass: the most weight, the fewest
    breaks. ``beat_at`` is the last sign of life of the process that solves. ``numbering`` says
    for which rows the numbers in the solver's file stand. ``quality`` is there on
    rows that a list made.
    """

    fair = models.ForeignKey(Fair, models.CASCADE, related_name="schedule_versions")
    number = models.PositiveSmallIntegerField(_("version"))
    base = models.ForeignKey("self", models.SET_NULL, null=True, related_name="followers")
    state = models.CharField(_("state"), max_length=10, choices=VersionState.choices)
    params = models.JSONField(default=dict)
    method = models.CharField(_("method"), max_length=14, choices=Method.choices, blank=True)
    status = models.CharField(max_length=10, blank=True)
    stage = models.CharField(max_length=7, choices=Stage.choices, blank=True)
    weight = models.PositiveIntegerField(null=True)
    weight_bound = models.PositiveIntegerField(null=True)
    breaks = models.PositiveIntegerField(null=True)
    bound = models.PositiveIntegerField(null=True)
    seconds = models.FloatField(default=0)
    metrics = models.JSONField(default=dict)
    numbering = models.JSONField(default=dict)
    comment = models.CharField(_("comment"), max_length=300, blank=True)
    was_interrupted = models.BooleanField(default=False)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    beat_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(WHO, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True)

    quality: object

    class Meta:
        verbose_name = _("schedule version")
        constraints = [
            models.UniqueConstraint(fields=["fair", "number"], name="version_number_in_fair"),
            models.UniqueConstraint(
                fields=["fair"], condition=Q(state=VersionState.SOLVING), name="one_solve_per_fair"
            ),
            models.UniqueConstraint(
                fields=["fair"],
                condition=Q(state=VersionState.PUBLISHED),
                name="one_published_version",
            ),
        ]

    def __str__(self):
        return f"v{self.number}"

    @property
    def is_solving(self) -> bool:
        return self.state == VersionState.SOLVING

    @property
    def is_draft(self) -> bool:
        return self.state == VersionState.DRAFT

    @property
    def is_proved(self) -> bool:
        return self.status == "OPTIMAL" and self.method != Method.MANUAL


class PlannedMeeting(models.Model):
    """A meeting as a version plans it (计划洽谈); a locked one stays when it is solved again."""

    version = models.ForeignKey(ScheduleVersion, models.CASCADE, related_name="planned")
    request = models.ForeignKey(MeetingRequest, models.CASCADE, related_name="planned")
    slot = models.ForeignKey(Slot, models.CASCADE, related_name="planned")
    table = models.ForeignKey(MeetingTable, models.CASCADE, related_name="planned")
    is_locked = models.BooleanField(_("locked"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "request"], name="request_once_in_version"),
        ]
        indexes = [models.Index(fields=["version", "slot", "table"])]

    def __str__(self):
        return f"{self.version_id} {self.request_id}"


class LateChange(models.Model):
    """Something that stands in the way of the plan (临时变动): somebody ill, late, a table lost.

    Slots from ``first`` to ``last`` cannot be used; None is from the beginning, or to the end.
    """

    fair = models.ForeignKey(Fair, models.CASCADE, related_name="late_changes")
    kind = models.CharField(_("kind"), max_length=10, choices=LateKind.choices)
    registration = models.ForeignKey(
        Registration, models.CASCADE, null=True, related_name="late_changes"
    )
    table = models.ForeignKey(MeetingTable, models.CASCADE, null=True, related_name="late_changes")
    first = models.ForeignKey(Slot, models.CASCADE, null=True, related_name="+")
    last = models.ForeignKey(Slot, models.CASCADE, null=True, related_name="+")
    note = models.CharField(_("note"), max_length=200, blank=True)
    reported_by = models.ForeignKey(WHO, models.SET_NULL, null=True, related_name="+")
    reported_at = models.DateTimeField(default=timezone.now)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(registration__isnull=False) ^ Q(table__isnull=False),
                name="late_change_is_about_one_thing",
            )
        ]

    def __str__(self):
        return f"{self.fair_id} {self.kind}"

    @property
    def subject(self) -> str:
        """The person, or the table."""
        if self.registration is not None:
            return self.registration.full_label
        return self.table.code if self.table else ""

    def covers(self, slot: Slot) -> bool:
        return (self.first is None or slot.starts_at >= self.first.starts_at) and (
            self.last is None or slot.starts_at <= self.last.starts_at
        )

    def concerns(self, meeting: Meeting) -> bool:
        """Whether a meeting stands where it cannot any more."""
        if meeting.slot is None or not self.covers(meeting.slot):
            return False
        if self.table_id is not None:
            return meeting.table_id == self.table_id
        return any(seat.registration_id == self.registration_id for seat in meeting.seats.all())


class Publication(models.Model):
    """One act of publishing (排期发布), or of taking one back.

    ``before`` is what people had been told: request → slot and table. An undone publication has
    been followed by one that put ``before`` back.
    """

    fair = models.ForeignKey(Fair, models.CASCADE, related_name="publications")
    version = models.ForeignKey(ScheduleVersion, models.CASCADE, related_name="publications")
    previous = models.ForeignKey(ScheduleVersion, models.SET_NULL, null=True, related_name="+")
    before = models.JSONField(default=dict)
    is_undo = models.BooleanField(default=False)
    undone_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(WHO, models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return f"{self.version_id} {self.published_at:%Y-%m-%d %H:%M}"


class Notice(models.Model):
    """What one person is told of a publication (日程变更告知), and when that was done.

    ``before`` and ``after`` are the person's meetings: request → slot and table.
    """

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="notices")
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="notices")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    told_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "registration"], name="one_notice_per_publication"
            )
        ]

    def __str__(self):
        return f"{self.publication_id} {self.registration_id}"


class MeetingNote(models.Model):
    """What somebody noted for a meeting (洽谈笔记); nobody else reads it."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="notes")
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="meeting_notes")
    text = models.TextField(_("note"), max_length=2000)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "registration"], name="own_note_per_meeting")
        ]

    def __str__(self):
        return f"{self.meeting_id} {self.registration_id}"


def make_nonce() -> str:
    return secrets.token_urlsafe(18)


class DayFeed(models.Model):
    """A person's day at a fair as a calendar behind an unguessable address (日程订阅).

    The address is this row's nonce signed with the portal's key, so that whoever reads the
    database cannot make one; deleting the row revokes it.
    """

    registration = models.OneToOneField(
        Registration, models.CASCADE, related_name="day_feed", verbose_name=_("registration")
    )
    nonce = models.CharField(max_length=40, unique=True, default=make_nonce)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return f"{self.registration_id}"

    @property
    def token(self) -> str:
        return signing.Signer(salt=FEED_SALT).sign(self.nonce)

    @property
    def cache_key(self) -> str:
        return f"timetable-feed:{self.pk}"
