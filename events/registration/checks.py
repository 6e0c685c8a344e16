"""What a registration lacks before it can be sent, each with the step that mends it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from .enums import QuestionKind, QuestionStage, Step
from .models import Question, Registration


@dataclass(frozen=True)
class Missing:
    """Something to fill in, and in which step."""

    label: str | Promise
    step: Step


def missing_parts(registration: Registration) -> list[Missing]:
    return [*_parts(registration)]


def _parts(registration: Registration) -> Iterator[Missing]:
    if not registration.fair.roles.filter(role=registration.role).exists():
        yield Missing(_("Role at the fair"), Step.ROLE)
    if not registration.name:
        yield Missing(_("Name on the badge"), Step.ROLE)
    if not registration.organization_label:
        yield Missing(_("Organization"), Step.ROLE)
    if may_meet(registration) and not registration.headline:
        yield Missing(_("One line about you"), Step.PROFILE)
    for question in unanswered(registration, QuestionStage.REGISTRATION):
        yield Missing(question.localized, Step.QUESTIONS)


def may_meet(registration: Registration) -> bool:
    """Whether the role asks or is asked for meetings at this fair."""
    fair, role = registration.fair, registration.role
    pairs = fair.pairs.all()
    return fair.has_meetings and any(role in {pair.asking, pair.asked} for pair in pairs)


def questions_for(registration: Registration, *stages: str) -> list[Question]:
    """The organizer's questions to this person, in their order."""
    questions = registration.fair.questions.order_by("order", "pk")
    if stages:
        questions = questions.filter(stage__in=stages)
    return [question for question in questions if question.is_for(registration.role)]


def unanswered(registration: Registration, *stages: str) -> list[Question]:
    """Required questions without an answer; a file counts once it is there."""
    answers = {answer.question_id: answer for answer in registration.answers.all()}
    return [
        question
        for question in questions_for(registration, *stages)
        if question.is_required and not _is_answered(question, answers.get(question.pk))
    ]


def _is_answered(question: Question, answer) -> bool:
    if answer is None:
        return False
    if question.kind == QuestionKind.FILE:
        return bool(answer.file)
    return answer.value not in ("", [], None)
