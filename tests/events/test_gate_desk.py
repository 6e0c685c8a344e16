"""The organizer's side of the doors, the board of the halls, and the contacts of participants."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from events.gates.models import ContactExchange, Duty
from events.gates.views.contacts import SIGNER
from portal.audit.models import AuditEvent
from tests.factories.accounts import MembershipFactory
from tests.factories.fairs import fresh
from tests.factories.gates import Entrance

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def entrance(time_machine):
    cache.clear()
    return Entrance(time_machine)


def at(entrance, name, *more):
    return reverse(f"gates:{name}", args=[entrance.fair.code, *more])


def scan_page(entrance):
    return at(entrance, "scan", entrance.gate.pk)


# The desk


def test_a_gate_is_added_changed_and_taken_out(client, entrance):
    client.force_login(entrance.hall.owner)
    given = {
        "name": "二号门",
        "kind": "SESSION",
        "opens_at": "2030-01-01T08:00",
        "closes_at": "2030-01-01T18:00",
    }

    assert client.post(at(entrance, "gate", 0), given).status_code == 302
    gate = entrance.fair.gates.get(name="二号门")
    client.post(at(entrance, "gate", gate.pk), {**given, "name": "三号门"})
    assert fresh(gate).name == "三号门"
    wrong = client.post(at(entrance, "gate", gate.pk), {**given, "closes_at": "2029-01-01T08:00"})
    assert wrong.status_code == 422
    taken = client.post(at(entrance, "gate", gate.pk), {**given, "name": entrance.gate.name})
    assert taken.status_code == 422
    client.post(at(entrance, "gate", gate.pk), {"remove": "1"})

    assert list(entrance.fair.gates.all()) == [entrance.gate]


def test_a_link_is_shown_once(client, entrance):
    client.force_login(entrance.hall.owner)
    until = timezone.localtime(entrance.fair.page.ends_at)
    form = {"form": "link", "l-name": "东门", "l-expires_at": f"{until:%Y-%m-%dT%H:%M}"}

    text = client.post(at(entrance, "duties"), form).content.decode()

    [address] = set(re.findall(r'href="http://testserver(/door/enter/[^"]+)"', text))
    assert client.get(address).status_code == 200
    assert "/door/enter/" not in client.get(at(entrance, "duties")).content.decode()


def test_a_colleague_is_named_and_loses_access(client, entrance):
    colleague = entrance.hall.member
    client.force_login(entrance.hall.owner)
    until = timezone.localtime(entrance.fair.page.ends_at)
    form = {"form": "person", "p-person": colleague.pk, "p-expires_at": f"{until:%Y-%m-%dT%H:%M}"}

    client.post(at(entrance, "duties"), form)
    duty = Duty.objects.get(person=colleague)
    client.force_login(colleague)
    assert client.get(scan_page(entrance)).status_code == 200
    client.force_login(entrance.hall.owner)
    client.post(at(entrance, "revoke", duty.pk))
    client.force_login(colleague)

    assert client.get(scan_page(entrance)).status_code == 404


def test_only_people_of_the_organizers_can_be_chosen(client, entrance):
    other = MembershipFactory().user
    client.force_login(entrance.hall.owner)
    form = {"form": "person", "p-person": other.pk, "p-expires_at": "2030-01-01T08:00"}

    assert client.post(at(entrance, "duties"), form).status_code == 422
    assert Duty.objects.count() == 0


def test_the_desk_counts_who_is_in_who_came_and_who_was_turned_away(client, entrance):
    first, second, waiting = (
        entrance.hall.admitted(),
        entrance.hall.admitted(),
        entrance.hall.sent(),
    )
    entrance.open()
    for person, way in ((first, "IN"), (second, "IN"), (second, "OUT"), (waiting, "IN")):
        entrance.scan(person, direction=way)
    client.force_login(entrance.hall.owner)

    context = client.get(at(entrance, "desk")).context

    [(gate, count)] = context["gates"]
    assert (gate, count.inside, count.arrived, count.refused) == (entrance.gate, 1, 2, 1)
    assert (context["arrivals"].arrived, context["arrivals"].admitted) == (2, 2)
    assert [row["value"] for row in context["times"]] == [2]


def test_the_board_tells_now_and_next_and_no_name(client, entrance):
    person = entrance.hall.admitted(name="张三丰")
    entrance.open().scan(person)
    client.force_login(entrance.hall.owner)

    page = client.get(at(entrance, "board"))

    programme = page.context["programme"]
    assert [(item.is_now, item.is_next) for item in programme[:3]] == [
        (True, False),
        (False, True),
        (False, False),
    ]
    assert "张三丰" not in page.content.decode()
    again = client.get(at(entrance, "board"), headers={"HX-Request": "true"})
    assert "<html" not in again.content.decode()


# Contacts


def test_two_people_exchange_contacts_on_their_pages(client, entrance):
    first, second = entrance.hall.admitted(name="张三丰"), entrance.hall.admitted(name="李清照")
    entrance.open()
    client.force_login(first.person)
    address = client.get(at(entrance, "contacts")).context["address"]

    client.force_login(second.person)
    assert "张三丰" in client.get(address).content.decode()
    client.post(address)
    exchange = ContactExchange.objects.get()
    assert client.get(at(entrance, "card", exchange.pk)).status_code == 404
    assert first.email not in client.get(at(entrance, "contacts")).content.decode()

    client.force_login(first.person)
    client.post(at(entrance, "answer", exchange.pk, "confirm"))

    card = client.get(at(entrance, "card", exchange.pk))
    assert card["Content-Type"] == "text/vcard; charset=utf-8"
    assert f"EMAIL;TYPE=work:{second.email}" in card.content.decode()
    assert AuditEvent.objects.filter(action="gates.hand_out_card").count() == 1
    client.force_login(second.person)
    assert first.email in client.get(at(entrance, "contacts")).content.decode()


def test_a_code_of_yesterday_a_forged_one_and_another_fairs_lead_nowhere(client, entrance):
    first, second = entrance.hall.admitted(), entrance.hall.admitted()
    other = Entrance(entrance.clock).hall.admitted()
    entrance.open()
    old = SIGNER.sign(str(first.pk))
    entrance.clock.shift(timedelta(hours=13))
    client.force_login(second.person)

    for handle in (old, "x", SIGNER.sign(str(other.pk)), f"{first.pk}:x:y"):
        assert client.get(at(entrance, "ask", handle)).status_code == 404


def test_somebody_elses_exchange_is_neither_answered_nor_read(client, entrance):
    people = [entrance.hall.admitted() for _number in range(3)]
    first, second, third = people
    entrance.open()
    client.force_login(first.person)
    client.post(at(entrance, "ask", SIGNER.sign(str(second.pk))))
    exchange = ContactExchange.objects.get()

    client.force_login(third.person)
    answers = [
        client.post(at(entrance, "answer", exchange.pk, "confirm")).status_code,
        client.get(at(entrance, "card", exchange.pk)).status_code,
    ]

    assert answers == [404, 404]
    assert fresh(exchange).state == "ASKED"
