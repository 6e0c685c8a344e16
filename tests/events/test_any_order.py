"""A thousand scans from five devices that had no network: their order changes nothing."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings, strategies as st

from events.gates.lists import digest_ticket, make_list, read_scan, stands_at
from events.gates.models import CheckIn
from events.gates.queries import conflicts_of
from events.gates.standing import stand_of
from events.registration.models import Registration
from tests.events.test_offline import send
from tests.factories.gates import Entrance

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def entrance(time_machine):
    return Entrance(time_machine)


DEVICES, SCANS, PEOPLE = 5, 1_000, 60


def thousand(entrance, seed=7):
    """What five devices kept of a busy day: good tickets and others, in and out, some forced."""
    states = ("APPROVED", "APPROVED", "APPROVED", "APPROVED", "PENDING", "WITHDRAWN", "NO_SHOW")
    people = Registration.objects.bulk_create(
        Registration(
            fair=entrance.fair,
            name=f"来宾{number}",
            role="ENTERPRISE",
            state=states[number % len(states)],
            submitted_at=timezone.now(),
            approved_at=timezone.now(),
        )
        for number in range(PEOPLE)
    )
    chance = random.Random(seed)
    today = make_list(entrance.gate, timezone.now())
    digests = [digest_ticket(today["salt"], person.ticket) for person in people]
    digests.append("0" * 64)
    start = entrance.gate.opens_at - timedelta(minutes=20)
    scans = [
        read_scan(
            {
                "nonce": f"{seed}-{number:08d}",
                "ticket": chance.choice(digests),
                # whole minutes: many scans fall on the same moment
                "at": (start + timedelta(minutes=chance.randrange(90))).isoformat(),
                "direction": chance.choice(("IN", "IN", "OUT")),
                "method": "QR",
                "result": chance.choice(("OK", "ALREADY_IN", "NEED_ATTENTION")),
                "forced": chance.random() < 0.05,
            }
        )
        for number in range(SCANS)
    ]
    return people, [scans[device::DEVICES] for device in range(DEVICES)]


def snapshot(entrance):
    people = Registration.objects.filter(fair=entrance.fair).order_by("pk")
    return {
        "states": list(people.values_list("pk", "state")),
        "stands": stands_at(entrance.gate),
        "conflicts": sorted(
            (each.checkin.nonce, each.comes_to) for each in conflicts_of(entrance.fair)
        ),
        "scans": sorted(
            CheckIn.objects.values_list(
                "nonce", "registration", "at", "direction", "standing", "result", "forced"
            )
        ),
    }


@st.composite
def sendings(draw):
    """An order in which five devices send their scans, in parts, some of them twice."""
    sizes = [draw(st.integers(20, 120)) for _device in range(DEVICES)]
    parts = [
        (device, start, start + size)
        for device, size in enumerate(sizes)
        for start in range(0, SCANS // DEVICES, size)
    ]
    twice = draw(st.lists(st.sampled_from(parts), max_size=3))
    return draw(st.permutations([*parts, *twice]))


def test_a_thousand_scans_of_five_devices_end_in_the_same_state_in_any_order(entrance):
    people, devices = thousand(entrance.open())
    entrance.close()
    before = {person.pk: person.state for person in people}
    seen = []

    @settings(
        max_examples=6,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(order=sendings())
    def deliver(order):
        CheckIn.objects.all().delete()
        for person in people:
            person.state = before[person.pk]
        Registration.objects.bulk_update(people, ["state"])
        for device, start, end in order:
            send(entrance, *devices[device][start:end])
        seen.append(snapshot(entrance))

    deliver()

    assert len(seen) >= 6
    assert len(seen[0]["scans"]) == SCANS
    assert {state for _pk, state in seen[0]["states"]} > {"CHECKED_IN", "PENDING"}
    assert seen[0]["conflicts"] != []
    assert all(each == seen[0] for each in seen)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    scans=st.lists(
        st.builds(
            CheckIn,
            nonce=st.uuids().map(str),
            at=st.integers(0, 9).map(lambda n: timezone.datetime(2026, 11, 27, 9, n)),
            direction=st.sampled_from(["IN", "OUT"]),
            standing=st.sampled_from(["OK", "OK", "OUTSIDE_TIME", "CANCELLED"]),
            forced=st.booleans(),
        ),
        max_size=30,
    ),
    data=st.data(),
)
def test_where_somebody_stands_is_a_function_of_the_set_of_scans(scans, data):
    shuffled = data.draw(st.permutations(scans))
    twice = data.draw(st.lists(st.sampled_from(scans), max_size=5)) if scans else []

    assert stand_of([*shuffled, *twice]) == stand_of(scans)
