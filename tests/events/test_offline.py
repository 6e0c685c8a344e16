"""Scans that devices kept without network: what is taken, and that their order changes nothing."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.core import signing
from django.utils import timezone

from events.gates.lists import (
    UnableToReadScan,
    digest_ticket,
    initials,
    make_list,
    read_scan,
    read_token,
    stands_at,
)
from events.gates.models import CheckIn
from events.gates.queries import conflicts_of
from events.gates.rules import Operator
from events.gates.services import UnableToCheckIn, sync_scans
from events.registration.models import Registration
from events.registration.services import sweep_registrations
from tests.factories.accounts import UserFactory
from tests.factories.fairs import fresh
from tests.factories.gates import Entrance, nonce

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def entrance(time_machine):
    return Entrance(time_machine)


def kept(entrance, registration, *, minutes=0, at=None, **values):
    """A scan as a device writes it down, on the list of today."""
    today = make_list(entrance.gate, timezone.now())
    moment = at or entrance.fair.page.starts_at + timedelta(minutes=minutes)
    row = {
        "nonce": nonce(),
        "ticket": digest_ticket(today["salt"], registration.ticket),
        "at": moment.isoformat(),
        "direction": "IN",
        "method": "QR",
        "result": "OK",
        "forced": False,
        **values,
    }
    return read_scan(row)


def send(entrance, *scans, token=None, operator=None):
    token = token or make_list(entrance.gate, timezone.now())["token"]
    return sync_scans(
        operator=operator or entrance.office, gate=entrance.gate, token=token, scans=scans
    )


# The list


def test_the_list_tells_no_name_and_no_ticket(entrance):
    person = entrance.hall.admitted(name="张三丰", organization_name="西溪新材料")
    waiting = entrance.hall.sent(name="Ada Byron")
    entrance.hall.draft()

    found = make_list(entrance.open().gate, timezone.now())

    people = json.loads(found["people"])
    assert people == {
        digest_ticket(found["salt"], person.ticket): ["张＊", "企业", "OK", ""],
        digest_ticket(found["salt"], waiting.ticket): ["A.B.", "企业", "NOT_APPROVED", ""],
    }
    assert hashlib.sha256(found["people"].encode()).hexdigest() == found["digest"]
    assert signing.loads(found["token"], salt="events.gates.list")["digest"] == found["digest"]


def test_the_list_says_who_is_in_since_when(entrance):
    person = entrance.hall.admitted()
    row = entrance.open().scan(person)

    [entry] = json.loads(make_list(entrance.gate, timezone.now())["people"]).values()

    assert entry[3] == row.at.isoformat()


def test_two_gates_and_two_days_have_lists_that_cannot_be_joined(entrance):
    other, now = entrance.add(name="二号门"), timezone.now()

    salts = {
        make_list(entrance.gate, now)["salt"],
        make_list(other, now)["salt"],
        make_list(entrance.gate, now + timedelta(days=1))["salt"],
    }

    assert len(salts) == 3


@pytest.mark.parametrize(
    ("name", "short"),
    [("张三丰", "张＊"), ("Ada", "A＊"), ("Ada King Byron", "A.K.B."), ("", "—")],
)
def test_initials(name, short):
    assert initials(name) == short


# What is taken


def test_a_kept_scan_counts_from_the_moment_at_the_door(entrance):
    person = entrance.hall.admitted()
    scan = kept(entrance.open(), person, minutes=-10)

    synced = send(entrance, scan)

    row = CheckIn.objects.get()
    assert (synced.taken, synced.known, synced.refused) == ([scan.nonce], [], {})
    assert (row.registration, row.at, row.offline) == (person, scan.at, True)
    assert fresh(person).state == "CHECKED_IN"
    assert stands_at(entrance.gate)[person.pk].arrived_at == scan.at


def test_sent_twice_it_is_written_once(entrance):
    person = entrance.hall.admitted()
    scan = kept(entrance.open(), person)

    send(entrance, scan, scan)
    again = send(entrance, scan)

    assert (again.taken, again.known) == ([], [scan.nonce])
    assert CheckIn.objects.count() == 1


def test_a_list_of_another_gate_a_forged_one_and_an_old_one_are_refused(entrance):
    person = entrance.hall.admitted()
    scan = kept(entrance.open(), person)
    other = make_list(entrance.add(name="二号门"), timezone.now())["token"]
    own = make_list(entrance.gate, timezone.now())["token"]

    for token in (other, "x", own[:-1]):
        with pytest.raises(UnableToCheckIn):
            send(entrance, scan, token=token)
    entrance.clock.shift(timedelta(days=8))
    with pytest.raises(UnableToCheckIn):
        send(entrance, scan, token=own)

    assert CheckIn.objects.count() == 0


def test_a_clock_that_runs_fast_is_named_and_the_rest_is_taken(entrance):
    person = entrance.hall.admitted()
    entrance.open()
    fast, good = kept(entrance, person, minutes=6), kept(entrance, person, minutes=4)

    synced = send(entrance, fast, good)

    assert (synced.taken, list(synced.refused)) == ([good.nonce], [fast.nonce])


def test_without_right_to_the_door_nothing_is_taken(entrance):
    person = entrance.hall.admitted()
    scan = kept(entrance.open(), person)

    with pytest.raises(UnableToCheckIn):
        send(entrance, scan, operator=Operator(user=UserFactory(), duty=None))


def test_more_than_five_hundred_at_once_are_refused(entrance):
    person = entrance.hall.admitted()
    scan = kept(entrance.open(), person)

    with pytest.raises(UnableToCheckIn):
        send(entrance, *[scan] * 501)


def test_an_unknown_ticket_is_written_without_person(entrance):
    person = entrance.hall.admitted()
    scan = kept(entrance.open(), person, ticket="0" * 64, result="NEED_ATTENTION")

    send(entrance, scan)

    row = CheckIn.objects.get()
    assert (row.registration, row.standing, row.result) == (
        None,
        "UNKNOWN_CODE",
        "NEED_ATTENTION",
    )


def test_who_is_sent_after_the_close_has_come_all_the_same(entrance):
    person = entrance.hall.admitted()
    scan = kept(entrance.open(), person)
    entrance.hall.to("CLOSED")
    sweep_registrations()
    entrance.gate = fresh(entrance.gate)

    send(entrance, scan)

    assert fresh(person).state == "CHECKED_IN"


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": ""},
        {"nonce": "x" * 37},
        {"ticket": "x"},
        {"at": "yesterday"},
        {"at": "2026-11-27T09:00:00"},
        {"direction": "UP"},
        {"method": None},
        {"result": "FINE"},
    ],
)
def test_what_a_page_would_not_write_is_not_read(wrong):
    row = {
        "nonce": nonce(),
        "ticket": "0" * 64,
        "at": "2026-11-27T09:00:00+08:00",
        "direction": "IN",
        "method": "QR",
        "result": "OK",
        "forced": False,
    }
    assert read_scan(row).forced is False

    with pytest.raises(UnableToReadScan):
        read_scan({**row, **wrong})
    with pytest.raises(UnableToReadScan):
        read_token(Entrance.__new__(Entrance), "x")


def test_a_door_with_network_goes_by_what_is_known_even_from_a_fast_clock(entrance):
    person = entrance.hall.admitted()
    send(entrance.open(), kept(entrance, person, minutes=3))

    assert entrance.scan(person).result == "ALREADY_IN"


# Conflicts


def test_two_devices_that_let_the_same_person_in_are_a_conflict(entrance):
    person = entrance.hall.admitted()
    entrance.open()
    early, late = kept(entrance, person, minutes=-9), kept(entrance, person, minutes=-2)

    send(entrance, late)
    send(entrance, early)

    [conflict] = conflicts_of(entrance.fair)
    assert (conflict.checkin.nonce, conflict.comes_to) == (late.nonce, "ALREADY_IN")


def test_a_ticket_withdrawn_after_the_list_went_out_is_a_conflict(entrance):
    person = entrance.hall.admitted()
    scan = kept(entrance.open(), person)
    Registration.objects.filter(pk=person.pk).update(state="WITHDRAWN")

    send(entrance, scan)

    [conflict] = conflicts_of(entrance.fair)
    assert (conflict.checkin.nonce, conflict.comes_to) == (scan.nonce, "CANCELLED")
    assert fresh(person).state == "WITHDRAWN"


def test_answers_that_held_are_no_conflict(entrance):
    person = entrance.hall.admitted()
    entrance.open()

    send(entrance, kept(entrance, person), kept(entrance, person, minutes=2, result="ALREADY_IN"))

    assert conflicts_of(entrance.fair) == []
