"""The guest list: dry run by row and field, all rows or none, invitations, claims."""

import io

import openpyxl
import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from events.registration.models import Registration
from events.registration.services import (
    UnableToRegister,
    begin_registration,
    import_guests,
    upload_guests,
)
from portal.jobs.models import Job
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.fairs import Hall, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.database]

HEAD = ["姓名", "电子邮箱", "单位", "职务", "身份"]
LI = ["李湖", "lihu@example.com", "湖畔电子有限公司", "技术总监", "企业"]
WANG = ["王堤", "WangDi@example.com", "钱塘力学研究所", "研究员", "科研院所"]


def csv_file(*rows, encoding="utf-8", name="guests.csv"):
    text = "\n".join(",".join(row) for row in [HEAD, *rows])
    return SimpleUploadedFile(name, text.encode(encoding))


def xlsx_file(*rows):
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in [HEAD, *rows]:
        book.active.append(row)
    book.save(content)
    return SimpleUploadedFile("guests.xlsx", content.getvalue())


class Desk:
    """The organizer's desk: a dry run, then the writing, each with what hangs on the commit."""

    def __init__(self, hall, capture):
        self.hall, self.capture = hall, capture

    def check(self, file):
        with self.capture(execute=True):
            job = upload_guests(actor=self.hall.owner, fair=self.hall.fair, file=file)
        return fresh(job)

    def write(self, job):
        with self.capture(execute=True):
            written = import_guests(actor=self.hall.owner, fair=self.hall.fair, checked=job)
        return fresh(written)

    def bring_in(self, file):
        return self.write(self.check(file))


@pytest.fixture
def desk(django_capture_on_commit_callbacks):
    return Desk(Hall(), django_capture_on_commit_callbacks)


def guests():
    rows = Registration.objects.order_by("pk")
    return list(rows.values_list("name", "email", "organization_name", "role", "state"))


ADMITTED = [
    ("李湖", "lihu@example.com", "湖畔电子有限公司", "ENTERPRISE", "APPROVED"),
    ("王堤", "wangdi@example.com", "钱塘力学研究所", "INSTITUTE", "APPROVED"),
]


@pytest.mark.parametrize(
    "file",
    [
        csv_file(LI, WANG),
        csv_file(LI, WANG, encoding="utf-8-sig"),
        csv_file(LI, WANG, encoding="gbk"),
        xlsx_file(LI, WANG),
    ],
    ids=["utf-8", "with a mark", "gbk", "xlsx"],
)
def test_guests_of_a_table_are_admitted(desk, file):
    file.seek(0)

    written = desk.bring_in(file)

    assert (written.state, written.result["new"]) == ("SUCCEEDED", 2)
    assert guests() == ADMITTED


def test_a_dry_run_writes_nothing(desk):
    job = desk.check(csv_file(LI))

    assert job.result == {
        "wrong": 0,
        "errors": [],
        "ignored": [],
        "new": 1,
        "changed": 0,
        "unchanged": 0,
    }
    assert guests() == []


def test_what_is_wrong_is_said_by_row_and_field(desk):
    rows = [
        ["", "x@example.com", "某公司", "", "企业"],
        ["赵一", "no-address", "某公司", "", "企业"],
        ["钱二", "q@example.com", "某公司", "", "外星人"],
        ["孙三", "s@example.com", "某公司", "", "媒体"],
        LI,
        LI,
    ]

    job = desk.check(csv_file(*rows))

    assert [(error["row"], error["heading"]) for error in job.result["errors"]] == [
        (2, "姓名"),
        (3, "电子邮箱"),
        (4, "身份"),
        (5, "身份"),
        (7, "电子邮箱"),
    ]
    with pytest.raises(UnableToRegister):
        desk.write(job)
    assert guests() == []


def test_a_missing_column_is_named(desk):
    job = desk.check(SimpleUploadedFile("guests.csv", "姓名,单位\n李湖,某公司".encode()))

    assert job.result["message"] == "缺少列：电子邮箱。"


def test_where_the_places_end_the_rows_are_wrong(desk):
    desk.hall.limit(total=1)

    job = desk.check(csv_file(LI, WANG))

    assert [(error["row"], error["heading"]) for error in job.result["errors"]] == [(3, "身份")]


def test_places_that_went_meanwhile_stop_the_whole_writing(desk):
    desk.hall.limit(total=2)
    job = desk.check(csv_file(LI, WANG))
    desk.hall.admitted()

    with pytest.raises(UnableToRegister):
        desk.write(job)

    assert Registration.objects.count() == 1
    assert Job.objects.get(kind="guests-write").state == "FAILED"


def test_the_same_list_twice_changes_nothing_and_invites_nobody_twice(desk):
    desk.bring_in(csv_file(LI, WANG))
    mail.outbox.clear()

    again = desk.bring_in(csv_file(LI, WANG))

    assert (again.result["new"], again.result["unchanged"]) == (0, 2)
    assert guests() == ADMITTED
    assert mail.outbox == []


def test_a_corrected_row_changes_the_guest(desk):
    desk.bring_in(csv_file(LI))

    written = desk.bring_in(csv_file([*LI[:3], "总经理", "企业"]))

    assert written.result["changed"] == 1
    assert Registration.objects.get().post == "总经理"


def test_who_registered_alone_keeps_the_own_words(desk):
    own = desk.hall.sent(person=UserFactory(email="lihu@example.com"))

    written = desk.bring_in(csv_file(LI))

    assert written.result["unchanged"] == 1
    assert fresh(own).name == own.name


def test_a_list_is_written_once(desk):
    job = desk.check(csv_file(LI))
    desk.write(job)

    with pytest.raises(UnableToRegister):
        desk.write(job)


def test_who_has_no_account_is_invited_by_mail_in_both_languages(desk):
    desk.bring_in(csv_file(LI))

    [message] = [each for each in mail.outbox if each.to == ["lihu@example.com"]]
    assert message.subject == "邀请您参加活动，席位已预留"
    assert "You are invited to a fair" in message.body
    assert f"/fairs/{desk.hall.fair.code}/registration/" in message.body


def test_who_has_an_account_finds_it_in_the_workspace(desk):
    user = UserFactory(email="lihu@example.com")

    desk.bring_in(csv_file(LI))

    assert Registration.objects.get().person == user
    assert user.notifications.get().kind == "fair-invitation"


def test_a_known_organization_is_linked_by_its_name(desk):
    organization = OrganizationFactory(name="湖畔电子有限公司")

    desk.bring_in(csv_file(LI))

    assert Registration.objects.get().organization == organization


def test_a_guest_claims_the_place_with_the_confirmed_address(desk):
    desk.bring_in(csv_file(LI))
    user = UserFactory(email="lihu@example.com")

    registration = begin_registration(actor=user, fair=desk.hall.fair)

    assert (registration.person, registration.state) == (user, "APPROVED")
    assert Registration.objects.count() == 1


def test_an_address_that_is_not_confirmed_claims_nothing(desk):
    desk.bring_in(csv_file(LI))
    user = UserFactory(email="lihu@example.com")
    EmailAddress.objects.filter(user=user).update(verified=False)

    with pytest.raises(UnableToRegister):
        begin_registration(actor=user, fair=desk.hall.fair)

    assert Registration.objects.get().person is None


def test_others_bring_in_nobody(desk):
    hall = desk.hall

    for user in (hall.member, hall.reviewer, UserFactory()):
        with pytest.raises(UnableToRegister):
            upload_guests(actor=user, fair=hall.fair, file=csv_file(LI))


def test_a_list_checked_for_one_fair_is_not_written_to_another(desk):
    job, other = desk.check(csv_file(LI)), Hall()

    with pytest.raises(UnableToRegister):
        import_guests(actor=desk.hall.owner, fair=other.fair, checked=job)
    with pytest.raises(UnableToRegister):
        import_guests(actor=other.owner, fair=other.fair, checked=job)
