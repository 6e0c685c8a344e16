"""Mails of the organizer, reminders, questions and answers."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from events.registration.models import Answer, Question, Registration
from events.registration.reminders import find_reminder, reminders
from events.registration.services import (
    UnableToRegister,
    answer_questions,
    deliver_mailing,
    recipients_of,
    remind,
    remove_question,
    save_question,
    send_mailing,
    set_entries,
    submit_registration,
    sweep_registrations,
    write_mailing,
)
from tests.factories.accounts import UserFactory
from tests.factories.fairs import ALL_CONSENTS, Hall, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.database]

WORDS = {
    "subject": "{fair}：停车安排",
    "subject_en": "{fair}: parking",
    "body": "{name}您好，请走东门。",
    "body_en": "Dear {name}, please use the east gate.",
    "states": ["APPROVED"],
    "roles": [],
}


def written(hall, **more):
    return write_mailing(actor=hall.owner, fair=hall.fair, values={**WORDS, **more})


def test_a_mail_reaches_those_whom_it_is_for_in_their_language(
    django_capture_on_commit_callbacks,
):
    hall = Hall()
    admitted = hall.admitted(person=UserFactory(name="李湖"))
    english = hall.admitted(person=UserFactory(name="Ada", language="en"))
    hall.sent()
    mailing = written(hall)
    mail.outbox.clear()

    with django_capture_on_commit_callbacks(execute=True):
        send_mailing(actor=hall.owner, mailing=mailing)

    assert [(each.to, each.subject) for each in mail.outbox] == [
        ([admitted.email], "新材料供需对接会：停车安排"),
        ([english.email], "新材料供需对接会: parking"),
    ]
    assert "李湖您好，请走东门。" in mail.outbox[0].body
    assert "Dear Ada, please use the east gate." in mail.outbox[1].body


def test_a_mail_may_be_for_one_role():
    hall = Hall()
    hall.admitted()
    institute = hall.admitted(role="INSTITUTE")

    assert list(recipients_of(written(hall, roles=["INSTITUTE"]))) == [institute]


def test_a_mail_is_sent_once_and_nobody_gets_it_twice(django_capture_on_commit_callbacks):
    hall = Hall()
    admitted, mailing = hall.admitted(), written(hall)
    with django_capture_on_commit_callbacks(execute=True):
        sent = send_mailing(actor=hall.owner, mailing=mailing)

    deliver_mailing(mailing=sent)
    with pytest.raises(UnableToRegister):
        send_mailing(actor=hall.owner, mailing=sent)
    with pytest.raises(UnableToRegister):
        write_mailing(actor=hall.owner, fair=hall.fair, values=WORDS, mailing=sent)

    assert admitted.deliveries.filter(key=f"mailing:{mailing.pk}").count() == 1
    assert admitted.person.notifications.filter(kind="fair-mailing").count() == 1


def test_a_mail_whose_task_was_lost_is_sent_by_the_sweep():
    hall = Hall()
    admitted = hall.admitted()
    send_mailing(actor=hall.owner, mailing=written(hall))
    assert not admitted.deliveries.filter(key__startswith="mailing").exists()

    sweep_registrations()

    assert admitted.deliveries.filter(key__startswith="mailing").count() == 1


def test_a_mail_to_nobody_is_refused():
    hall = Hall()

    with pytest.raises(UnableToRegister):
        send_mailing(actor=hall.owner, mailing=written(hall))


def test_others_mail_nobody():
    hall = Hall()
    mailing = written(hall)

    for user in (hall.member, hall.reviewer, UserFactory()):
        with pytest.raises(UnableToRegister):
            write_mailing(actor=user, fair=hall.fair, values=WORDS)
        with pytest.raises(UnableToRegister):
            send_mailing(actor=user, mailing=mailing)
        with pytest.raises(UnableToRegister):
            remind(actor=user, fair=hall.fair, reminder=find_reminder("drafts"))


def test_each_reminder_finds_exactly_those_it_is_about():
    hall = Hall()
    Question.objects.create(
        fair=hall.fair, label="用餐要求", is_required=True, stage="ADMITTED", roles=["ENTERPRISE"]
    )
    draft = hall.draft()
    bare = hall.admitted()
    full = hall.admitted()
    set_entries(
        actor=full.person,
        registration=full,
        entries=[{"kind": "SEEK", "title": "导热膜", "summary": ""}],
    )
    answered = hall.admitted(role="INSTITUTE")
    Registration.objects.filter(pk=answered.pk).update(state="OFFERED")

    found = {each.slug: list(each.find(hall.fair).order_by("pk")) for each in reminders()}

    assert found == {
        "drafts": [draft],
        "offers": [answered],
        "entries": [bare],
        "questions": [bare, full],
        "requests": [],
        "answers": [],
    }


def test_a_reminder_goes_to_each_once_in_two_days(time_machine):
    hall = Hall()
    draft, reminder = hall.draft(), find_reminder("drafts")

    first = remind(actor=hall.owner, fair=hall.fair, reminder=reminder)
    second = remind(actor=hall.owner, fair=hall.fair, reminder=reminder)
    time_machine.move_to(timezone.now() + timedelta(days=2, hours=1))
    third = remind(actor=hall.owner, fair=hall.fair, reminder=reminder)

    assert (first, second, third) == (1, 0, 1)
    assert draft.person.notifications.filter(kind="fair-reminder").count() == 2


def ask(hall, **values):
    given = {"kind": "TEXT", "label": "参会目的", "choices": [], **values}
    return save_question(actor=hall.owner, fair=hall.fair, values=given)


def test_a_required_question_is_to_be_answered_before_sending():
    hall = Hall()
    question = ask(hall, is_required=True)
    registration = hall.draft()
    person = registration.person

    with pytest.raises(UnableToRegister, match="参会目的"):
        submit_registration(actor=person, registration=registration, consents=ALL_CONSENTS)
    answer_questions(actor=person, registration=registration, answers={question.pk: "找材料"})

    sent = submit_registration(actor=person, registration=registration, consents=ALL_CONSENTS)
    assert sent.state == "PENDING"


@pytest.mark.parametrize(
    "values", [{"roles": ["INSTITUTE"], "is_required": True}, {"stage": "ADMITTED"}]
)
def test_questions_for_others_or_for_later_stop_nobody(values):
    hall = Hall()
    ask(hall, **{"is_required": True, **values})

    assert hall.sent().state == "PENDING"


def test_answers_are_kept_replaced_and_emptied():
    hall = Hall()
    text, several = ask(hall), ask(hall, kind="SEVERAL", choices=["素食", "清真"])
    registration = hall.draft()

    for answers in (
        {text.pk: "找材料", several.pk: ["素食", "清真"]},
        {text.pk: "", several.pk: ["清真"]},
    ):
        answer_questions(actor=registration.person, registration=registration, answers=answers)

    assert [(each.question, each.shown) for each in Answer.objects.all()] == [(several, "清真")]


def test_a_file_is_kept_under_a_random_name_and_stays_when_none_is_sent():
    hall = Hall()
    question, registration = ask(hall, kind="FILE"), hall.draft()
    file = SimpleUploadedFile("公司介绍.pdf", b"%PDF-1.4")

    for answers in ({question.pk: file}, {}):
        answer_questions(actor=registration.person, registration=registration, answers=answers)

    answer = Answer.objects.get()
    assert answer.shown == "公司介绍.pdf"
    assert "公司介绍" not in answer.file.name
    assert answer.file.name.endswith(".pdf")


def test_a_choice_has_at_least_two():
    hall = Hall()

    with pytest.raises(UnableToRegister):
        ask(hall, kind="CHOICE", choices=["素食"])


def test_the_kind_of_an_answered_question_stays():
    hall = Hall()
    question, registration = ask(hall), hall.draft()
    answer_questions(
        actor=registration.person, registration=registration, answers={question.pk: "找材料"}
    )

    with pytest.raises(UnableToRegister):
        save_question(
            actor=hall.owner,
            fair=hall.fair,
            question=question,
            values={"kind": "NUMBER", "label": "几个人", "choices": []},
        )
    assert fresh(question).kind == "TEXT"


def test_there_are_not_more_questions_than_people_answer():
    hall = Hall()
    Question.objects.bulk_create(Question(fair=hall.fair, label="x") for _number in range(30))

    with pytest.raises(UnableToRegister):
        ask(hall)


def test_others_ask_nothing():
    hall = Hall()
    question = ask(hall)

    for user in (hall.member, hall.reviewer):
        with pytest.raises(UnableToRegister):
            save_question(actor=user, fair=hall.fair, values={"kind": "TEXT", "choices": []})
        with pytest.raises(UnableToRegister):
            remove_question(actor=user, question=question)


def test_a_question_goes_with_its_answers():
    hall = Hall()
    question, registration = ask(hall), hall.draft()
    answer_questions(
        actor=registration.person, registration=registration, answers={question.pk: "找材料"}
    )

    remove_question(actor=hall.owner, question=question)

    assert Answer.objects.count() == 0
