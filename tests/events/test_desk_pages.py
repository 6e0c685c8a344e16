"""The organizer's desk: queue, questions, guests, mails, reminders, files; closed to others."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from events.registration.models import Mailing, Question, Registration
from portal.accounts.enums import VerificationLevel
from portal.audit.models import AuditEvent
from portal.notifications.models import Notification
from tests.factories.accounts import MembershipFactory
from tests.factories.fair_pages import Desk
from tests.factories.fairs import Hall, fresh, person_with

pytestmark = [pytest.mark.django_db, pytest.mark.database]
ORGANIZER_PAGES = ("people", "questions", "guests", "mailings", "badges")


def test_several_are_decided_on_the_queue(client):
    hall = Hall()
    pending = [hall.sent() for _number in range(3)]
    desk = Desk(client, hall.owner, hall.fair)
    assert all(each.name in desk.get("registration:people") for each in pending)

    empty = desk.post("registration:decide", decision="approve")
    desk.post("registration:decide", decision="approve", registration=[pending[0].pk])
    desk.post("registration:decide", decision="reject", registration=[pending[1].pk])
    desk.post(
        "registration:decide",
        decision="reject",
        registration=[pending[1].pk],
        reason="本场只限新材料",
        next=desk.address("registration:people") + "?shelf=pending",
    )

    assert empty.status_code == 302
    assert [fresh(each).state for each in pending] == ["APPROVED", "REJECTED", "PENDING"]


def test_a_decision_leads_to_no_foreign_page(client):
    hall = Hall()
    registration = hall.sent()
    desk = Desk(client, hall.owner, hall.fair)

    answer = desk.post(
        "registration:decide",
        decision="approve",
        registration=[registration.pk],
        next="https://evil.example/",
    )

    assert answer.url == desk.address("registration:people")


def test_the_queue_is_filtered(client):
    hall = Hall()
    wanted, other = hall.sent(name="甲方代表"), hall.sent(name="乙方代表", role="INSTITUTE")
    desk = Desk(client, hall.owner, hall.fair)

    for query in ("?q=甲方", "?role=ENTERPRISE"):
        text = desk.get("registration:people", query=query)
        assert (wanted.name in text, other.name in text) == (True, False)
    assert wanted.name not in desk.get("registration:people", query="?shelf=admitted")


def test_one_registration_shows_its_answers_and_what_was_told(client):
    hall = Hall()
    question = Question.objects.create(fair=hall.fair, label="用餐要求")
    registration = hall.sent()
    registration.answers.create(question=question, value="素食")

    text = Desk(client, hall.owner, hall.fair).get("registration:person", registration.pk)

    assert registration.email in text
    assert "素食" in text
    assert "报名已提交，等待审核" in text


def test_drafts_are_nobodys_business(client):
    hall = Hall()
    draft = hall.draft()
    desk = Desk(client, hall.owner, hall.fair)

    desk.get("registration:person", draft.pk, status=404)
    assert draft.name not in desk.get("registration:people")


def test_questions_are_added_changed_and_taken_out(client):
    hall = Hall()
    desk = Desk(client, hall.owner, hall.fair)
    data = {"label": "用餐要求", "kind": "CHOICE", "stage": "ADMITTED", "is_required": "on"}

    few = desk.post("registration:questions", **data, choice_lines="素食")
    desk.post("registration:questions", **data, choice_lines="素食\n清真\n素食", roles=["EXPERT"])
    question = Question.objects.get()
    made = (question.choices, question.roles, question.stage, question.is_required)
    desk.get("registration:question", question.pk)
    changed = {**data, "label": "用餐", "choice_lines": "素食\n不限"}
    desk.post("registration:question", question.pk, **changed)
    label = fresh(question).label
    desk.post("registration:question", question.pk, remove=1)

    assert few.status_code == 422
    assert made == (["素食", "清真"], ["EXPERT"], "ADMITTED", True)
    assert (label, Question.objects.count()) == ("用餐", 0)


def test_a_guest_list_is_checked_and_written_on_its_pages(
    client, django_capture_on_commit_callbacks
):
    hall = Hall()
    desk = Desk(client, hall.owner, hall.fair)
    desk.get("registration:guests")
    text = "姓名,邮箱,单位\n李湖,lihu@example.com,湖畔电子\n王堤,错误,某所"
    for content, name in ((text, "no.csv"), (text.replace("错误", "w@example.com"), "yes.csv")):
        with django_capture_on_commit_callbacks(execute=True):
            answer = desk.post(
                "registration:guests", file=SimpleUploadedFile(name, content.encode())
            )
        report = client.get(answer.url).content.decode()
    pk = int(answer.url.rstrip("/").rsplit("/", 1)[1])
    assert "确认导入并发出邀请" in report

    with django_capture_on_commit_callbacks(execute=True):
        done = desk.post("registration:write-guests", pk)

    assert "已导入并通知嘉宾" in client.get(done.url).content.decode()
    assert Registration.objects.filter(state="APPROVED").count() == 2
    Desk(client, Hall().owner, hall.fair).get("registration:guest-report", pk, status=404)


def test_a_mail_is_looked_at_before_it_is_sent(client, django_capture_on_commit_callbacks):
    hall = Hall()
    admitted = hall.admitted(name="李湖")
    desk = Desk(client, hall.owner, hall.fair)
    words = {
        "subject": "停车安排",
        "subject_en": "Parking",
        "body": "{name}您好，请走东门。",
        "body_en": "Dear {name}",
        "states": ["APPROVED"],
    }

    answer = desk.post("registration:mailings", **words)
    preview = client.get(answer.url).content.decode()
    nothing_yet = Notification.objects.filter(kind="fair-mailing").count()
    with django_capture_on_commit_callbacks(execute=True):
        desk.post("registration:mailing", Mailing.objects.get().pk, send=1)

    assert "李湖您好，请走东门。" in preview
    assert "Dear 李湖" in preview
    assert nothing_yet == 0
    assert admitted.person.notifications.filter(kind="fair-mailing").count() == 1
    assert "停车安排" in desk.get("registration:mailings")


def test_one_click_reminds_exactly_those(client):
    hall = Hall()
    draft, sent = hall.draft(), hall.sent()
    desk = Desk(client, hall.owner, hall.fair)
    assert "报名未提交" in desk.get("fairs:fair")

    for _time in range(2):
        desk.post("registration:remind", "drafts")
    unknown = desk.post("registration:remind", "nobody")

    assert draft.person.notifications.filter(kind="fair-reminder").count() == 1
    assert not sent.person.notifications.filter(kind="fair-reminder").exists()
    assert unknown.status_code == 404


def test_the_dashboard_counts(client):
    hall = Hall()
    hall.limit(total=50, enterprise=2)
    hall.admitted()
    hall.sent(role="INSTITUTE")

    text = Desk(client, hall.owner, hall.fair).get("fairs:fair")

    assert "总名额50人，已占1人。" in text
    assert "近14天各身份报名人数" in text


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_the_people_are_exported_and_that_is_on_record(client, suffix):
    hall = Hall()
    hall.admitted(name="=cmd()")
    desk = Desk(client, hall.owner, hall.fair)

    content = desk.client.get(desk.address("registration:export", suffix)).content

    assert AuditEvent.objects.filter(action="registration.export_people").count() == 1
    if suffix == "csv":
        assert content.startswith(b"\xef\xbb\xbf")
        assert "'=cmd()" in content.decode()
    desk.get("registration:export", "pdf", status=404)


def test_badges_come_as_a_sheet_with_the_ticket_alone_in_the_code(client):
    hall = Hall()
    desk = Desk(client, hall.owner, hall.fair)
    nobody = desk.get("registration:badges", status=302)
    for number in range(9):
        hall.admitted(name="李湖" if number else "欧阳名字特别长的嘉宾")

    answer = desk.client.get(desk.address("registration:badges"))

    assert nobody.url == desk.address("registration:people")
    assert answer.content.startswith(b"%PDF")
    assert answer.content.count(b"/Type /Page\n") == 2
    assert answer.content == desk.client.get(desk.address("registration:badges")).content


@pytest.mark.parametrize("page", ORGANIZER_PAGES)
def test_the_desk_is_closed_to_others(client, page):
    hall = Hall()
    registration = hall.admitted()
    partner = MembershipFactory(role="OWNER")
    partner.organization.verification_level = VerificationLevel.LICENCE
    partner.organization.save()

    for user in (registration.person, hall.member, hall.reviewer, partner.user):
        Desk(client, user, hall.fair).get(f"registration:{page}", status=404)


def test_those_who_oversee_read_and_change_nothing(client):
    hall = Hall()
    registration = hall.sent()
    desk = Desk(client, person_with("AUDITOR"), hall.fair)

    for name in ("fairs:fair", "fairs:check", "registration:people"):
        desk.get(name)
    desk.get("registration:person", registration.pk)
    for name in ("fairs:grid", "fairs:tables", "registration:questions", "registration:badges"):
        desk.get(name, status=404)
    answer = desk.post("registration:decide", decision="approve", registration=[registration.pk])
    assert answer.status_code == 404


def test_only_what_is_open_is_offered_for_a_decision(client):
    hall = Hall()
    pending, admitted = hall.sent(), hall.admitted()
    desk = Desk(client, hall.owner, hall.fair)

    offered = {
        each.state: 'name="decision"' in desk.get("registration:person", each.pk)
        for each in (pending, admitted)
    }

    assert offered == {"PENDING": True, "APPROVED": False}
