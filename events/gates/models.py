from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.http import int_to_base36
from django.utils.translation import gettext_lazy as _

from events.fairs.models import Fair
from events.registration.models import Registration
from portal.taxonomy.models import in_language

from .enums import LIGHTS, Direction, ExchangeState, GateKind, Light, Method, Result


class Gate(models.Model):
    """A place where tickets are checked (签到点); each counts who is in on its own."""

    fair = models.ForeignKey(Fair, models.PROTECT, related_name="gates")
    name = models.CharField(_("name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    kind = models.CharField(
        _("kind"), max_length=12, choices=GateKind.choices, default=GateKind.REGISTRATION
    )
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))

    class Meta:
        verbose_name = _("gate")
        verbose_name_plural = _("gates")
        constraints = [
            models.UniqueConstraint(fields=["fair", "name"], name="gate_name_in_fair"),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="gate_closes_after_it_opens"
            ),
        ]

    def __str__(self):
        return f"{self.fair_id} {self.name}"

    @property
    def label(self) -> str:
        return in_language(self.name, self.name_en)

    def is_open(self, moment) -> bool:
        return self.opens_at <= moment <= self.closes_at


class DutyQuerySet(models.QuerySet["Duty"]):
    def in_force(self, now):
        return self.filter(revoked_at=None, expires_at__gt=now)


class Duty(models.Model):
    """Somebody whom the organizer names for the doors of a fair (检票员).

    Either a ``person`` with a sign-in, or whoever holds the access link; of the link only the
    digest is kept, so that it is shown once and cannot be read again.
    """

    fair = models.ForeignKey(Fair, models.CASCADE, related_name="duties")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="gate_duties"
    )
    name = models.CharField(_("name"), max_length=60)
    digest = models.CharField(max_length=64, unique=True, null=True, editable=False)
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(null=True)
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    named_at = models.DateTimeField(default=timezone.now)

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("door duty")
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(digest__isnull=False),
                name="duty_has_person_or_link",
            ),
            models.UniqueConstraint(
                fields=["fair", "person"],
                condition=Q(person__isnull=False, revoked_at=None),
                name="one_duty_per_person",
            ),
        ]

    def __str__(self):
        return f"{self.fair_id} {self.name}"

    def is_in_force(self, now) -> bool:
        return self.revoked_at is None and self.expires_at > now


class CheckInQuerySet(models.QuerySet["CheckIn"]):
    def update(self, **kwargs):
        raise TypeError("check-ins are append-only")

    def of_fair(self, fair):
        return self.filter(gate__fair=fair)

    def of_tickets(self):
        """Those whose code belonged to somebody of this fair."""
        return self.filter(registration__isnull=False)


class CheckIn(models.Model):
    """One ticket held up at a gate (核验记录); append-only.

    ``at`` is the moment at the door, ``received_at`` that of its arrival here: hours later where
    the device had no network. ``result`` is what the door said; ``standing`` what the register
    says of the ticket alone, without regard to other scans. Who is in follows from all scans
    together (``standing.py``). Unknown codes leave no code behind.
    """

    gate = models.ForeignKey(Gate, models.PROTECT, related_name="checkins")
    registration = models.ForeignKey(
        Registration, models.CASCADE, null=True, related_name="checkins"
    )
    at = models.DateTimeField(_("at"))
    received_at = models.DateTimeField(default=timezone.now)
    direction = models.CharField(max_length=3, choices=Direction.choices, default=Direction.IN)
    method = models.CharField(max_length=6, choices=Method.choices)
    nonce = models.CharField(max_length=36, unique=True)
    duty = models.ForeignKey(Duty, models.SET_NULL, null=True, related_name="checkins")
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    result = models.CharField(_("answer at the door"), max_length=14, choices=Result.choices)
    standing = models.CharField(max_length=14, choices=Result.choices)
    forced = models.BooleanField(_("let in all the same"), default=False)
    offline = models.BooleanField(_("without network"), default=False)

    objects = CheckInQuerySet.as_manager()

    class Meta:
        verbose_name = _("check-in")
        indexes = [
            models.Index(fields=["gate", "registration", "at"]),
            models.Index(fields=["gate", "at"]),
        ]

    def __str__(self):
        return f"{self.gate_id} {self.registration_id} {self.direction} {self.result}"

    def save(self, *args, **kwargs):
        if self.pk is not None:
            raise TypeError("check-ins are append-only")
        super().save(*args, **kwargs)

    @property
    def operator_label(self) -> str:
        return self.duty.name if self.duty else str(self.operator or "—")

    @property
    def light(self) -> Light:
        return LIGHTS.get(self.result, Light.STOP)


class ContactExchange(models.Model):
    """Two people at a fair give each other their contacts (名片交换), once both agree.

    One row for an unordered pair: ``low`` and ``high`` are the smaller and the larger id.
    """

    fair = models.ForeignKey(Fair, models.CASCADE, related_name="exchanges")
    asking = models.ForeignKey(Registration, models.CASCADE, related_name="exchanges_asked")
    asked = models.ForeignKey(Registration, models.CASCADE, related_name="exchanges_received")
    low = models.PositiveBigIntegerField(editable=False)
    high = models.PositiveBigIntegerField(editable=False)
    state = models.CharField(
        _("state"), max_length=9, choices=ExchangeState.choices, default=ExchangeState.ASKED
    )
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("exchange of contacts")
        constraints = [
            models.UniqueConstraint(fields=["fair", "low", "high"], name="one_exchange_per_pair"),
            models.CheckConstraint(condition=Q(low__lt=F("high")), name="exchange_is_ordered"),
        ]

    def __str__(self):
        return f"{self.asking_id} → {self.asked_id}"

    @property
    def consent_subject(self) -> str:
        """What its consents are for in the ledger: the fair and the exchange."""
        return f"{self.fair.code}/{int_to_base36(self.pk)}"

    def other_than(self, registration: Registration) -> Registration:
        return self.asked if registration.pk == self.asking_id else self.asking
