from django.db import models
from django.utils.translation import gettext_lazy as _


class RegistrationState(models.TextChoices):
    """Where a registration stands (报名状态)."""

    DRAFT = "DRAFT", _("Not sent yet")
    PENDING = "PENDING", _("Waiting for the organizer")
    APPROVED = "APPROVED", _("Admitted")
    REJECTED = "REJECTED", _("Not admitted")
    WAITLISTED = "WAITLISTED", _("On the waiting list")
    OFFERED = "OFFERED", _("Place offered")
    EXPIRED = "EXPIRED", _("Offer run out")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")
    CHECKED_IN = "CHECKED_IN", _("Arrived")
    NO_SHOW = "NO_SHOW", _("Did not come")


ALLOWED_TRANSITIONS: dict[str, set[RegistrationState]] = {
    RegistrationState.DRAFT: {
        RegistrationState.PENDING,
        RegistrationState.APPROVED,
        RegistrationState.WAITLISTED,
        RegistrationState.WITHDRAWN,
    },
    RegistrationState.PENDING: {
        RegistrationState.APPROVED,
        RegistrationState.REJECTED,
        RegistrationState.WAITLISTED,
        RegistrationState.WITHDRAWN,
    },
    RegistrationState.APPROVED: {
        RegistrationState.PENDING,
        RegistrationState.WITHDRAWN,
        RegistrationState.CHECKED_IN,
        RegistrationState.NO_SHOW,
    },
    RegistrationState.REJECTED: {RegistrationState.DRAFT},
    RegistrationState.WAITLISTED: {
        RegistrationState.OFFERED,
        RegistrationState.APPROVED,
        RegistrationState.REJECTED,
        RegistrationState.WITHDRAWN,
    },
    RegistrationState.OFFERED: {
        RegistrationState.APPROVED,
        RegistrationState.EXPIRED,
        RegistrationState.WITHDRAWN,
    },
    RegistrationState.EXPIRED: {RegistrationState.DRAFT},
    RegistrationState.WITHDRAWN: {RegistrationState.DRAFT},
    RegistrationState.CHECKED_IN: set(),
    RegistrationState.NO_SHOW: {RegistrationState.CHECKED_IN},
}
# Those who take part, or did.
ADMITTED_STATES = frozenset(
    {RegistrationState.APPROVED, RegistrationState.CHECKED_IN, RegistrationState.NO_SHOW}
)
# Those who have to know what becomes of the fair.
CONCERNED_STATES = frozenset(
    {
        RegistrationState.PENDING,
        RegistrationState.APPROVED,
        RegistrationState.WAITLISTED,
        RegistrationState.OFFERED,
        RegistrationState.CHECKED_IN,
    }
)
# Those whom the organizer may admit or refuse.
UNDECIDED_STATES = frozenset({RegistrationState.PENDING, RegistrationState.WAITLISTED})
REOPENED_STATES = frozenset(
    {RegistrationState.REJECTED, RegistrationState.EXPIRED, RegistrationState.WITHDRAWN}
)


class Source(models.TextChoices):
    """How a registration came about (报名来源)."""

    OWN = "OWN", _("Registered by oneself")
    GUEST_LIST = "GUEST_LIST", _("Guest list")


class QuestionKind(models.TextChoices):
    """How a question is answered (题型)."""

    TEXT = "TEXT", _("One line")
    LONG_TEXT = "LONG_TEXT", _("Several lines")
    CHOICE = "CHOICE", _("One of several")
    SEVERAL = "SEVERAL", _("Any of several")
    NUMBER = "NUMBER", _("A number")
    FILE = "FILE", _("File")


CHOICE_KINDS = frozenset({QuestionKind.CHOICE, QuestionKind.SEVERAL})


class QuestionStage(models.TextChoices):
    """When a question is asked (提问时机)."""

    REGISTRATION = "REGISTRATION", _("When registering")
    ADMITTED = "ADMITTED", _("After admission")


class EntryKind(models.TextChoices):
    """Whether somebody offers or seeks something (供需类型)."""

    OFFER = "OFFER", _("Brings")
    SEEK = "SEEK", _("Seeks")


class AvailabilityState(models.TextChoices):
    """Whether somebody can meet in a slot (可约状态)."""

    FREE = "FREE", _("Free")
    PREFER_NOT = "PREFER_NOT", _("Rather not")
    BUSY = "BUSY", _("Not there")


class BusyReason(models.TextChoices):
    """Why somebody cannot meet in a slot (不可约原因)."""

    OWN_CHOICE = "OWN_CHOICE", _("Own choice")
    SESSION = "SESSION", _("Attends the programme")
    EXHIBITOR_DUTY = "EXHIBITOR_DUTY", _("On duty at a booth")


class WaitOutcome(models.TextChoices):
    """How a wait ended (候补结果)."""

    ADMITTED = "ADMITTED", _("Admitted")
    EXPIRED = "EXPIRED", _("Offer run out")
    LEFT = "LEFT", _("Gave it up")
    REJECTED = "REJECTED", _("Not admitted")


class Step(models.TextChoices):
    """The steps in which somebody registers (报名步骤)."""

    ROLE = "role", _("Who you are")
    PROFILE = "profile", _("Your profile")
    ENTRIES = "entries", _("Offers and needs")
    AVAILABILITY = "availability", _("When you can")
    QUESTIONS = "questions", _("Organizer's questions")
