"""The pages of planning and registering, walked as people do, without JavaScript."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from events.fairs import services as fairs
from events.fairs.models import Fair, RolePair
from events.registration.models import Entry, Mailing, Question, Registration
from events.registration.services import set_consents
from portal.accounts.enums import VerificationLevel
from portal.accounts.models import Consent
from portal.audit.models import AuditEvent
from portal.notifications.models import Notification
from portal.taxonomy.models import District, Industry
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.fairs import Hall, fresh, in_days, person_with
from tests.factories.listings import Institute
from tests.factories.needs import Company

pytestmark = [pytest.mark.django_db, pytest.mark.database]

CONSENTS = {"FAIR_ORGANIZER": "on", "FAIR_PEERS": "on"}


class Desk:
    """One person at a browser: pages by their names for one fair."""

    def __init__(self, client, user, fair=None):
        self.client, self.fair = client, fair
        client.logout()
        if user:
            client.force_login(user)

    def address(self, name, *args):
        return reverse(name, args=[self.fair.code, *args] if self.fair else args)

    def get(self, name, *args, query="", status=200):
        answer = self.client.get(self.address(name, *args) + query)
        assert answer.status_code == status, (name, answer.status_code)
        return answer.content.decode() if status == 200 else answer

    def post(self, name, /, *args, **data):
        return self.client.post(self.address(name, *args), data)


def written(moment):
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


def test_a_fair_is_planned_in_steps_and_sent_to_review(client):
    hall = Hall(state="DRAFT")
    desk = Desk(client, hall.owner)
    district = District.objects.get(code="330106")

    answer = desk.post(
        "fairs:new",
        organizer=hall.organizer.pk,
        title="光伏对接会",
        kind="MATCHMAKING",
        starts_at=written(in_days(40)),
        ends_at=written(in_days(40, 17)),
        venue="三号厅",
        district=district.pk,
    )
    desk.fair = Fair.objects.latest("pk")
    assert answer.url == desk.address("fairs:step", "basics")
    steps = {
        "basics": {
            "title": "光伏对接会",
            "kind": "MATCHMAKING",
            "summary": "谁见谁",
            "body": "正文",
            "industries": [Industry.objects.get(code="new_energy").pk],
            "languages": ["zh", "en"],
            "co_organizers": hall.organizer.name,
        },
        "place": {
            "starts_at": written(in_days(40)),
            "ends_at": written(in_days(40, 17)),
            "venue": "三号厅",
            "district": district.pk,
            "address": "湖墅南路1号",
        },
        "people": {
            "capacity": 100,
            "admit_ENTERPRISE": "on",
            "places_ENTERPRISE": 60,
            "admit_INSTITUTE": "on",
            "pair_ENTERPRISE_INSTITUTE": "on",
        },
        "dates": {
            "registration_opens_at": written(in_days(1)),
            "registration_closes_at": written(in_days(35)),
            "requests_open_at": written(in_days(20)),
            "requests_close_at": written(in_days(36)),
            "request_mode": "OPT_IN",
            "scheduling_mode": "ORGANIZER",
            "max_requests_out": 8,
            "max_meetings": 10,
            "offer_hours": 12,
        },
        "privacy": {
            "list_public": "HIDE_ALL",
            "list_participants": "SHOW_ALL",
            "display_after_days": 10,
            "retention_days": 90,
        },
    }
    for step, data in steps.items():
        desk.get("fairs:step", step)
        assert desk.post("fairs:step", step, **data).status_code == 302, step
    session = {"name": "上午场", "starts_at": written(in_days(40)), "count": 6}
    desk.post("fairs:grid", **session, slot_minutes=20, gap_minutes=5)
    desk.post("fairs:tables", letter="A", count=5, kind="TABLE", accessible=1)
    assert "方案已填完整" in desk.get("fairs:check")
    desk.post("fairs:act", "submit")

    fair = fresh(desk.fair)
    assert fair.state == "REVIEW"
    assert (fair.capacity, fair.offer_hours, fair.retention_days) == (100, 12, 90)
    assert dict(fair.roles.values_list("role", "capacity")) == {"ENTERPRISE": 60, "INSTITUTE": None}
    assert list(RolePair.objects.filter(fair=fair).values_list("asking", "asked")) == [
        ("ENTERPRISE", "INSTITUTE")
    ]
    assert list(fair.co_organizers.all()) == [hall.organizer]
    assert (fair.sessions.get().slots.count(), fair.tables.count()) == (6, 5)


def test_a_reviewer_approves_on_the_page(client):
    hall = Hall(state="REVIEW")
    desk = Desk(client, hall.reviewer, hall.fair)
    assert "审核通过并发布" in desk.get("fairs:fair")

    desk.get("fairs:act", "approve")
    desk.post("fairs:act", "approve")

    assert fresh(hall.fair).state == "REG_OPEN"
    assert desk.client.get(hall.fair.page.url).status_code == 200


@pytest.mark.parametrize("action", ["move", "cancel", "return", "copy"])
def test_an_act_without_its_answers_is_shown_again(client, action):
    hall = Hall(state="REVIEW" if action == "return" else "REG_OPEN")
    user = hall.reviewer if action == "return" else hall.owner

    answer = Desk(client, user, hall.fair).post("fairs:act", action)

    assert answer.status_code == 422


def test_a_fair_is_moved_and_called_off_on_its_pages(client):
    hall = Hall()
    desk = Desk(client, hall.owner, hall.fair)
    page = hall.fair.page

    desk.post(
        "fairs:act",
        "move",
        starts_at=written(in_days(33)),
        ends_at=written(in_days(33, 18)),
        venue="五号厅",
        district=page.district_id,
        address="环城北路2号",
        reason="场馆检修",
    )
    public = client.get(page.url).content.decode()
    desk.post("fairs:act", "cancel", reason="台风预警")

    assert "五号厅" in public
    assert "场馆检修" in public
    assert "台风预警" in client.get(page.url).content.decode()


def test_a_fair_is_copied_on_its_page(client):
    hall = Hall()

    answer = Desk(client, hall.owner, hall.fair).post(
        "fairs:act", "copy", title="第二届", starts_at=written(in_days(90))
    )

    copy = Fair.objects.latest("pk")
    assert answer.url == copy.get_absolute_url()
    assert copy.page.title == "第二届"


def test_slots_of_a_session_become_breaks_in_one_form(client):
    hall = Hall(state="DRAFT")
    desk, session = Desk(client, hall.owner, hall.fair), hall.fair.sessions.get()
    data = {f"kind_{slot.pk}": "MEETING" for slot in hall.slots}
    third = hall.slots[2]
    data |= {f"kind_{third.pk}": "BREAK", f"label_{third.pk}": "茶歇"}

    desk.get("fairs:session", session.pk)
    desk.post("fairs:session", session.pk, action="slots", **data)

    assert [slot.kind for slot in hall.slots] == ["MEETING", "MEETING", "BREAK", "MEETING"]
    assert "茶歇" in desk.get("fairs:grid")


def test_a_session_is_laid_out_anew_and_taken_out(client):
    hall = Hall(state="DRAFT")
    desk, session = Desk(client, hall.owner, hall.fair), hall.fair.sessions.get()

    desk.post(
        "fairs:session",
        session.pk,
        action="generate",
        starts_at=written(in_days(30, 13)),
        slot_minutes=15,
        gap_minutes=0,
        count=9,
    )
    slots = hall.slots.count()
    desk.post("fairs:session", session.pk, action="remove")

    assert (slots, hall.fair.sessions.count()) == (9, 0)


def test_overlapping_sessions_are_explained(client):
    hall = Hall(state="DRAFT")

    answer = Desk(client, hall.owner, hall.fair).post(
        "fairs:grid",
        name="重叠场",
        starts_at=written(in_days(30)),
        slot_minutes=20,
        gap_minutes=5,
        count=3,
    )

    assert answer.status_code == 422
    assert "重叠" in answer.content.decode()


def test_a_table_becomes_a_booth_of_an_organization_by_its_name(client):
    hall = Hall(state="DRAFT")
    desk, table = Desk(client, hall.owner, hall.fair), hall.fair.tables.first()

    unknown = desk.post("fairs:table", table.pk, kind="BOOTH", owner="没有这家公司")
    desk.post("fairs:table", table.pk, kind="BOOTH", owner=hall.organizer.name)

    table.refresh_from_db()
    assert unknown.status_code == 422
    assert (table.kind, table.owner) == ("BOOTH", hall.organizer)


def test_chosen_tables_are_taken_out(client):
    hall = Hall(state="DRAFT")
    desk = Desk(client, hall.owner, hall.fair)

    desk.post("fairs:tables", remove=1, table=[hall.fair.tables.first().pk, "x"])

    assert hall.fair.tables.count() == 3


@pytest.mark.parametrize("page", ["grid", "tables"])
def test_an_exhibition_has_no_grid(client, page):
    hall = Hall("EXHIBITION", state="DRAFT")

    Desk(client, hall.owner, hall.fair).get(f"fairs:{page}", status=404)


def test_the_place_of_an_announced_fair_is_not_in_its_step(client):
    hall = Hall()

    text = Desk(client, hall.owner, hall.fair).get("fairs:step", "place")

    assert 'name="venue"' not in text
    assert 'name="directions"' in text


def test_a_visitor_registers_in_steps(client):
    hall, member = Hall(), MembershipFactory(title="总工")
    question = Question.objects.create(fair=hall.fair, label="用餐要求", is_required=True)
    desk = Desk(client, member.user, hall.fair)

    assert hall.organizer.name in desk.get("registration:begin")
    assert Registration.objects.count() == 0
    begun = desk.post("registration:begin")
    assert begun.url == desk.address("registration:step", "role")
    first, second = hall.slots[:2]
    given = {
        "role": {"role": "ENTERPRISE", "name": "李湖", "organization": member.organization_id},
        "profile": {"headline": "找导热膜", "industries": [Industry.objects.first().pk]},
        "entries": {"seek_0_title": "石墨烯导热膜", "seek_0_summary": "0.1毫米"},
        "availability": {
            **{f"state_{slot.pk}": "FREE" for slot in hall.slots},
            f"state_{first.pk}": "BUSY",
            f"reason_{first.pk}": "SESSION",
            f"state_{second.pk}": "PREFER_NOT",
        },
        "questions": {f"question_{question.pk}": "素食"},
    }
    for step, data in given.items():
        desk.get("registration:step", step)
        assert desk.post("registration:step", step, **data).status_code == 302, step
    assert "石墨烯导热膜" in desk.get("registration:check")
    desk.post("registration:check", **CONSENTS)

    registration = Registration.objects.get()
    assert (registration.state, registration.name, registration.role) == (
        "PENDING",
        "李湖",
        "ENTERPRISE",
    )
    assert Entry.objects.get().title == "石墨烯导热膜"
    assert registration.availabilities.count() == 2
    assert registration.answers.get().value == "素食"
    held = Consent.objects.in_force().values_list("text__purpose", flat=True)
    assert set(held) == {"FAIR_ORGANIZER", "FAIR_PEERS"}
    assert "待主办方审核" in desk.get("registration:mine")


def test_a_full_role_says_so_where_it_is_chosen(client):
    hall = Hall(needs_approval=False)
    hall.limit(enterprise=1, institute=3)
    hall.sent()
    registration = hall.draft(role="VISITOR")

    text = Desk(client, registration.person, hall.fair).get("registration:step", "role")

    assert "企业（已满，可候补）" in text
    assert "科研院所（余3个名额）" in text


def test_the_check_page_leads_to_what_is_missing(client):
    hall = Hall()
    registration = hall.draft(headline="")
    desk = Desk(client, registration.person, hall.fair)

    text = desk.get("registration:check")
    answer = desk.post("registration:check", **CONSENTS)

    assert desk.address("registration:step", "profile") in text
    assert answer.status_code == 422
    assert fresh(registration).state == "DRAFT"


def test_own_listings_and_needs_are_offered_to_tick(client):
    hall, institute, company = Hall(), Institute(), Company()
    page, need = institute.published(), company.published()
    for person, name, field, value in (
        (institute.researcher, page.title, "pages", page.pk),
        (company.owner, need.title, "needs", need.pk),
    ):
        desk = Desk(client, person, hall.fair)
        hall.draft(person=person)
        assert name in desk.get("registration:step", "entries")
        desk.post("registration:step", "entries", **{field: [value]})

    assert [(each.kind, each.page_id, each.need_id) for each in Entry.objects.order_by("pk")] == [
        ("OFFER", page.pk, None),
        ("SEEK", None, need.pk),
    ]


def test_listings_of_others_are_not_named(client):
    hall, institute = Hall(), Institute()
    page, registration = institute.published(), hall.draft()

    answer = Desk(client, registration.person, hall.fair).post(
        "registration:step", "entries", pages=[page.pk]
    )

    assert answer.status_code == 302
    assert Entry.objects.count() == 0


def test_a_file_of_an_answer_is_read_by_its_person_and_the_organizer(client):
    hall = Hall()
    question = Question.objects.create(fair=hall.fair, label="介绍", kind="FILE")
    registration = hall.draft()
    desk = Desk(client, registration.person, hall.fair)
    pdf = SimpleUploadedFile("介绍.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF")
    wrong = SimpleUploadedFile("介绍.exe", b"MZ")
    refused = desk.post("registration:step", "questions", **{f"question_{question.pk}": wrong})
    desk.post("registration:step", "questions", **{f"question_{question.pk}": pdf})
    desk.post("registration:check", **CONSENTS)
    address = reverse("registration:file", args=[registration.answers.get().pk])
    seen = {}

    for name, user in {
        "person": registration.person,
        "owner": hall.owner,
        "reviewer": hall.reviewer,
        "stranger": UserFactory(),
    }.items():
        client.force_login(user)
        answer = client.get(address)
        seen[name] = answer.status_code
        b"".join(answer.streaming_content if answer.streaming else [])

    assert refused.status_code == 422
    assert seen == {"person": 200, "owner": 200, "reviewer": 404, "stranger": 404}
    assert AuditEvent.objects.filter(action="registration.read_file").count() == 1


def test_my_registration_shows_the_ticket_once_admitted(client):
    hall = Hall()
    registration = hall.sent()
    desk = Desk(client, registration.person, hall.fair)
    before = desk.get("registration:mine")
    Registration.objects.update(state="APPROVED")

    after = desk.get("registration:mine")

    assert ("ticket__code" in before, "ticket__code" in after) == (False, True)
    assert registration.ticket not in after


def test_consents_are_taken_back_on_my_registration(client):
    hall = Hall()
    registration = hall.admitted()

    Desk(client, registration.person, hall.fair).post("registration:mine", FAIR_PUBLIC="on")

    held = Consent.objects.in_force().values_list("text__purpose", flat=True)
    assert set(held) == {"FAIR_ORGANIZER", "FAIR_PUBLIC"}


def test_an_offer_is_taken_on_my_registration(client):
    hall = Hall(needs_approval=False)
    hall.limit(enterprise=1)
    first, second = hall.sent(), hall.sent()
    assert "第1位" in Desk(client, second.person, hall.fair).get("registration:mine")
    Desk(client, first.person, hall.fair).post("registration:act", "withdraw")
    desk = Desk(client, second.person, hall.fair)
    assert "候补到位" in desk.get("registration:mine")

    desk.post("registration:act", "accept")

    assert (fresh(first).state, fresh(second).state) == ("WITHDRAWN", "APPROVED")


def test_nobody_acts_on_what_is_not_there(client):
    hall = Hall()
    registration = hall.sent()
    desk = Desk(client, registration.person, hall.fair)

    for action in ("accept", "decline", "approve"):
        assert desk.post("registration:act", action).status_code == 404
    assert (
        Desk(client, UserFactory(), hall.fair).post("registration:act", "withdraw").status_code
        == 404
    )


def test_a_draft_fair_has_no_way_in(client):
    hall = Hall(state="DRAFT")

    for name in ("begin", "mine", "participants"):
        Desk(client, UserFactory(), hall.fair).get(f"registration:{name}", status=404)


def names_on(text):
    return set(re.findall(r"名录\d", text))


@pytest.fixture
def listed():
    """Three admitted people: shown to all, to participants, to nobody; each names an offer."""
    hall = Hall()
    consents = (
        ["FAIR_ORGANIZER", "FAIR_PEERS", "FAIR_PUBLIC"],
        ["FAIR_ORGANIZER", "FAIR_PEERS"],
        ["FAIR_ORGANIZER"],
    )
    hall.people = [
        hall.admitted(name=f"名录{number}", consents=given)
        for number, given in enumerate(consents, start=1)
    ]
    return hall


@pytest.mark.parametrize(
    ("public", "participants", "seen"),
    [
        ("HIDE_ALL", "HIDE_ALL", (0, set(), 0, set())),
        ("WITH_CONSENT", "WITH_CONSENT", (1, {"名录1"}, 2, {"名录1", "名录2"})),
        ("SHOW_ALL", "SHOW_ALL", (3, {"名录1"}, 3, {"名录1", "名录2"})),
        ("HIDE_ALL", "SHOW_ALL", (0, set(), 3, {"名录1", "名录2"})),
    ],
)
def test_names_are_listed_with_consent_only(client, listed, public, participants, seen):
    Fair.objects.update(list_public=public, list_participants=participants)
    found = []

    for user in (None, listed.people[2].person):
        text = Desk(client, user, listed.fair).get("registration:participants")
        found += [text.count('class="card stack'), names_on(text)]

    assert tuple(found) == seen
    for registration in listed.people:
        assert registration.email not in text


def test_a_consent_taken_back_takes_the_name_out_at_once(client, listed):
    Fair.objects.update(list_public="SHOW_ALL")
    first = listed.people[0]
    set_consents(actor=first.person, registration=first, consents=["FAIR_ORGANIZER"])

    text = Desk(client, None, listed.fair).get("registration:participants")

    assert names_on(text) == set()


def test_the_list_is_filtered_by_role_and_industry(client, listed):
    Fair.objects.update(list_public="SHOW_ALL")
    industry = Industry.objects.get(code="textile")
    listed.people[0].industries.add(industry)
    Registration.objects.filter(pk=listed.people[1].pk).update(role="INSTITUTE")
    desk = Desk(client, None, listed.fair)

    counts = [
        desk.get("registration:participants", query=query).count('class="card stack')
        for query in ("?role=INSTITUTE", "?industry=textile", "?role=MEDIA", "?role=nonsense")
    ]

    assert counts == [1, 1, 0, 3]


def test_the_list_closes_some_days_after_the_fair(client, listed, time_machine):
    Fair.objects.update(list_public="SHOW_ALL", display_after_days=5)
    desk = Desk(client, None, listed.fair)

    shown = []
    for day in (34, 37):
        time_machine.move_to(in_days(day) if day == 34 else in_days(3))
        shown.append("本场活动不公开名单" in desk.get("registration:participants"))

    assert shown == [False, True]


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


ORGANIZER_PAGES = ("people", "questions", "guests", "mailings", "badges")


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


def test_the_public_page_tells_what_is_next(client):
    hall = Hall(needs_approval=False)
    hall.limit(total=1)
    page = hall.fair.page
    texts = [client.get(page.url).content.decode()]
    registration = hall.sent()
    texts.append(client.get(page.url).content.decode())
    client.force_login(registration.person)
    texts.append(client.get(page.url).content.decode())

    assert "余1个名额" in texts[0]
    assert "名额已满，可报名候补。" in texts[1]
    assert "我的报名状态" in texts[2]


def test_before_its_first_day_the_page_says_when_registration_opens(client):
    hall = Hall(state="REVIEW", registration_opens_at=in_days(3))
    fairs.approve_fair(actor=hall.reviewer, fair=hall.fair)

    text = client.get(fresh(hall.fair).page.url).content.decode()

    assert f"报名将于{in_days(3):%Y-%m-%d %H:%M}开始。" in text


def test_consents_of_single_fairs_are_taken_back_on_the_consents_page(client):
    hall = Hall()
    registration = hall.sent()
    line = Consent.objects.get(text__purpose="FAIR_PEERS")
    client.force_login(registration.person)
    assert hall.fair.code in client.get(reverse("accounts:consents")).content.decode()

    client.post(reverse("accounts:consents"), {"consent": line.pk})

    line.refresh_from_db()
    assert line.withdrawn_at is not None


def test_my_registrations_are_listed(client):
    hall = Hall()
    registration = hall.sent()
    client.force_login(registration.person)

    assert hall.fair.page.title in client.get(reverse("registration:own")).content.decode()


def test_who_may_not_plan_is_told_why(client):
    Desk(client, UserFactory()).get("fairs:new", status=403)
