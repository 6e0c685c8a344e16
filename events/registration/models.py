import secrets

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from events.fairs.enums import ParticipantRole
from events.fairs.models import Fair, Slot
from matchmaking.models import Need
from portal.accounts.models import Consent, Organization, private_storage
from portal.taxonomy.models import Industry, in_language

from .enums import (
    ADMITTED_STATES,
    CONCERNED_STATES,
    AvailabilityState,
    BusyReason,
    EntryKind,
    QuestionKind,
    QuestionStage,
    RegistrationState,
    Source,
    WaitOutcome,
)

TICKET_BYTES = 16  # 128 bits: not to be guessed


def make_ticket() -> str:
    return secrets.token_hex(TICKET_BYTES)


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def admitted(self):
        return self.filter(state__in=ADMITTED_STATES)

    def concerned(self):
        return self.filter(state__in=CONCERNED_STATES)

    def holding(self):
        """Those who hold a place: admitted once, or offered one now."""
        return self.filter(Q(approved_at__isnull=False) | Q(state=RegistrationState.OFFERED))

    def sent(self):
        return self.exclude(state=RegistrationState.DRAFT)

    def with_consent(self, *purposes):
        """Those whose person agreed to one of these purposes for this fair, as of now."""
        given = Consent.objects.in_force().filter(
            user=OuterRef("person"), subject=OuterRef("fair__code"), text__purpose__in=purposes
        )
        return self.filter(Exists(given))

    def with_names(self):
        return self.select_related("person", "organization")


class Registration(models.Model):
    """A person's registration for a fair (报名).

    Guests of a list have no ``person`` until they sign in with their address. ``name`` is what the
    badge says; ``approved_at`` is there as long as the place is held; ``ticket`` is what the QR
    code carries, and nothing else. Whether the name is shown says the consent ledger alone.
    ``shows_name`` is there on rows that a list made for a reader.
    """

    fair = models.ForeignKey(Fair, models.CASCADE, related_name="registrations")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="registrations"
    )
    name = models.CharField(_("name on the badge"), max_length=60, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    organization = models.ForeignKey(
        Organization, models.SET_NULL, null=True, blank=True, related_name="registrations"
    )
    organization_name = models.CharField(_("organization"), max_length=120, blank=True)
    post = models.CharField(_("post"), max_length=60, blank=True)
    role = models.CharField(_("role"), max_length=12, choices=ParticipantRole.choices)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=RegistrationState.choices,
        default=RegistrationState.DRAFT,
        db_index=True,
    )
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.OWN)
    headline = models.CharField(_("in one line"), max_length=80, blank=True)
    introduction = models.TextField(_("introduction"), max_length=500, blank=True)
    industries = models.ManyToManyField(
        Industry, blank=True, related_name="registrations", verbose_name=_("industries")
    )
    needs_accessible_table = models.BooleanField(_("needs a table without steps"), default=False)
    ticket = models.CharField(max_length=32, unique=True, default=make_ticket, editable=False)
    created_at = models.DateTimeField(_("begun at"), default=timezone.now)
    submitted_at = models.DateTimeField(_("sent at"), null=True)
    approved_at = models.DateTimeField(_("admitted at"), null=True)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    reject_reason = models.CharField(_("reason"), max_length=300, blank=True)
    invited_at = models.DateTimeField(_("invited at"), null=True)

    shows_name: bool

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        constraints = [
            models.UniqueConstraint(
                fields=["fair", "person"],
                condition=Q(person__isnull=False),
                name="one_registration_per_person",
            ),
            models.UniqueConstraint(
                fields=["fair", "email"],
                condition=~Q(email=""),
                name="one_registration_per_address",
            ),
            models.CheckConstraint(
                condition=~Q(state=RegistrationState.REJECTED) | ~Q(reject_reason=""),
                name="every_refusal_has_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["fair", "state", "role"])]

    def __str__(self):
        return f"{self.fair_id}-{self.pk}"

    @property
    def organization_label(self) -> str:
        return self.organization.label if self.organization else self.organization_name

    @property
    def full_label(self) -> str:
        """Name and organization, as far as they are known: it tells colleagues apart."""
        return " · ".join(each for each in (self.name, self.organization_label) if each)

    @property
    def is_admitted(self) -> bool:
        return self.state in ADMITTED_STATES


class Entry(models.Model):
    """What a person brings to a fair or looks for (供需条目): a listing, a need, or own words."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="entries")
    kind = models.CharField(_("kind"), max_length=5, choices=EntryKind.choices)
    page = models.ForeignKey(Page, models.CASCADE, null=True, related_name="fair_entries")
    need = models.ForeignKey(Need, models.CASCADE, null=True, related_name="fair_entries")
    title = models.CharField(_("what"), max_length=120)
    summary = models.CharField(_("in a few words"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "page"],
                condition=Q(page__isnull=False),
                name="page_once_per_registration",
            ),
            models.UniqueConstraint(
                fields=["registration", "need"],
                condition=Q(need__isnull=False),
                name="need_once_per_registration",
            ),
        ]

    def __str__(self):
        return self.title


class Availability(models.Model):
    """What a person says of one slot (可约时段); slots without a row are free."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="availabilities")
    slot = models.ForeignKey(Slot, models.CASCADE, related_name="availabilities")
    state = models.CharField(max_length=10, choices=AvailabilityState.choices)
    reason = models.CharField(max_length=14, choices=BusyReason.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["registration", "slot"], name="availability_per_slot")
        ]

    def __str__(self):
        return f"{self.registration_id} {self.slot_id} {self.state}"


class Question(models.Model):
    """A question of the organizer (报名问题); without ``roles`` it is for everybody."""

    fair = models.ForeignKey(Fair, models.CASCADE, related_name="questions")
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    kind = models.CharField(
        _("kind"), max_length=9, choices=QuestionKind.choices, default=QuestionKind.TEXT
    )
    label = models.CharField(_("question"), max_length=120)
    label_en = models.CharField(_("question, English"), max_length=200, blank=True)
    hint = models.CharField(_("hint"), max_length=200, blank=True)
    is_required = models.BooleanField(_("has to be answered"), default=False)
    roles = models.JSONField(_("for these roles"), default=list, blank=True)
    stage = models.CharField(
        _("asked"),
        max_length=12,
        choices=QuestionStage.choices,
        default=QuestionStage.REGISTRATION,
    )
    choices = models.JSONField(_("choices"), default=list, blank=True)

    def __str__(self):
        return self.label

    @property
    def localized(self) -> str:
        return in_language(self.label, self.label_en)

    def is_for(self, role: str) -> bool:
        return not self.roles or role in self.roles


class Answer(models.Model):
    """An answer to a question (报名答案): a text, a number, a list, or a file."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.CASCADE, related_name="answers")
    value = models.JSONField(default=str, blank=True)
    file = models.FileField(upload_to="answers/", storage=private_storage, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "question"], name="one_answer_per_question"
            )
        ]

    def __str__(self):
        return self.shown

    @property
    def shown(self) -> str:
        value = self.value
        return "、".join(value) if isinstance(value, list) else str(value)


class WaitEntry(models.Model):
    """One wait for a place (候补), in the order of coming; ended once ``outcome`` is there."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="waits")
    joined_at = models.DateTimeField(default=timezone.now)
    offered_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True, db_index=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, choices=WaitOutcome.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registration"], condition=Q(outcome=""), name="one_open_wait"
            )
        ]

    def __str__(self):
        return f"{self.registration_id} {self.joined_at:%Y-%m-%d %H:%M}"


class Mailing(models.Model):
    """A mail of the organizer to some of the people (群发通知), in both languages."""

    fair = models.ForeignKey(Fair, models.CASCADE, related_name="mailings")
    subject = models.CharField(_("subject"), max_length=100)
    subject_en = models.CharField(_("subject, English"), max_length=200)
    body = models.TextField(_("text"), max_length=3000)
    body_en = models.TextField(_("English text"), max_length=6000)
    states = models.JSONField(_("to those who are"), default=list)
    roles = models.JSONField(_("for these roles"), default=list, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    def __str__(self):
        return self.subject


class Delivery(models.Model):
    """A message that a registration was sent, once for each ``key`` (通知发送记录)."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="deliveries")
    key = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["registration", "key"], name="told_once_per_key")
        ]

    def __str__(self):
        return f"{self.registration_id} {self.key}"
