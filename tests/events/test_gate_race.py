"""Several devices at the same moment: one ticket lets in once, one scan is written once."""

import pytest

from events.gates.lists import make_list
from events.gates.models import CheckIn
from events.gates.services import sync_scans
from events.registration.models import Registration
from tests.events.test_offline import kept
from tests.events.test_race import at_once
from tests.factories.gates import Entrance

pytestmark = pytest.mark.database


@pytest.mark.usefixtures("committed_database")
def test_four_devices_that_scan_one_ticket_let_in_once(time_machine):
    entrance = Entrance(time_machine)
    person = entrance.hall.admitted()
    entrance.open()

    at_once(*[lambda: entrance.scan(person)] * 4)

    told = sorted(CheckIn.objects.values_list("result", flat=True))
    assert told == ["ALREADY_IN", "ALREADY_IN", "ALREADY_IN", "OK"]
    assert Registration.objects.get(pk=person.pk).state == "CHECKED_IN"


@pytest.mark.usefixtures("committed_database")
def test_a_sending_that_arrives_twice_at_once_is_written_once(time_machine):
    entrance = Entrance(time_machine)
    person = entrance.hall.admitted()
    scan = kept(entrance.open(), person)
    token = make_list(entrance.gate, scan.at)["token"]

    def send():
        return sync_scans(operator=entrance.office, gate=entrance.gate, token=token, scans=[scan])

    at_once(send, send)

    assert CheckIn.objects.values_list("nonce", flat=True).get() == scan.nonce
    assert Registration.objects.get(pk=person.pk).state == "CHECKED_IN"
