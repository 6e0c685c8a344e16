"""The doors' pages as people walk them: the link, the scan, the list, the sending."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from events.gates.lists import digest_ticket
from events.gates.models import CheckIn
from events.gates.services import make_link, revoke_duty
from portal.accounts.enums import PortalRole
from portal.audit.models import AuditEvent
from tests.factories.accounts import UserFactory
from tests.factories.fairs import fresh, person_with
from tests.factories.gates import Entrance, nonce, photo_of
from tests.factories.papers import PDF

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def entrance(time_machine):
    cache.clear()
    return Entrance(time_machine)


def at(entrance, name, *more):
    return reverse(f"gates:{name}", args=[entrance.fair.code, *more])


def scan_page(entrance):
    return at(entrance, "scan", entrance.gate.pk)


def held_up(holder, **values):
    return {
        "code": holder.ticket,
        "nonce": nonce(),
        "direction": "IN",
        "method": "TYPED",
        **values,
    }


def link_for(entrance, **values):
    given = {"name": "东门志愿者", "expires_at": entrance.fair.page.ends_at, **values}
    return make_link(actor=entrance.hall.owner, fair=entrance.fair, **given)


# The door


def test_a_ticket_is_answered_on_a_page_without_script(client, entrance):
    person = entrance.hall.admitted(name="张三丰")
    entrance.open()
    client.force_login(entrance.hall.owner)

    page = client.post(scan_page(entrance), held_up(person))

    assert page.status_code == 200
    assert 'data-light="go"' in page.content.decode()
    assert "张三丰" in page.content.decode()
    assert fresh(person).state == "CHECKED_IN"


def test_the_module_gets_the_answer_alone(client, entrance):
    person = entrance.hall.admitted()
    entrance.open()
    client.force_login(entrance.hall.owner)

    answer = client.post(scan_page(entrance), held_up(person), headers={"HX-Request": "true"})

    assert answer.content.decode().strip().startswith("<section class=")


def test_a_photo_of_the_code_is_read(client, entrance):
    person = entrance.hall.admitted()
    entrance.open()
    client.force_login(entrance.hall.owner)

    given = held_up(person, code="", photo=SimpleUploadedFile("x.jpg", photo_of(person.ticket)))
    page = client.post(scan_page(entrance), given).content.decode()

    assert 'data-light="go"' in page
    assert CheckIn.objects.get().method == "QR"


@pytest.mark.parametrize("content", [b"x", PDF, photo_of("")], ids=["noise", "PDF", "no code"])
def test_a_photo_without_a_code_notes_nothing(client, entrance, content):
    client.force_login(entrance.hall.owner)

    photo = SimpleUploadedFile("x.jpg", content)
    given = held_up(entrance.hall.admitted(), code="", photo=photo)
    page = client.post(scan_page(entrance), given)

    assert "照片中未识别到二维码" in page.content.decode()
    assert not CheckIn.objects.exists()


def test_who_used_the_ticket_and_when_is_said(client, entrance):
    person = entrance.hall.admitted()
    duty, token = link_for(entrance)
    entrance.open()
    client.post(reverse("gates:enter", args=[token]))
    client.post(scan_page(entrance), held_up(person))
    entrance.clock.shift(timedelta(minutes=7))

    text = client.post(scan_page(entrance), held_up(person)).content.decode()

    when = timezone.localtime(CheckIn.objects.earliest("at").at)
    assert 'data-light="wait"' in text
    assert f"{when:%m-%d %H:%M}" in text
    assert duty.name in text


def test_sending_the_same_form_again_is_the_same_scan(client, entrance):
    person = entrance.hall.admitted()
    entrance.open()
    client.force_login(entrance.hall.owner)
    given = held_up(person)

    for _time in range(2):
        page = client.post(scan_page(entrance), given)

    assert 'data-light="go"' in page.content.decode()
    assert CheckIn.objects.count() == 1


def test_somebody_without_a_ticket_is_found_by_name(client, entrance):
    person = entrance.hall.admitted(name="张三丰", organization_name="西溪新材料")
    entrance.hall.admitted(name="李清照")
    entrance.open()
    client.force_login(entrance.hall.owner)

    page = client.get(scan_page(entrance), {"q": "张"}).content.decode()
    assert "张三丰" in page
    assert "李清照" not in page
    form = held_up(person, code="", person=person.pk, method="MANUAL")
    client.post(scan_page(entrance), form)

    assert CheckIn.objects.get().method == "MANUAL"
    assert fresh(person).state == "CHECKED_IN"


def test_somebody_of_another_fair_is_not_found(client, entrance):
    other = Entrance(entrance.clock).hall.admitted()
    client.force_login(entrance.hall.owner)

    form = held_up(other, code="", person=other.pk)

    assert client.post(scan_page(entrance), form).status_code == 404


def test_a_good_ticket_too_early_can_be_let_in_all_the_same(client, entrance):
    person = entrance.hall.admitted()
    client.force_login(entrance.hall.owner)

    early = client.post(scan_page(entrance), held_up(person)).content.decode()
    assert 'name="forced"' in early
    form = held_up(person, code="", person=person.pk, forced="on")
    page = client.post(scan_page(entrance), form).content.decode()

    assert 'data-light="go"' in page


def test_what_is_no_scan_notes_nothing(client, entrance):
    client.force_login(entrance.hall.owner)

    for wrong in ({}, {"nonce": "x"}, held_up(entrance.hall.admitted(), direction="UP")):
        page = client.post(scan_page(entrance), wrong)
        assert page.status_code == 200
        assert 'data-light="stop"' in page.content.decode()

    assert CheckIn.objects.count() == 0


def test_one_gate_needs_no_choice_and_two_do(client, entrance):
    client.force_login(entrance.hall.owner)
    assert client.get(at(entrance, "door")).url == scan_page(entrance)

    entrance.add(name="二号门", name_en="Second gate")

    assert "二号门" in client.get(at(entrance, "door")).content.decode()


# Who gets there


def test_a_link_is_looked_at_first_and_then_taken(client, entrance):
    _duty, token = link_for(entrance)
    address = reverse("gates:enter", args=[token])

    assert "东门志愿者" in client.get(address).content.decode()
    assert client.get(at(entrance, "door")).status_code == 302  # to the sign-in
    client.post(address)

    assert client.get(scan_page(entrance)).status_code == 200


def test_a_link_that_ran_out_was_taken_back_or_never_was_is_not_found(client, entrance):
    duty, token = link_for(entrance)
    revoke_duty(actor=entrance.hall.owner, duty=duty)
    _late, late = link_for(entrance, expires_at=entrance.fair.page.starts_at)
    entrance.open()

    for each in (token, late, "x" * 32):
        assert client.get(reverse("gates:enter", args=[each])).status_code == 404


def test_access_ends_at_once_in_a_page_that_is_open(client, entrance):
    duty, token = link_for(entrance)
    client.post(reverse("gates:enter", args=[token]))
    assert client.get(scan_page(entrance)).status_code == 200

    revoke_duty(actor=entrance.hall.owner, duty=duty)

    assert client.get(scan_page(entrance)).status_code == 404


def test_leaving_gives_the_link_up_on_this_device(client, entrance):
    _duty, token = link_for(entrance)
    client.post(reverse("gates:enter", args=[token]))

    client.post(reverse("gates:leave"))

    assert client.get(scan_page(entrance)).status_code == 302


@pytest.mark.parametrize("name", ["door", "board"])
def test_strangers_do_not_stand_at_doors(client, entrance, name):
    client.force_login(UserFactory())

    assert client.get(at(entrance, name)).status_code == 404


@pytest.mark.parametrize(
    ("who", "answers"),
    [
        ("owner", [302, 200, 200, 200, 200]),
        ("editor", [302, 200, 200, 200, 200]),
        ("member", [404, 404, 404, 404, 404]),
        ("auditor", [404, 200, 200, 404, 404]),
        ("reviewer", [404, 404, 404, 404, 404]),
        ("participant", [404, 404, 404, 404, 404]),
    ],
)
def test_who_opens_which_page(client, entrance, who, answers):
    people = {
        "owner": entrance.hall.owner,
        "editor": entrance.hall.editor,
        "member": entrance.hall.member,
        "auditor": person_with(PortalRole.AUDITOR),
        "reviewer": entrance.hall.reviewer,
        "participant": entrance.hall.admitted().person,
    }
    client.force_login(people[who])

    pages = [("door",), ("desk",), ("conflicts",), ("duties",), ("gate", 0)]
    assert [client.get(at(entrance, *page)).status_code for page in pages] == answers


# Without network


def test_the_list_is_for_who_stands_there_and_its_leaving_is_noted_once(client, entrance):
    person = entrance.hall.admitted()
    address = at(entrance, "offline-list", entrance.gate.pk)
    assert client.get(address).status_code == 302
    client.force_login(entrance.hall.owner)

    for _time in range(2):
        answer = client.get(address)

    content = answer.json()
    assert digest_ticket(content["salt"], person.ticket) in json.loads(content["people"])
    assert content["csrf"]
    assert "no-store" in answer["Cache-Control"]
    assert person.ticket not in answer.content.decode()
    assert AuditEvent.objects.filter(action="gates.hand_out_list").count() == 1


def test_what_a_device_kept_is_taken(client, entrance):
    person = entrance.hall.admitted()
    entrance.open()
    client.force_login(entrance.hall.owner)
    content = client.get(at(entrance, "offline-list", entrance.gate.pk)).json()
    row = {
        "nonce": nonce(),
        "ticket": digest_ticket(content["salt"], person.ticket),
        "at": timezone.now().isoformat(),
        "direction": "IN",
        "method": "QR",
        "result": "OK",
        "forced": False,
    }

    def send(**values):
        body = {"token": content["token"], "scans": [row], **values}
        address = at(entrance, "sync", entrance.gate.pk)
        return client.post(address, json.dumps(body), content_type="application/json")

    assert send().json() == {"taken": [row["nonce"]], "known": [], "refused": {}}
    assert send().json() == {"taken": [], "known": [row["nonce"]], "refused": {}}
    assert send(token="x").status_code == 409
    assert send(scans=[{**row, "at": "now"}]).status_code == 400
    assert send(scans="x").status_code == 400
    assert send(scans=[row] * 501).status_code == 409
    assert fresh(person).state == "CHECKED_IN"


def test_the_worker_answers_for_the_doors_pages_alone(client):
    answer = client.get(reverse("gates:worker"))

    assert answer["Content-Type"].startswith("text/javascript")
    assert reverse("gates:worker") == "/door/worker.js"
