"""Results: what counts where experts disagree, scores, answers of the units, overrides."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from portal.accounts.models import User

from ..enums import Answer, Grade, Method, RoundState, SubjectState
from ..methods import grade_of, rank
from ..models import Indicator, Moderation, Round, Subject
from ..queries import table_of
from ..rules import can_answer_result, can_judge_subject
from .base import (
    UnableToEvaluate,
    lock_subject,
    record_subject,
    require,
    required_text,
    tell_office,
)

GRADES = tuple(Grade)


def compute_results(round_: Round) -> None:
    """Write score, rank and grade of every object; TOPSIS orders without grading.

    A unit whose result changed, or whose objection was upheld, is asked anew. A grade that was
    overridden stays.
    """
    found = table_of(round_)
    if found is None:
        return
    scores = found.score(found.table)
    grades = _grades(found.scheme_method, scores, found.judgements(found.table))
    rows = zip(found.subjects, scores, rank(scores), grades, strict=True)
    for subject, score, place, grade in rows:
        before = (subject.score, subject.rank, subject.grade)
        subject.score = None if score is None else round(score, 4)
        subject.rank = place
        if not subject.override_reason:
            subject.grade = grade
        if before != (subject.score, subject.rank, subject.grade) or (
            subject.answer == Answer.UPHELD
        ):
            subject.answer = Answer.PENDING
    Subject.objects.bulk_update(found.subjects, ["score", "rank", "grade", "answer"])


def _grades(method: str, scores: list, judgements: list) -> list[str]:
    if method == Method.TOPSIS:
        return [""] * len(scores)
    if method == Method.FUZZY:
        return ["" if each is None else GRADES[each.grade] for each in judgements]
    return ["" if score is None else GRADES[grade_of(round(score, 9))] for score in scores]


@transaction.atomic
def moderate_score(
    *, actor: User, subject: Subject, indicator: Indicator, value: float | None, reason: str
) -> Moderation:
    """Decide what counts where experts lie far apart; without a value their mean stands."""
    subject = lock_subject(subject)
    require(
        can_judge_subject(actor, subject)
        and subject.round.state == RoundState.MODERATION
        and subject.state == SubjectState.ACCEPTED
        and indicator in subject.round.scheme.scored_leaves
    )
    reason = required_text(reason, _("Please give the reason."))
    require_in_scale(indicator, value)
    moderation, _created = Moderation.objects.update_or_create(
        subject=subject,
        indicator=indicator,
        defaults={"value": value, "reason": reason, "decided_by": actor},
    )
    record_subject(
        subject, actor, "moderate_score", label=indicator.name, after=value, reason=reason
    )
    return moderation


def require_in_scale(indicator: Indicator, value: float | None) -> None:
    """Experts keep to the scale; of other values what lies beyond it counts as its end."""
    if value is None or indicator.low is None or indicator.high is None:
        return
    if not indicator.low <= value <= indicator.high:
        raise UnableToEvaluate(
            _("“%(name)s” takes %(low)g to %(high)g.")
            % {"name": indicator.label, "low": indicator.low, "high": indicator.high}
        )


@transaction.atomic
def confirm_result(*, actor: User, subject: Subject) -> Subject:
    subject = lock_subject(subject)
    require(can_answer_result(actor, subject))
    subject.answer = Answer.CONFIRMED
    subject.save()
    record_subject(subject, actor, "confirm_result")
    return subject


@transaction.atomic
def object_to_result(*, actor: User, subject: Subject, objection: str) -> Subject:
    subject = lock_subject(subject)
    require(can_answer_result(actor, subject))
    subject.objection = required_text(objection, _("Please write what you object to, and why."))
    subject.answer, subject.reply = Answer.OBJECTED, ""
    subject.save()
    record_subject(subject, actor, "object_to_result")
    return subject


@transaction.atomic
def answer_objection(*, actor: User, subject: Subject, uphold: bool, reply: str) -> Subject:
    """Uphold an objection, which then is mended in moderation, or dismiss it with reasons."""
    subject = lock_subject(subject)
    require(
        can_judge_subject(actor, subject)
        and subject.round.state == RoundState.CONFIRMATION
        and subject.answer == Answer.OBJECTED
    )
    subject.reply = required_text(reply, _("Please give the reasons to the unit."))
    subject.answer = Answer.UPHELD if uphold else Answer.DISMISSED
    subject.save()
    record_subject(subject, actor, "answer_objection", outcome=subject.answer, reason=subject.reply)
    title = gettext_lazy("Your objection to an evaluation result is answered")
    tell_office(subject, "evaluation-objection", title)
    return subject


@transaction.atomic
def deem_confirmed(*, actor: User, subject: Subject, reason: str) -> Subject:
    """Take a unit's silence as its confirmation once the time to answer is over."""
    subject = lock_subject(subject)
    require(
        can_judge_subject(actor, subject)
        and subject.round.state == RoundState.CONFIRMATION
        and subject.answer == Answer.PENDING
    )
    if timezone.localdate() <= subject.round.answer_until:
        raise UnableToEvaluate(_("The unit may still answer. Please wait until the time is over."))
    reason = required_text(reason, _("Please give the reason."))
    subject.answer = Answer.DEEMED
    subject.save()
    record_subject(subject, actor, "deem_confirmed", reason=reason)
    return subject


@transaction.atomic
def override_grade(*, actor: User, subject: Subject, grade: str, reason: str) -> Subject:
    """Give another grade than the score does; the unit is asked anew, the reason is public."""
    subject = lock_subject(subject)
    require(
        can_judge_subject(actor, subject)
        and subject.round.state == RoundState.CONFIRMATION
        and subject.state == SubjectState.ACCEPTED
    )
    subject.override_reason = required_text(reason, _("Please give the reason."))
    before, subject.grade = subject.grade, Grade(grade)
    subject.answer = Answer.PENDING
    subject.save()
    record_subject(
        subject,
        actor,
        "override_grade",
        before=before,
        after=subject.grade,
        reason=subject.override_reason,
    )
    title = gettext_lazy("Please confirm your evaluation result, or object")
    tell_office(subject, "evaluation-result", title)
    return subject
