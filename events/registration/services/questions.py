"""The organizer's questions and what people answer."""

import secrets
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from events.fairs.models import Fair
from portal.accounts.models import User
from portal.audit.services import record

from ..checks import questions_for
from ..enums import CHOICE_KINDS, QuestionKind
from ..models import Answer, Question, Registration
from ..rules import can_edit_questions, can_edit_registration, can_read_registration
from .changes import UnableToRegister, lock, require

MOST_QUESTIONS = 30


@transaction.atomic
def save_question(
    *, actor: User, fair: Fair, values: Mapping[str, Any], question: Question | None = None
) -> Question:
    """Add or change a question. Raises when the kind of an answered one would change."""
    require(can_edit_questions(actor, fair))
    if values["kind"] in CHOICE_KINDS and len(values["choices"]) < 2:
        raise UnableToRegister(_("Give at least two choices, one on each line."))
    if question is None:
        if fair.questions.count() >= MOST_QUESTIONS:
            raise UnableToRegister(_("At most %(most)d questions.") % {"most": MOST_QUESTIONS})
        question = Question(fair=fair, order=fair.questions.count() + 1)
    elif question.kind != values["kind"] and question.answers.exists():
        raise UnableToRegister(_("People have answered it: its kind stays. Add another question."))
    for name, value in values.items():
        setattr(question, name, value)
    question.save()
    record(
        actor=actor,
        action="registration.save_question",
        target=fair,
        organization_id=fair.organizer_id,
        label=question.label,
    )
    return question


@transaction.atomic
def remove_question(*, actor: User, question: Question) -> None:
    """Take a question out with its answers."""
    fair = question.fair
    require(can_edit_questions(actor, fair))
    label, answers = question.label, question.answers.count()
    question.delete()
    record(
        actor=actor,
        action="registration.remove_question",
        target=fair,
        organization_id=fair.organizer_id,
        label=label,
        answers=answers,
    )


@transaction.atomic
def answer_questions(
    *,
    actor: User,
    registration: Registration,
    answers: Mapping[int, Any],
    stages: Sequence[str] = (),
) -> Registration:
    """Store question id → value; files are kept under random names, a missing one keeps the old."""
    registration = lock(registration)
    require(can_edit_registration(actor, registration))
    for question in questions_for(registration, *stages):
        value = answers.get(question.pk)
        if question.kind == QuestionKind.FILE:
            if value:
                _keep_file(registration, question, value)
            continue
        if value in (None, "", []):
            registration.answers.filter(question=question).delete()
            continue
        Answer.objects.update_or_create(
            registration=registration, question=question, defaults={"value": value}
        )
    return registration


def _keep_file(registration: Registration, question: Question, file: File) -> None:
    answer, _created = Answer.objects.get_or_create(registration=registration, question=question)
    answer.value = PurePath(file.name or "").name[:120]
    suffix = PurePath(file.name or "").suffix.lower()
    answer.file.save(f"{secrets.token_urlsafe(18)}{suffix}", file)


def record_reading(*, actor: User, answer: Answer) -> None:
    """Log that somebody else than the person read a file. Raises for who may not."""
    registration = answer.registration
    require(can_read_registration(actor, registration))
    if registration.person_id != actor.pk:
        record(
            actor=actor,
            action="registration.read_file",
            target=registration,
            organization_id=registration.fair.organizer_id,
        )
