"""What registrations tell the room below: how many there are, who is told, what is copied."""

from django.utils.functional import Promise

from events.fairs.models import Fair
from events.fairs.ties import register_copier, register_registrations, register_teller

from .models import Question, Registration
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


register_registrations(count_registrations)
register_teller(tell_people)
register_copier(copy_questions)
