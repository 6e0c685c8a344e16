from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _


class PatentKind(models.TextChoices):
    INVENTION = "INVENTION", _("Invention")
    UTILITY_MODEL = "UTILITY_MODEL", _("Utility model")
    DESIGN = "DESIGN", _("Design")


TERM_YEARS: dict[str, int] = {
    PatentKind.INVENTION: 20,
    PatentKind.UTILITY_MODEL: 10,
    PatentKind.DESIGN: 15,
}
# Designs filed before the amended law came into force keep the former term.
FORMER_DESIGN_TERM_YEARS, DESIGN_TERM_CHANGED_ON = 10, date(2021, 6, 1)


class PatentStatus(models.TextChoices):
    """Legal status of an application or patent (法律状态; Implementing Regulations art. 106)."""

    ACCEPTED = "ACCEPTED", _("Application accepted")
    PUBLISHED = "PUBLISHED", _("Application published")
    SUBSTANTIVE_EXAM = "SUBSTANTIVE_EXAM", _("In substantive examination")
    REEXAMINATION = "REEXAMINATION", _("In re-examination")
    GRANTED = "GRANTED", _("Granted")
    REJECTED = "REJECTED", _("Application rejected")
    WITHDRAWN = "WITHDRAWN", _("Application withdrawn")
    DEEMED_WITHDRAWN = "DEEMED_WITHDRAWN", _("Deemed withdrawn")
    ABANDONED = "ABANDONED", _("Abandoned")
    DEEMED_ABANDONED = "DEEMED_ABANDONED", _("Deemed abandoned")
    TERMINATED = "TERMINATED", _("Terminated for unpaid fees")
    EXPIRED = "EXPIRED", _("Term ended")
    INVALIDATED = "INVALIDATED", _("Invalidated")
    DOUBLE_GRANT_ABANDONED = "DOUBLE_GRANT_ABANDONED", _("Abandoned against a double grant")


PENDING_STATUSES = frozenset(
    {
        PatentStatus.ACCEPTED,
        PatentStatus.PUBLISHED,
        PatentStatus.SUBSTANTIVE_EXAM,
        PatentStatus.REEXAMINATION,
    }
)
LIVING_STATUSES = frozenset({PatentStatus.GRANTED})
DEAD_STATUSES = frozenset(PatentStatus) - PENDING_STATUSES - LIVING_STATUSES

_LEAVING_EXAMINATION = {
    PatentStatus.REJECTED,
    PatentStatus.WITHDRAWN,
    PatentStatus.DEEMED_WITHDRAWN,
}
_AFTER_GRANT = {
    PatentStatus.EXPIRED,
    PatentStatus.TERMINATED,
    PatentStatus.INVALIDATED,
    PatentStatus.ABANDONED,
    PatentStatus.DOUBLE_GRANT_ABANDONED,
}
_TO_GRANT = {PatentStatus.GRANTED, PatentStatus.DEEMED_ABANDONED}
ONCE_GRANTED_STATUSES = LIVING_STATUSES | _AFTER_GRANT
NEVER_GRANTED_STATUSES = frozenset(PatentStatus) - ONCE_GRANTED_STATUSES
INVENTION_STATUSES = frozenset({PatentStatus.PUBLISHED, PatentStatus.SUBSTANTIVE_EXAM})

# Utility models and designs are granted after a preliminary examination, without the two
# steps of an invention; a lost application or patent may be restored (art. 6).
ALLOWED_TRANSITIONS: dict[str, set[PatentStatus]] = {
    PatentStatus.ACCEPTED: {PatentStatus.PUBLISHED, *_TO_GRANT, *_LEAVING_EXAMINATION},
    PatentStatus.PUBLISHED: {PatentStatus.SUBSTANTIVE_EXAM, *_LEAVING_EXAMINATION},
    PatentStatus.SUBSTANTIVE_EXAM: {*_TO_GRANT, *_LEAVING_EXAMINATION},
    PatentStatus.REJECTED: {PatentStatus.REEXAMINATION},
    PatentStatus.REEXAMINATION: {
        PatentStatus.ACCEPTED,
        PatentStatus.SUBSTANTIVE_EXAM,
        PatentStatus.GRANTED,
        PatentStatus.REJECTED,
        PatentStatus.WITHDRAWN,
    },
    PatentStatus.GRANTED: _AFTER_GRANT,
    PatentStatus.TERMINATED: {PatentStatus.GRANTED},
    PatentStatus.DEEMED_WITHDRAWN: {
        PatentStatus.ACCEPTED,
        PatentStatus.PUBLISHED,
        PatentStatus.SUBSTANTIVE_EXAM,
    },
    PatentStatus.DEEMED_ABANDONED: {PatentStatus.GRANTED},
}


def next_statuses(status: str, kind: str) -> set[PatentStatus]:
    """Return the steps that the law knows after ``status`` for this kind of right."""
    allowed = set(ALLOWED_TRANSITIONS.get(PatentStatus(status), set()))
    return allowed if kind == PatentKind.INVENTION else allowed - INVENTION_STATUSES


class PatentSource(models.TextChoices):
    MANUAL = "MANUAL", _("Entered by hand")
    IMPORT = "IMPORT", _("Imported")
    REGISTER = "REGISTER", _("Compared with the register")


class HolderRole(models.TextChoices):
    APPLICANT = "APPLICANT", _("Applicant")
    HOLDER = "HOLDER", _("Holder")
