from django.db import models
from django.utils.translation import gettext_lazy as _


class ExhibitorState(models.TextChoices):
    """Where an exhibitor stands (参展状态)."""

    APPLIED = "APPLIED", _("Applied for a booth")
    WAITLISTED = "WAITLISTED", _("Waiting for a booth")
    REJECTED = "REJECTED", _("Not taken as exhibitor")
    ACCEPTED = "ACCEPTED", _("Taken, no booth yet")
    BOOTH_GIVEN = "BOOTH_GIVEN", _("Booth given, materials due")
    SUBMITTED = "SUBMITTED", _("Materials to be checked")
    RETURNED = "RETURNED", _("Materials returned")
    PASSED = "PASSED", _("Materials passed")
    ON_SHOW = "ON_SHOW", _("On show")
    WITHDRAWN = "WITHDRAWN", _("Exhibitor withdrew")


ALLOWED_TRANSITIONS: dict[str, set[ExhibitorState]] = {
    ExhibitorState.APPLIED: {
        ExhibitorState.ACCEPTED,
        ExhibitorState.WAITLISTED,
        ExhibitorState.REJECTED,
        ExhibitorState.WITHDRAWN,
    },
    ExhibitorState.WAITLISTED: {
        ExhibitorState.ACCEPTED,
        ExhibitorState.REJECTED,
        ExhibitorState.WITHDRAWN,
    },
    ExhibitorState.REJECTED: set(),
    ExhibitorState.ACCEPTED: {ExhibitorState.BOOTH_GIVEN, ExhibitorState.WITHDRAWN},
    ExhibitorState.BOOTH_GIVEN: {
        ExhibitorState.ACCEPTED,
        ExhibitorState.SUBMITTED,
        ExhibitorState.WITHDRAWN,
    },
    ExhibitorState.SUBMITTED: {
        ExhibitorState.PASSED,
        ExhibitorState.RETURNED,
        ExhibitorState.WITHDRAWN,
    },
    ExhibitorState.RETURNED: {ExhibitorState.SUBMITTED, ExhibitorState.WITHDRAWN},
    ExhibitorState.PASSED: {
        ExhibitorState.ON_SHOW,
        ExhibitorState.RETURNED,
        ExhibitorState.WITHDRAWN,
    },
    ExhibitorState.ON_SHOW: {ExhibitorState.RETURNED, ExhibitorState.WITHDRAWN},
    ExhibitorState.WITHDRAWN: {ExhibitorState.APPLIED},
}
# What the public sees: the materials have been checked.
SHOWN_STATES = frozenset({ExhibitorState.PASSED, ExhibitorState.ON_SHOW})
DECIDING_STATES = frozenset({ExhibitorState.APPLIED, ExhibitorState.SUBMITTED})
WRITING_STATES = frozenset({ExhibitorState.BOOTH_GIVEN, ExhibitorState.RETURNED})
GONE_STATES = frozenset({ExhibitorState.REJECTED, ExhibitorState.WITHDRAWN})
# Who may be given a booth, or another one.
PLACED_STATES = frozenset(
    {
        ExhibitorState.BOOTH_GIVEN,
        ExhibitorState.SUBMITTED,
        ExhibitorState.RETURNED,
        ExhibitorState.PASSED,
    }
)
REASONED_STATES = frozenset({ExhibitorState.REJECTED, ExhibitorState.RETURNED})


class AfterShow(models.TextChoices):
    """What the on-line hall shows once the fair is over (展后线上展厅)."""

    NOTHING = "NOTHING", _("Nothing")
    NAMES = "NAMES", _("Exhibitors and plan, no exhibits")
    ALL = "ALL", _("Exhibitors with their exhibits")


class LeadSource(models.TextChoices):
    """How a contact came about (线索来源)."""

    SCANNED = "SCANNED", _("Ticket scanned")
    TYPED = "TYPED", _("Ticket typed in")
    CARD = "CARD", _("Left by the visitor")


class Concern(models.TextChoices):
    """What speaks against giving a booth, without forbidding it (展位提示)."""

    SMALL = "SMALL", _("smaller than wished for")
    POWER = "POWER", _("less power than wished for")
    UNWANTED = "UNWANTED", _("beside somebody they do not want")
    UNWELCOME = "UNWELCOME", _("beside somebody who does not want them")
    APART = "APART", _("away from the neighbour they want")
