"""Contacts go over by mutual act, with each consent in the ledger, as a file that phones read."""

from datetime import timedelta

import pytest

from events.gates.models import ContactExchange
from events.gates.queries import shares_contact
from events.gates.services import (
    UnableToExchange,
    ask_contact,
    confirm_exchange,
    decline_exchange,
)
from events.gates.vcards import vcard
from events.registration.models import Registration
from portal.accounts.models import Consent
from portal.accounts.services import withdraw_consent
from portal.notifications.models import Notification
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.fairs import Hall, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def two(time_machine):
    """Two people who take part, on the day of the fair."""
    hall = Hall()
    first, second = hall.admitted(name="张三丰"), hall.admitted(name="李清照")
    time_machine.move_to(hall.fair.page.starts_at)
    return hall, first, second


def ask(own, other):
    return ask_contact(actor=own.person, own=own, other=other)


def shares(person):
    """The consents of a person to give the contact away."""
    lines = Consent.objects.in_force().filter(user=person, text__purpose="SHARE_CONTACT")
    return [(line.subject, line.recipient) for line in lines]


def test_who_asks_gives_a_consent_and_nothing_is_shown_yet(two):
    _hall, first, second = two

    exchange = ask(first, second)

    assert exchange.state == "ASKED"
    assert shares(first.person) == [(exchange.consent_subject, None)]
    assert shares(second.person) == []
    assert not shares_contact(exchange, first)
    told = Notification.objects.filter(user=second.person, kind="fair-contact").get()
    assert first.name in told.body


def test_both_agree_and_both_consents_name_the_other_organization(two):
    hall, first, second = two
    own = OrganizationFactory()
    Registration.objects.filter(pk=second.pk).update(organization=own)

    exchange = confirm_exchange(actor=second.person, exchange=ask(first, fresh(second)))

    assert exchange.state == "CONFIRMED"
    assert exchange.consent_subject.startswith(f"{hall.fair.code}/")
    assert shares(first.person) == [(exchange.consent_subject, own)]
    assert shares(second.person) == [(exchange.consent_subject, None)]
    assert shares_contact(exchange, first)
    assert shares_contact(exchange, second)


def test_two_who_ask_each_other_have_agreed(two):
    _hall, first, second = two

    ask(first, second)
    exchange = ask(second, first)

    assert exchange.state == "CONFIRMED"
    assert ContactExchange.objects.count() == 1


def test_asking_twice_is_asking_once(two):
    _hall, first, second = two

    assert ask(first, second) == ask(first, second)
    assert len(shares(first.person)) == 1
    assert Notification.objects.filter(kind="fair-contact").count() == 1


def test_who_turns_it_down_gives_nothing_and_the_other_is_not_told(two):
    _hall, first, second = two

    exchange = decline_exchange(actor=second.person, exchange=ask(first, second))

    assert exchange.state == "DECLINED"
    assert shares(second.person) == []
    assert not shares_contact(exchange, first)
    assert not Notification.objects.filter(user=first.person, kind="fair-contact").exists()


@pytest.mark.parametrize("door", [confirm_exchange, decline_exchange])
def test_only_who_was_asked_answers_and_once(two, door):
    hall, first, second = two
    exchange = ask(first, second)

    for user in (first.person, hall.owner, UserFactory()):
        with pytest.raises(UnableToExchange):
            door(actor=user, exchange=exchange)
    door(actor=second.person, exchange=exchange)
    with pytest.raises(UnableToExchange):
        door(actor=second.person, exchange=exchange)


def test_a_consent_taken_back_closes_the_card(two):
    _hall, first, second = two
    exchange = confirm_exchange(actor=second.person, exchange=ask(first, second))

    withdraw_consent(actor=first.person, purpose="SHARE_CONTACT", subject=exchange.consent_subject)

    assert not shares_contact(exchange, first)
    assert shares_contact(exchange, second)


def test_nobody_asks_for_somebody_else_or_oneself(two):
    hall, first, second = two

    for actor, own, other in (
        (hall.owner, first, second),
        (first.person, first, first),
        (first.person, first, Hall().admitted()),
    ):
        with pytest.raises(UnableToExchange):
            ask_contact(actor=actor, own=own, other=other)


def test_nobody_asks_before_the_fair_or_long_after(two, time_machine):
    hall, first, second = two

    for moment in (
        hall.fair.page.starts_at - timedelta(days=2),
        hall.fair.page.ends_at + timedelta(days=31),
    ):
        time_machine.move_to(moment)
        with pytest.raises(UnableToExchange):
            ask(first, second)


def test_who_is_not_admitted_exchanges_nothing(time_machine):
    hall = Hall()
    first, waiting = hall.admitted(), hall.sent()
    time_machine.move_to(hall.fair.page.starts_at)

    with pytest.raises(UnableToExchange):
        ask(first, waiting)
    with pytest.raises(UnableToExchange):
        ask(waiting, first)


def test_a_card_in_the_words_of_the_standard():
    person = UserFactory.build(phone="0571-88880000")
    registration = Registration(
        pk=7,
        person=person,
        name="张三丰",
        organization_name="西溪新材料；一部, 二部\\三部",
        post="总工;兼职",
        email="zhang@example.com",
    )

    assert vcard(registration, note="新材料供需对接会\n2026-12-27") == (
        "BEGIN:VCARD\r\n"
        "VERSION:4.0\r\n"
        "UID;VALUE=text:registration-7\r\n"
        "FN:张三丰\r\n"
        "ORG:西溪新材料；一部\\, 二部\\\\三部\r\n"
        "TITLE:总工\\;兼职\r\n"
        "EMAIL;TYPE=work:zhang@example.com\r\n"
        "TEL;TYPE=work:0571-88880000\r\n"
        "NOTE:新材料供需对接会\\n2026-12-27\r\n"
        "END:VCARD\r\n"
    )


def test_long_lines_are_folded_after_75_octets_and_no_character_is_cut():
    name = "浙" * 60

    card = vcard(Registration(pk=7, name=name))

    lines = card.split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75
    assert f"FN:{name}" in card.replace("\r\n ", "")
