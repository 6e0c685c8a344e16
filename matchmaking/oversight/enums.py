from django.db import models
from django.utils.translation import gettext_lazy as _


class DutyKind(models.TextChoices):
    """What falls due (待办事项)."""

    INTEREST = "INTEREST", _("Interest to answer")
    PUBLICITY = "PUBLICITY", _("Price publicity ends")
    OBJECTION = "OBJECTION", _("Objection to decide")
    REFUSAL = "REFUSAL", _("First refusal to answer")
    FILING = "FILING", _("Licence to file")
    INSTALMENT = "INSTALMENT", _("Instalment due")
    REWARD = "REWARD", _("Reward to pay out")
    FOLLOW_UP = "FOLLOW_UP", _("Follow-up to answer")
    NEED = "NEED", _("Need to confirm")
    LISTING = "LISTING", _("Listing to confirm")
    REPORT = "REPORT", _("Annual report to hand in")
    EVALUATION = "EVALUATION", _("Evaluation to report on or answer")


class ReportState(models.TextChoices):
    """Where an annual report stands (年度报告状态)."""

    DRAFT = "DRAFT", _("In preparation")
    SIGNED_OFF = "SIGNED_OFF", _("Signed off by the institute")
    ACCEPTED = "ACCEPTED", _("Taken in by the commission")


ALLOWED_TRANSITIONS: dict[str, set[ReportState]] = {
    ReportState.DRAFT: {ReportState.SIGNED_OFF},
    ReportState.SIGNED_OFF: {ReportState.DRAFT, ReportState.ACCEPTED},
    ReportState.ACCEPTED: set(),
}
