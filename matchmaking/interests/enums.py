from django.db import models
from django.utils.translation import gettext_lazy as _


class TargetKind(models.TextChoices):
    """What the receiver has published and the interest is about (意向对象)."""

    ACHIEVEMENT = "ACHIEVEMENT", _("Achievement")
    PATENT = "PATENT", _("Patent")
    NEED = "NEED", _("Need")


class InterestState(models.TextChoices):
    """Where an interest stands (意向状态)."""

    SENT = "SENT", _("Waiting for an answer")
    ANSWERED = "ANSWERED", _("Talks under way")
    DECLINED = "DECLINED", _("Turned down")
    WITHDRAWN = "WITHDRAWN", _("Taken back")
    CLOSED = "CLOSED", _("Talks ended")


ALLOWED_TRANSITIONS: dict[str, set[InterestState]] = {
    InterestState.SENT: {
        InterestState.ANSWERED,
        InterestState.DECLINED,
        InterestState.WITHDRAWN,
    },
    InterestState.ANSWERED: {InterestState.DECLINED, InterestState.CLOSED},
    InterestState.DECLINED: set(),
    InterestState.WITHDRAWN: set(),
    InterestState.CLOSED: set(),
}
OPEN_STATES = frozenset({InterestState.SENT, InterestState.ANSWERED})


class Party(models.TextChoices):
    """For whom a person speaks in the thread (参与方)."""

    SENDER = "SENDER", _("Sending side")
    RECEIVER = "RECEIVER", _("Receiving side")
    BROKER = "BROKER", _("Broker")


class Mandate(models.TextChoices):
    """For whom a broker acts (受托方; the mandate is recorded, L2 art. 44)."""

    SENDER = "SENDER", _("For the sender")
    RECEIVER = "RECEIVER", _("For the receiver")
    BOTH = "BOTH", _("For both sides")
    PLATFORM = "PLATFORM", _("For the platform")


class DeclineReason(models.TextChoices):
    """Why somebody says no; every no has one (婉拒原因)."""

    UNCLEAR = "UNCLEAR", _("Text unclear")
    TOO_EARLY = "TOO_EARLY", _("Too early")
    NO_FIT = "NO_FIT", _("Poor fit")
    PRICE = "PRICE", _("Price gap")
    TERMS = "TERMS", _("Unsuitable terms")
    NO_CAPACITY = "NO_CAPACITY", _("No capacity")
    COMMITTED = "COMMITTED", _("Committed elsewhere")
    UNVERIFIED = "UNVERIFIED", _("Not verified")
    OTHER = "OTHER", _("Other reason")


ADVICE = {
    DeclineReason.UNCLEAR: _(
        "Write the gain in numbers: today's solution, its cost, what improves by how much."
    ),
    DeclineReason.TOO_EARLY: _("Add evidence: who tested it, on what scale, with which result."),
    DeclineReason.NO_FIT: _("Name where it is used and where not, so that the right ones ask."),
    DeclineReason.PRICE: _("Say what the price rests on, or offer another way of paying."),
    DeclineReason.TERMS: _("Offer a second mode of cooperation beside the first."),
    DeclineReason.NO_CAPACITY: _("Offer a small first step, such as a test of one batch."),
    DeclineReason.COMMITTED: _("Nothing to change; ask again in half a year."),
    DeclineReason.UNVERIFIED: _("Have your organization's licence checked."),
}
