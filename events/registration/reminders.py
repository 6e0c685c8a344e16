"""Whom an organizer may remind with one click; rooms above register theirs here."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from events.fairs.models import Fair

from .enums import QuestionStage, RegistrationState
from .models import Registration


@dataclass(frozen=True)
class Reminder:
    """People of a fair who have left something undone, and what they are told."""

    slug: str
    label: str | Promise
    title: str | Promise
    text: str | Promise
    find: Callable[[Fair], QuerySet[Registration]]


_REMINDERS: dict[str, Reminder] = {}


def register_reminder(reminder: Reminder) -> None:
    _REMINDERS[reminder.slug] = reminder


def reminders() -> list[Reminder]:
    return list(_REMINDERS.values())


def find_reminder(slug: str) -> Reminder | None:
    return _REMINDERS.get(slug)


def _drafts(fair: Fair) -> QuerySet[Registration]:
    return fair.registrations.filter(state=RegistrationState.DRAFT)


def _offers(fair: Fair) -> QuerySet[Registration]:
    return fair.registrations.filter(state=RegistrationState.OFFERED)


def _without_entries(fair: Fair) -> QuerySet[Registration]:
    """Those who may meet somebody and have said neither what they bring nor what they look for."""
    if not fair.has_meetings:
        return fair.registrations.none()
    roles = {role for pair in fair.pairs.all() for role in (pair.asking, pair.asked)}
    return fair.registrations.filter(state=RegistrationState.APPROVED, role__in=roles, entries=None)


def _with_open_questions(fair: Fair) -> QuerySet[Registration]:
    """Admitted people with a required question unanswered that is asked after admission."""
    found = Q(pk__in=[])
    asked = fair.questions.filter(is_required=True, stage=QuestionStage.ADMITTED)
    for question in asked:
        answered = question.answers.values("registration")
        for_role = Q(role__in=question.roles) if question.roles else Q()
        found |= for_role & ~Q(pk__in=answered)
    return fair.registrations.filter(found, state=RegistrationState.APPROVED)


register_reminder(
    Reminder(
        "drafts",
        _("Begun and not sent"),
        _("Your registration is not sent yet"),
        _("A few steps are left; what you wrote is kept."),
        _drafts,
    )
)
register_reminder(
    Reminder(
        "offers",
        _("A place offered and not taken"),
        _("A place is kept for you for a short time"),
        _("Take it or leave it before it goes to the next."),
        _offers,
    )
)
register_reminder(
    Reminder(
        "entries",
        _("Neither offer nor need named"),
        _("Say what you bring and what you look for"),
        _("Others find you by it: without an entry hardly anybody asks to meet you."),
        _without_entries,
    )
)
register_reminder(
    Reminder(
        "questions",
        _("Organizer's questions open"),
        _("The organizer has a question for you"),
        _("It takes a minute and helps to prepare the day."),
        _with_open_questions,
    )
)
