from django.db import models
from django.utils.translation import gettext_lazy as _


class GateKind(models.TextChoices):
    """What a gate leads into (签到点类型)."""

    REGISTRATION = "REGISTRATION", _("Entrance of the fair")
    SESSION = "SESSION", _("One part of the programme")


class Direction(models.TextChoices):
    """Which way somebody goes through a gate (进出方向)."""

    IN = "IN", _("In")
    OUT = "OUT", _("Out")


class Method(models.TextChoices):
    """How a ticket was taken (核验方式)."""

    QR = "QR", _("Camera")
    TYPED = "TYPED", _("Typed or hand scanner")
    MANUAL = "MANUAL", _("Chosen from the list")


class Result(models.TextChoices):
    """What a gate answers (核验结果)."""

    OK = "OK", _("Admitted to the hall")
    ALREADY_IN = "ALREADY_IN", _("Already used")
    WRONG_EVENT = "WRONG_EVENT", _("Ticket of another fair")
    NOT_APPROVED = "NOT_APPROVED", _("Not admitted by the organizer")
    CANCELLED = "CANCELLED", _("Withdrawn or called off")
    OUTSIDE_TIME = "OUTSIDE_TIME", _("Not open at this time")
    UNKNOWN_CODE = "UNKNOWN_CODE", _("No ticket of this fair")
    NEED_ATTENTION = "NEED_ATTENTION", _("To be looked at")


class Light(models.TextChoices):
    """The three answers at a door (三态): each has its words and its sign beside its colour."""

    GO = "go", _("Come in")
    WAIT = "wait", _("Look again")
    STOP = "stop", _("Not through here")


LIGHTS: dict[str, Light] = {
    Result.OK: Light.GO,
    Result.ALREADY_IN: Light.WAIT,
    Result.NEED_ATTENTION: Light.WAIT,
}
# What the person at the door may overrule: the ticket is good, only the moment is not.
FORCEABLE = frozenset({Result.ALREADY_IN, Result.OUTSIDE_TIME, Result.NEED_ATTENTION})


class ExchangeState(models.TextChoices):
    """Where an exchange of contacts stands (名片交换)."""

    ASKED = "ASKED", _("Waits for the other side")
    CONFIRMED = "CONFIRMED", _("Exchanged")
    DECLINED = "DECLINED", _("Not exchanged")


ALLOWED_TRANSITIONS: dict[str, set[ExchangeState]] = {
    ExchangeState.ASKED: {ExchangeState.CONFIRMED, ExchangeState.DECLINED},
    ExchangeState.CONFIRMED: set(),
    ExchangeState.DECLINED: set(),
}
