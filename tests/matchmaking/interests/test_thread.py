"""The thread: who writes, confidential marks, files, and who reads what."""

import io

import pytest
from django.core.cache import cache
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from matchmaking.interests.enums import Party
from matchmaking.interests.marks import find_marks
from matchmaking.interests.models import Interest, InterestFile, InterestMessage
from matchmaking.interests.services import (
    UnableToChangeInterest,
    decline_interest,
    discard_draft,
    send_message,
)
from portal.accounts.enums import PortalRole
from portal.audit.models import AuditEvent
from portal.notifications.models import Notification
from tests.factories.interests import Town, fresh, person_with
from tests.factories.listings import Institute

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SECRET = "配方见附件，属商业秘密。"


@pytest.fixture(autouse=True)
def storage(monkeypatch, tmp_path):
    field = InterestFile._meta.get_field("file")
    monkeypatch.setattr(field, "storage", FileSystemStorage(tmp_path))
    cache.clear()
    return tmp_path


@pytest.fixture
def town():
    town = Town()
    town.interest = town.express()
    return town


def pdf(name="方案.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.7 plan", "application/pdf")


def write(town, actor, text="请问膜宽可以做到多少？", **more):
    return send_message(actor=actor, interest=town.interest, text=text, **more)


def post(client, town, user, **data):
    client.force_login(user)
    return client.post(reverse("interests:write", args=[town.interest.code]), data, follow=True)


# Writing ------------------------------------------------------------------------------------------


def test_each_side_writes_and_the_other_is_told(town):
    write(town, town.company.owner)
    write(town, town.institute.researcher, "可做到500毫米。")

    sides = list(town.interest.messages.order_by("pk").values_list("side", flat=True))
    assert sides == [Party.SENDER, Party.RECEIVER]
    told = Notification.objects.filter(kind="interest-message").values_list("user", flat=True)
    institute = town.institute
    assert sorted(told) == sorted(
        [institute.owner.pk, institute.editor.pk, institute.researcher.pk, town.company.owner.pk]
    )


def test_a_question_of_the_receiver_is_a_first_reply_but_no_answer(town):
    write(town, town.company.owner)
    assert fresh(town.interest).first_reply_at is None

    message = write(town, town.institute.owner)

    interest = fresh(town.interest)
    assert interest.first_reply_at >= message.sent_at
    assert interest.answered_at is None


def test_members_without_an_office_and_strangers_do_not_write(town):
    people = [
        town.institute.colleague,
        town.company.colleague,
        Institute("滨江力学研究所").owner,
        person_with(PortalRole.BROKER),
        person_with(PortalRole.COMMISSION),
    ]
    refused = []
    for person in people:
        with pytest.raises(UnableToChangeInterest):
            write(town, person)
        refused.append(person)

    assert refused == people
    assert not InterestMessage.objects.exists()


def test_nobody_writes_after_the_end(town):
    decline_interest(actor=town.institute.owner, interest=town.interest, reason="PRICE")

    with pytest.raises(UnableToChangeInterest):
        write(town, town.company.owner)


def test_an_empty_message_comes_back(town, client):
    answer = post(client, town, town.company.owner, text=" ")

    assert list(answer.context["form"].errors) == ["text"]


# Confidential marks -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("本件保密，请勿外传。", ["保密", "请勿外传"]),
        ("CONFIDENTIAL – under NDA", ["CONFIDENTIAL", "NDA"]),
        ("我们的商业秘密与技术秘密", ["秘密"]),
        ("Trade secret inside", ["Trade secret"]),
        ("standard agenda, pandas", []),
        ("膜厚0.1毫米，导热1500。", []),
    ],
)
def test_marks_are_found(text, marks):
    assert find_marks([text]) == marks


def test_a_marked_message_waits_for_the_second_press(town):
    draft = write(town, town.company.owner, SECRET, files=[pdf()])

    assert draft.sent_at is None
    assert not Notification.objects.filter(kind="interest-message").exists()

    sent = write(town, town.company.owner, SECRET, is_confidential=True, is_confirmed=True)

    assert (sent.pk, sent.is_confidential) == (draft.pk, True)
    assert sent.sent_at is not None
    assert [file.name for file in sent.files.all()] == ["方案.pdf"]


def test_a_mark_in_the_name_of_a_file_counts(town):
    assert write(town, town.company.owner, "见附件", files=[pdf("保密配方.pdf")]).sent_at is None


def test_without_the_marks_the_draft_goes_at_once(town):
    write(town, town.company.owner, SECRET)

    assert write(town, town.company.owner, "样品何时能寄？").sent_at is not None
    assert InterestMessage.objects.get().text == "样品何时能寄？"


def test_the_form_keeps_text_and_file_until_it_is_pressed_again(town, client):
    owner = town.company.owner

    page = post(client, town, owner, text=SECRET, attachments=pdf())

    html = page.content.decode()
    assert SECRET in html
    assert "方案.pdf" in html
    assert '<input type="hidden" name="confirm" value="1">' in html
    assert "仍然发送" in html
    post(client, town, owner, text=SECRET, confirm="1")
    message = InterestMessage.objects.get()
    assert message.sent_at is not None
    assert message.files.count() == 1


def test_nobody_else_sees_a_draft(town, client):
    draft = write(town, town.company.owner, SECRET, files=[pdf()])
    file = reverse("interests:file", args=[draft.files.get().pk])
    for reader in (town.institute.owner, town.company.colleague, person_with("AUDITOR")):
        client.force_login(reader)
        assert SECRET not in client.get(town.interest.get_absolute_url()).content.decode()
        assert client.get(file).status_code == 404


def test_a_draft_is_thrown_away_with_its_files(
    town, client, storage, django_capture_on_commit_callbacks
):
    owner = town.company.owner
    write(town, owner, SECRET, files=[pdf()])
    assert len(list(storage.rglob("*.pdf"))) == 1

    with django_capture_on_commit_callbacks(execute=True):
        client.force_login(owner)
        client.post(reverse("interests:discard", args=[town.interest.code]))

    assert not InterestMessage.objects.exists()
    assert list(storage.rglob("*.pdf")) == []
    with pytest.raises(UnableToChangeInterest, match="没有未发送"):
        discard_draft(actor=owner, interest=town.interest)


# Confidential bodies ------------------------------------------------------------------------------


def test_confidential_bodies_are_for_the_two_organizations(town, client):
    broker = person_with(PortalRole.BROKER)
    Interest.objects.filter(pk=town.interest.pk).update(broker=broker)
    message = write(
        town,
        town.company.owner,
        SECRET,
        files=[pdf()],
        is_confidential=True,
        is_confirmed=True,
    )
    file = reverse("interests:file", args=[message.files.get().pk])

    def reads(user):
        client.force_login(user)
        page = client.get(town.interest.get_absolute_url()).content.decode()
        answer = client.get(file)
        b"".join(answer.streaming_content if answer.streaming else [])
        return SECRET in page, "方案.pdf" in page, answer.status_code

    assert reads(town.institute.colleague) == (True, True, 200)
    assert reads(broker) == (False, False, 404)
    assert reads(person_with(PortalRole.AUDITOR)) == (False, False, 404)
    assert not Notification.objects.filter(user=broker).exists()


def test_the_auditor_reads_what_is_not_marked(town, client):
    write(town, town.company.owner, "请问膜宽？")
    client.force_login(person_with(PortalRole.AUDITOR))

    page = client.get(town.interest.get_absolute_url()).content.decode()

    assert "请问膜宽？" in page
    assert town.company.owner.name not in page


# Files --------------------------------------------------------------------------------------------


def test_a_file_lies_under_a_random_name_and_is_read_on_record(town, client, storage):
    file = write(town, town.company.owner, files=[pdf()]).files.get()
    reader = town.institute.researcher
    client.force_login(reader)

    answer = client.get(reverse("interests:file", args=[file.pk]))

    assert "方案" not in file.file.name
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert io.BytesIO(b"".join(answer.streaming_content)).read() == b"%PDF-1.7 plan"
    event = AuditEvent.objects.get(action="interests.read_file")
    assert (event.actor, event.payload) == (reader, {"file": file.pk})


@pytest.mark.parametrize("role", [None, PortalRole.BROKER, PortalRole.REVIEWER])
def test_a_file_is_not_there_for_others(town, client, role):
    file = write(town, town.company.owner, files=[pdf()]).files.get()
    other = person_with(role) if role else Institute("滨江力学研究所").owner
    client.force_login(other)

    assert client.get(reverse("interests:file", args=[file.pk])).status_code == 404
    assert not AuditEvent.objects.filter(action="interests.read_file").exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [("plan.pdf", b"<html><script>"), ("run.exe", b"MZ"), ("leer.pdf", b"")],
)
def test_a_file_is_checked_by_its_content(town, client, name, content):
    answer = post(
        client,
        town,
        town.company.owner,
        text="见附件",
        attachments=SimpleUploadedFile(name, content),
    )

    assert list(answer.context["form"].errors) == ["attachments"]
    assert not InterestFile.objects.exists()


def test_several_files_go_with_one_message_but_not_too_many(town, client, storage):
    owner = town.company.owner
    post(client, town, owner, text="两份材料", attachments=[pdf("一.pdf"), pdf("二.pdf")])
    assert InterestMessage.objects.get().files.count() == 2

    many = [pdf(f"{number}.pdf") for number in range(6)]
    answer = post(client, town, owner, text="太多", attachments=many)

    assert "最多附5个文件" in answer.content.decode()
    assert "太多" in answer.content.decode()
    assert len(list(storage.rglob("*.pdf"))) == 2
