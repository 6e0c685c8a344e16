"""The pages of registering, walked as a visitor does, without JavaScript."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from events.registration.models import Entry, Question, Registration
from portal.accounts.models import Consent
from portal.audit.models import AuditEvent
from portal.taxonomy.models import Industry
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.fair_pages import CONSENTS, Desk
from tests.factories.fairs import Hall, fresh
from tests.factories.listings import Institute
from tests.factories.needs import Company

pytestmark = [pytest.mark.django_db, pytest.mark.database]


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


def test_my_registrations_are_listed(client):
    hall = Hall()
    registration = hall.sent()
    client.force_login(registration.person)

    assert hall.fair.page.title in client.get(reverse("registration:own")).content.decode()


def test_consents_of_single_fairs_are_taken_back_on_the_consents_page(client):
    hall = Hall()
    registration = hall.sent()
    line = Consent.objects.get(text__purpose="FAIR_PEERS")
    client.force_login(registration.person)
    assert hall.fair.code in client.get(reverse("accounts:consents")).content.decode()

    client.post(reverse("accounts:consents"), {"consent": line.pk})

    line.refresh_from_db()
    assert line.withdrawn_at is not None
