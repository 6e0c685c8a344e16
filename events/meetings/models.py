from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.fairs.models import Fair, MeetingTable, Slot
from events.registration.models import Entry, Registration

from .enums import (
    ACTIVE_STATES,
    AGREED_STATES,
    OPEN_STATES,
    DeclineReason,
    MeetingSource,
    MeetingState,
    Priority,
    RequestState,
)


class MeetingRequestQuerySet(models.QuerySet["MeetingRequest"]):
    def open(self):
        return self.filter(state__in=OPEN_STATES)

    def agreed(self):
        return self.filter(state__in=AGREED_STATES)

    def mutual(self):
        """Agreed, and the asked one has said how much they want it too."""
        return self.agreed().exclude(answer_priority="")

    def of(self, registration):
        return self.filter(Q(from_registration=registration) | Q(to_registration=registration))

    def with_people(self):
        return self.select_related(
            "fair__page",
            "from_registration__person",
            "from_registration__organization",
            "to_registration__person",
            "to_registration__organization",
            "about__page",
            "about__need",
        )


class MeetingRequest(models.Model):
    """One asks another for a meeting (约谈请求).

    ``priority`` is what the asking side wishes, ``answer_priority`` what the asked one does: it
    is there on mutual requests only, and then each side is shown the other's. Before
    ``expires_at`` an answer is due. ``other`` is there on rows that a list made for one of the
    two.
    """

    fair = models.ForeignKey(Fair, models.CASCADE, related_name="meeting_requests")
    from_registration = models.ForeignKey(
        Registration, models.CASCADE, related_name="requests_out", verbose_name=_("who asks")
    )
    to_registration = models.ForeignKey(
        Registration, models.CASCADE, related_name="requests_in", verbose_name=_("who is asked")
    )
    priority = models.CharField(
        _("wish"), max_length=4, choices=Priority.choices, default=Priority.WANT
    )
    answer_priority = models.CharField(max_length=4, choices=Priority.choices, blank=True)
    message = models.CharField(_("a few words"), max_length=300, blank=True)
    about = models.ForeignKey(
        Entry, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("about")
    )
    state = models.CharField(
        _("state"),
        max_length=13,
        choices=RequestState.choices,
        default=RequestState.SENT,
        db_index=True,
    )
    created_at = models.DateTimeField(_("sent at"), default=timezone.now)
    expires_at = models.DateTimeField(_("answer due"), db_index=True)
    decided_at = models.DateTimeField(_("answered at"), null=True)
    decline_reason = models.CharField(
        _("reason"), max_length=12, choices=DeclineReason.choices, blank=True
    )
    decline_note = models.CharField(_("in your words"), max_length=200, blank=True)

    other: Registration
    may_answer: bool

    objects = MeetingRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting request")
        verbose_name_plural = _("meeting requests")
        constraints = [
            models.UniqueConstraint(
                Least("from_registration", "to_registration"),
                Greatest("from_registration", "to_registration"),
                condition=Q(state__in=sorted(OPEN_STATES)),
                name="one_open_request_per_pair",
            ),
            models.CheckConstraint(
                condition=~Q(from_registration=F("to_registration")), name="nobody_asks_oneself"
            ),
        ]
        indexes = [
            models.Index(fields=["to_registration", "state"]),
            models.Index(fields=["from_registration", "state"]),
            models.Index(fields=["fair", "state"]),
        ]

    def __str__(self):
        return f"{self.fair_id} {self.from_registration_id}–{self.to_registration_id}"

    def get_absolute_url(self):
        from django.urls import reverse

        return reverse("meetings:request", args=[self.pk])

    @property
    def is_agreed(self) -> bool:
        return self.state in AGREED_STATES

    @property
    def is_mutual(self) -> bool:
        return self.is_agreed and bool(self.answer_priority)


class NoMeet(models.Model):
    """Somebody does not want to meet another (不愿约谈): absolute, and never shown to the other."""

    fair = models.ForeignKey(Fair, models.CASCADE, related_name="no_meets")
    from_registration = models.ForeignKey(Registration, models.CASCADE, related_name="no_meets_out")
    to_registration = models.ForeignKey(Registration, models.CASCADE, related_name="no_meets_in")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["from_registration", "to_registration"], name="no_meet_once"
            ),
            models.CheckConstraint(
                condition=~Q(from_registration=F("to_registration")), name="no_meet_of_another"
            ),
        ]

    def __str__(self):
        return f"{self.fair_id} {self.from_registration_id}"


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def active(self):
        return self.filter(state__in=ACTIVE_STATES)

    def of(self, registration):
        return self.filter(seats__registration=registration)

    def with_place(self):
        return self.select_related("slot__session", "table", "fair__page")


class Meeting(models.Model):
    """A meeting that its people have been told of (洽谈).

    Where people pick it is what was booked; where the organizer schedules it is what was
    published. ``sequence`` grows with each change of time or place: RFC 5545 calls it so, and the
    calendars of the people go by it. ``starts_at`` is the time that they were told; the slot may
    have been moved since. Its people are its seats; they stay after a cancellation.
    """

    fair = models.ForeignKey(Fair, models.CASCADE, related_name="meetings")
    request = models.ForeignKey(
        MeetingRequest, models.SET_NULL, null=True, blank=True, related_name="meetings"
    )
    slot = models.ForeignKey(
        Slot, models.SET_NULL, null=True, related_name="meetings", verbose_name=_("time")
    )
    table = models.ForeignKey(
        MeetingTable, models.SET_NULL, null=True, related_name="meetings", verbose_name=_("table")
    )
    starts_at = models.DateTimeField(_("begins"), null=True)
    online_url = models.URLField(_("address of the room"), blank=True)
    state = models.CharField(
        _("state"),
        max_length=9,
        choices=MeetingState.choices,
        default=MeetingState.ARRANGED,
        db_index=True,
    )
    source = models.CharField(
        _("how it came about"),
        max_length=9,
        choices=MeetingSource.choices,
        default=MeetingSource.REQUEST,
    )
    sequence = models.PositiveIntegerField(default=0)
    arranged_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    cancel_reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            models.UniqueConstraint(
                fields=["table", "slot"],
                condition=Q(state__in=sorted(ACTIVE_STATES)),
                name="one_meeting_per_table_and_slot",
            ),
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(state__in=sorted(ACTIVE_STATES)),
                name="one_active_meeting_per_request",
            ),
        ]
        indexes = [models.Index(fields=["fair", "state", "slot"])]

    def __str__(self):
        return f"{self.fair_id}-{self.pk}"

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE_STATES


class Seat(models.Model):
    """A person's place in a meeting (洽谈席位).

    ``slot`` repeats the meeting's and ``is_held`` says that it is not cancelled, so that the
    database itself refuses a second meeting of a person in a slot.
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="seats")
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="seats")
    slot = models.ForeignKey(Slot, models.SET_NULL, null=True, related_name="seats")
    is_held = models.BooleanField(default=True)
    is_absent = models.BooleanField(_("did not come"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "slot"],
                condition=Q(is_held=True),
                name="one_meeting_per_person_and_slot",
            ),
            models.UniqueConstraint(fields=["meeting", "registration"], name="seat_once"),
        ]
        indexes = [models.Index(fields=["registration", "is_held"])]

    def __str__(self):
        return f"{self.meeting_id} {self.registration_id}"
