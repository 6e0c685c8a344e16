from django.db import models
from django.utils.translation import gettext_lazy as _

from .methods import Missing


class ObjectType(models.TextChoices):
    """What a scheme evaluates (评估对象)."""

    ACHIEVEMENT = "ACHIEVEMENT", _("Achievements")
    CASE = "CASE", _("Conversion cases")
    INSTITUTE = "INSTITUTE", _("Institutes")
    BROKER = "BROKER", _("Transfer offices and brokers")
    FAIR = "FAIR", _("Fairs")


class IndicatorKind(models.TextChoices):
    """Where an indicator's value comes from (指标类型)."""

    NUMBER = "NUMBER", _("Number from the ledger")
    SCORE = "SCORE", _("Experts' score")
    EVIDENCE = "EVIDENCE", _("Reported with evidence")


class MissingRule(models.TextChoices):
    """What a missing value means; it is never zero (缺失值规则)."""

    EXCLUDE = Missing.EXCLUDE.value, _("left out, the others share its weight")
    WORST = Missing.WORST.value, _("counts as the worst value")
    REFUSE = Missing.REFUSE.value, _("no score without it")


class Weighting(models.TextChoices):
    """Where the weights come from (赋权方法)."""

    SET = "SET", _("Set by hand")
    AHP = "AHP", _("Pairwise comparison (AHP)")
    ENTROPY = "ENTROPY", _("Entropy of the values")


class Method(models.TextChoices):
    """How the values become one score (综合方法)."""

    POINTS = "POINTS", _("Points table")
    TOPSIS = "TOPSIS", _("TOPSIS")
    FUZZY = "FUZZY", _("Fuzzy comprehensive")


class SchemeState(models.TextChoices):
    """Where a version of a scheme stands (方案状态)."""

    DRAFT = "DRAFT", _("Draft")
    PUBLISHED = "PUBLISHED", _("In force")
    SUPERSEDED = "SUPERSEDED", _("Superseded")


class RoundState(models.TextChoices):
    """The steps of an evaluation round (评估轮次阶段)."""

    CALL = "CALL", _("Call")
    SELF_REPORT = "SELF_REPORT", _("Self-report")
    FORMAL_CHECK = "FORMAL_CHECK", _("Formal check")
    SCORING = "SCORING", _("Scoring by experts")
    MODERATION = "MODERATION", _("Moderation")
    CONFIRMATION = "CONFIRMATION", _("Confirmation")
    DECIDED = "DECIDED", _("Final decision")
    PUBLICITY = "PUBLICITY", _("Publicity")
    ARCHIVED = "ARCHIVED", _("Archive")
    CANCELLED = "CANCELLED", _("Called off")


STEPS = tuple(state for state in RoundState if state != RoundState.CANCELLED)
PUBLIC_STATES = frozenset({RoundState.PUBLICITY, RoundState.ARCHIVED})

# Scoring is passed over by schemes that ask no expert; what an objection upholds goes back to
# moderation.
ALLOWED_TRANSITIONS: dict[str, set[RoundState]] = {
    RoundState.CALL: {RoundState.SELF_REPORT, RoundState.CANCELLED},
    RoundState.SELF_REPORT: {RoundState.FORMAL_CHECK, RoundState.CANCELLED},
    RoundState.FORMAL_CHECK: {RoundState.SCORING, RoundState.MODERATION, RoundState.CANCELLED},
    RoundState.SCORING: {RoundState.MODERATION, RoundState.CANCELLED},
    RoundState.MODERATION: {RoundState.CONFIRMATION, RoundState.CANCELLED},
    RoundState.CONFIRMATION: {RoundState.DECIDED, RoundState.MODERATION, RoundState.CANCELLED},
    RoundState.DECIDED: {RoundState.PUBLICITY, RoundState.MODERATION},
    RoundState.PUBLICITY: {RoundState.ARCHIVED, RoundState.MODERATION},
    RoundState.ARCHIVED: set(),
    RoundState.CANCELLED: set(),
}


class SubjectState(models.TextChoices):
    """Where the self-report of one object stands (自评材料状态)."""

    OPEN = "OPEN", _("To be reported")
    SUBMITTED = "SUBMITTED", _("Reported")
    RETURNED = "RETURNED", _("Returned")
    ACCEPTED = "ACCEPTED", _("Passed the check")
    EXCLUDED = "EXCLUDED", _("Excluded")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn by the unit")


OUT_OF_THE_ROUND = frozenset({SubjectState.EXCLUDED, SubjectState.WITHDRAWN})


class Answer(models.TextChoices):
    """What a unit says to its result (结果确认)."""

    PENDING = "PENDING", _("Waits for the unit")
    CONFIRMED = "CONFIRMED", _("Confirmed by the unit")
    DEEMED = "DEEMED", _("Taken as confirmed")
    OBJECTED = "OBJECTED", _("Objection to be answered")
    UPHELD = "UPHELD", _("Objection upheld")
    DISMISSED = "DISMISSED", _("Objection dismissed")


SETTLED_ANSWERS = frozenset({Answer.CONFIRMED, Answer.DEEMED, Answer.DISMISSED})


class AssignmentState(models.TextChoices):
    """Where one expert stands with one object (评审任务状态)."""

    OPEN = "OPEN", _("To be scored")
    SUBMITTED = "SUBMITTED", _("Scored")
    DECLINED = "DECLINED", _("Declined")


class Recusal(models.TextChoices):
    """Why an expert must not score an object (回避事由; domain reference §4)."""

    SAME_UNIT = "SAME_UNIT", _("same unit")
    COAUTHOR = "COAUTHOR", _("common achievement or patent within three years")
    DECLARED = "DECLARED", _("declared interest")


class Grade(models.TextChoices):
    """The grade that the points fall into (评估等级); in the order of ``methods.BANDS``."""

    EXCELLENT = "EXCELLENT", _("Excellent")
    GOOD = "GOOD", _("Proficient")
    FAIR = "FAIR", _("Passable")
    POOR = "POOR", _("Poor")
