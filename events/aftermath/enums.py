from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.IntegerChoices):
    """When people are asked what came of a meeting (回访阶段)."""

    FIRST = 1, _("Right after the meeting")
    SECOND = 2, _("Half a year later")


class Outcome(models.TextChoices):
    """What came of a meeting, as one of its people says (洽谈结果)."""

    NOT_HELD = "NOT_HELD", _("It did not take place")
    NO_INTEREST = "NO_INTEREST", _("Little interest")
    INFORMATIVE = "INFORMATIVE", _("Worth it, no cooperation for now")
    COOPERATION = "COOPERATION", _("Cooperation possible")
    NO_CONTACT = "NO_CONTACT", _("No further contact")
    KNOWLEDGE = "KNOWLEDGE", _("No contact, but something learned")
    VALUABLE = "VALUABLE", _("A partner for later projects")
    NEGOTIATION = "NEGOTIATION", _("Negotiation started")
    AGREEMENT = "AGREEMENT", _("Agreement reached")


OUTCOMES = {
    Stage.FIRST: (
        Outcome.NOT_HELD,
        Outcome.NO_INTEREST,
        Outcome.INFORMATIVE,
        Outcome.COOPERATION,
    ),
    Stage.SECOND: (
        Outcome.NO_CONTACT,
        Outcome.KNOWLEDGE,
        Outcome.VALUABLE,
        Outcome.NEGOTIATION,
        Outcome.AGREEMENT,
    ),
}
# What may open an interest, and what may open or link a case.
LEADS_TO_INTEREST = frozenset({Outcome.COOPERATION, Outcome.VALUABLE})
LEADS_TO_CASE = frozenset({Outcome.NEGOTIATION, Outcome.AGREEMENT})


class FollowUpKind(models.TextChoices):
    """What is to be done after a meeting (后续事项)."""

    VISIT = "VISIT", _("Visit")
    NDA = "NDA", _("Non-disclosure agreement")
    SAMPLE = "SAMPLE", _("Sample")
    QUOTE = "QUOTE", _("Quotation")
    CONTRACT = "CONTRACT", _("Draft contract")
    OTHER = "OTHER", _("Something else")


class FollowUpState(models.TextChoices):
    """Where it stands (事项状态)."""

    OPEN = "OPEN", _("To do")
    DONE = "DONE", _("Done")
    DROPPED = "DROPPED", _("Dropped")


FOLLOW_UP_TRANSITIONS: dict[str, set[FollowUpState]] = {
    FollowUpState.OPEN: {FollowUpState.DONE, FollowUpState.DROPPED},
    FollowUpState.DONE: {FollowUpState.OPEN},
    FollowUpState.DROPPED: {FollowUpState.OPEN},
}
