"""What registrations tell the rooms below: how many, who is told, what is copied and exported."""

from typing import Any

from django.utils import timezone
from django.utils.functional import Promise

from events.fairs.models import Fair
from events.fairs.ties import register_copier, register_registrations, register_teller
from portal.accounts.exports import register_export
from portal.accounts.models import User

from .models import Mailing, Question, Registration
from .services import tell


def count_registrations(fair: Fair) -> int:
    return Registration.objects.filter(fair=fair).sent().count()


def tell_people(
    fair: Fair, *, kind: str, title: str | Promise, body: str | Promise, key: str
) -> int:
    people = Registration.objects.filter(fair=fair).concerned()
    return sum(
        tell(registration, kind=kind, title=title, body=body, key=key)
        for registration in people.select_related("person", "fair").order_by("pk")
    )


def copy_questions(source: Fair, target: Fair) -> None:
    questions = list(source.questions.order_by("order", "pk"))
    for question in questions:
        question.pk, question.fair = None, target
    Question.objects.bulk_create(questions)


def copy_mails(source: Fair, target: Fair) -> None:
    """The texts of the mails, to be looked through and sent again; who wrote them is not copied."""
    mails = list(source.mailings.order_by("pk"))
    for mail in mails:
        mail.pk, mail.fair, mail.author = None, target, None
        mail.created_at, mail.sent_at, mail.done_at = timezone.now(), None, None
    Mailing.objects.bulk_create(mails)


def export_registrations(user: User) -> list[dict[str, Any]]:
    """Everything that somebody wrote into the own registrations."""
    rows = Registration.objects.filter(person=user).select_related("fair", "organization")
    rows = rows.prefetch_related(
        "industries", "entries", "answers__question", "availabilities__slot"
    )
    return [
        {
            "fair": row.fair.code,
            "role": row.role,
            "state": row.state,
            "name": row.name,
            "email": row.email,
            "organization": row.organization_label,
            "post": row.post,
            "headline": row.headline,
            "introduction": row.introduction,
            "industries": [term.code for term in row.industries.all()],
            "needs_accessible_table": row.needs_accessible_table,
            "submitted_at": row.submitted_at and row.submitted_at.isoformat(),
            "entries": [
                {"kind": each.kind, "title": each.title, "summary": each.summary}
                for each in row.entries.all()
            ],
            "answers": {each.question.label: each.shown for each in row.answers.all()},
            "availability": [
                {"slot": each.slot.starts_at.isoformat(), "state": each.state}
                for each in row.availabilities.all()
            ],
        }
        for row in rows.order_by("pk")
    ]


register_registrations(count_registrations)
register_teller(tell_people)
register_copier(copy_questions)
register_copier(copy_mails)
register_export("fair_registrations", export_registrations)
