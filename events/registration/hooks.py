"""What registrations tell the room below: how many there are, who is told, what is copied."""

from django.utils import timezone
from django.utils.functional import Promise

from events.fairs.models import Fair
from events.fairs.ties import register_copier, register_registrations, register_teller

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


register_registrations(count_registrations)
register_teller(tell_people)
register_copier(copy_questions)
register_copier(copy_mails)
