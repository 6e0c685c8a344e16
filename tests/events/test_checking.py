"""What a gate answers to a ticket, who may ask it, and what is written down."""

from datetime import timedelta

import pytest

from events.fairs import services as fairs
from events.gates.models import CheckIn
from events.gates.queries import operator_for
from events.gates.rules import Operator
from events.gates.services import (
    UnableToCheckIn,
    make_link,
    name_person,
    remove_gate,
    revoke_duty,
    save_gate,
)
from events.registration.services import sweep_registrations, withdraw_registration
from portal.audit.models import AuditEvent
from portal.notifications.models import Notification
from tests.factories.accounts import UserFactory
from tests.factories.fairs import Hall, fresh
from tests.factories.gates import Entrance, nonce

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def entrance(time_machine):
    return Entrance(time_machine)


def test_a_good_ticket_lets_in_and_its_person_has_arrived(entrance):
    person = entrance.hall.admitted()
    entrance.open()

    row = entrance.scan(person)

    assert (row.result, row.light, row.registration) == ("OK", "go", person)
    assert fresh(person).state == "CHECKED_IN"


def test_a_ticket_in_capitals_with_blanks_is_the_same_ticket(entrance):
    person = entrance.hall.admitted()
    entrance.open()

    assert entrance.scan(person, code=f" {person.ticket.upper()}\n").result == "OK"


def test_the_second_time_the_ticket_is_already_used(entrance):
    person = entrance.hall.admitted()
    entrance.open().scan(person)

    row = entrance.scan(person)

    assert (row.result, row.light) == ("ALREADY_IN", "wait")
    assert CheckIn.objects.count() == 2


def test_the_same_nonce_is_the_same_scan(entrance):
    person, once = entrance.hall.admitted(), nonce()
    entrance.open()

    first, second = (entrance.scan(person, nonce=once) for _time in range(2))

    assert (first, second.result) == (second, "OK")
    assert CheckIn.objects.count() == 1


def test_a_nonce_of_another_gate_is_refused(entrance):
    person, once = entrance.hall.admitted(), nonce()
    entrance.open().scan(person, nonce=once)
    other = entrance.add(name="二号门")

    with pytest.raises(UnableToCheckIn):
        entrance.scan(person, nonce=once, gate=other)


def test_who_goes_out_may_come_in_again(entrance):
    person = entrance.hall.admitted()
    entrance.open()

    said = [entrance.scan(person, direction=way).result for way in ("IN", "OUT", "IN", "IN")]

    assert said == ["OK", "OK", "OK", "ALREADY_IN"]


def test_who_goes_out_without_having_come_in_is_looked_at(entrance):
    person = entrance.hall.admitted()
    entrance.open()

    row = entrance.scan(person, direction="OUT")

    assert (row.result, row.light) == ("NEED_ATTENTION", "wait")
    assert fresh(person).state == "APPROVED"


def test_each_gate_counts_on_its_own(entrance):
    person = entrance.hall.admitted()
    talk = entrance.add(name="分会场", kind="SESSION")
    entrance.open().scan(person)

    assert entrance.scan(person, gate=talk).result == "OK"


def test_a_ticket_of_another_fair(entrance):
    other = Hall().admitted()
    entrance.open()

    row = entrance.scan(other)

    assert (row.result, row.light, row.registration) == ("WRONG_EVENT", "stop", None)


@pytest.mark.parametrize("code", ["", "0" * 32, "张三", "x" * 4000])
def test_a_code_that_is_no_ticket(entrance, code):
    person = entrance.hall.admitted()
    entrance.open()

    row = entrance.scan(person, code=code)

    assert (row.result, row.light, row.registration) == ("UNKNOWN_CODE", "stop", None)


def test_who_still_waits_for_the_organizer(entrance):
    person = entrance.hall.sent()
    entrance.open()

    row = entrance.scan(person)

    assert (row.result, row.light) == ("NOT_APPROVED", "stop")
    assert fresh(person).state == "PENDING"


def test_a_draft_is_no_ticket_yet(entrance):
    draft = entrance.hall.draft()
    entrance.open()

    assert entrance.scan(draft).result == "UNKNOWN_CODE"


def test_who_has_withdrawn(entrance):
    person = entrance.hall.admitted()
    withdraw_registration(actor=person.person, registration=person)
    entrance.open()

    assert entrance.scan(person).result == "CANCELLED"


def test_a_fair_that_was_called_off(entrance):
    person = entrance.hall.admitted()
    fairs.cancel_fair(actor=entrance.hall.owner, fair=entrance.fair, reason="台风")
    entrance.gate = fresh(entrance.gate)
    entrance.open()

    assert entrance.scan(person).result == "CANCELLED"


def test_before_the_gate_opens_and_after_it_closes(entrance):
    person = entrance.hall.admitted()

    early = entrance.scan(person).result
    entrance.close()
    late = entrance.scan(person).result

    assert (early, late) == ("OUTSIDE_TIME", "OUTSIDE_TIME")
    assert fresh(person).state == "APPROVED"


def test_the_way_out_stays_open_after_the_close(entrance):
    person = entrance.hall.admitted()
    entrance.open().scan(person)
    entrance.close()

    assert entrance.scan(person, direction="OUT").result == "OK"


def test_what_is_only_a_matter_of_the_moment_can_be_forced(entrance):
    person = entrance.hall.admitted()

    row = entrance.scan(person, forced=True)

    assert (row.result, row.standing, row.forced) == ("OK", "OUTSIDE_TIME", True)
    assert fresh(person).state == "CHECKED_IN"
    event = AuditEvent.objects.filter(action="gates.force").get()
    assert event.payload == {"gate": entrance.gate.pk, "duty": None}


def test_a_used_ticket_can_be_forced(entrance):
    person = entrance.hall.admitted()
    entrance.open().scan(person)

    assert entrance.scan(person, forced=True).result == "OK"


def test_a_ticket_that_was_not_admitted_cannot_be_forced(entrance):
    person = entrance.hall.sent()
    entrance.open()

    with pytest.raises(UnableToCheckIn):
        entrance.scan(person, forced=True)

    assert CheckIn.objects.count() == 0


def test_what_was_written_down_is_never_changed(entrance):
    person = entrance.hall.admitted()
    row = entrance.open().scan(person)

    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(TypeError):
        CheckIn.objects.update(result="OK")


def test_who_stayed_away_is_marked_at_the_close_and_who_came_is_not(entrance):
    came, stayed = entrance.hall.admitted(), entrance.hall.admitted()
    entrance.open().scan(came)
    entrance.hall.to("CLOSED")

    sweep_registrations()
    sweep_registrations()

    assert (fresh(came).state, fresh(stayed).state) == ("CHECKED_IN", "NO_SHOW")


# Who may stand there


def test_somebody_named_for_the_door(entrance):
    steward, person = UserFactory(), entrance.hall.admitted()
    name_person(
        actor=entrance.hall.owner,
        fair=entrance.fair,
        person=steward,
        expires_at=entrance.fair.page.ends_at,
    )
    entrance.open()

    row = entrance.scan(person, operator=operator_for(steward, entrance.fair, None))

    assert (row.result, row.operator, row.duty.person) == ("OK", steward, steward)


def test_the_holder_of_a_link(entrance):
    person = entrance.hall.admitted()
    duty, token = make_link(
        actor=entrance.hall.owner,
        fair=entrance.fair,
        name="志愿者一组",
        expires_at=entrance.fair.page.ends_at,
    )
    entrance.open()

    row = entrance.scan(person, operator=Operator(user=None, duty=duty))

    assert (row.result, row.operator, row.duty) == ("OK", None, duty)
    assert token not in (fresh(duty).digest, duty.name)


def _link(entrance, **values):
    given = {"name": "志愿者", "expires_at": entrance.fair.page.starts_at, **values}
    duty, _token = make_link(actor=entrance.hall.owner, fair=entrance.fair, **given)
    return Operator(user=None, duty=duty)


def test_a_link_that_has_run_out_opens_nothing(entrance):
    operator, person = _link(entrance), entrance.hall.admitted()
    entrance.open()

    with pytest.raises(UnableToCheckIn):
        entrance.scan(person, operator=operator)


def test_a_link_that_was_taken_back_opens_nothing(entrance):
    operator, person = _link(entrance), entrance.hall.admitted()
    duty = revoke_duty(actor=entrance.hall.owner, duty=operator.duty)

    with pytest.raises(UnableToCheckIn):
        entrance.scan(person, operator=Operator(user=None, duty=duty))


def test_a_link_of_another_fair_opens_nothing(entrance):
    other = Hall()
    duty, _token = make_link(
        actor=other.owner, fair=other.fair, name="x", expires_at=other.fair.page.ends_at
    )
    person = entrance.hall.admitted()
    entrance.open()

    with pytest.raises(UnableToCheckIn):
        entrance.scan(person, operator=Operator(user=None, duty=duty))


def test_somebody_else_opens_nothing(entrance):
    person = entrance.hall.admitted()
    entrance.open()

    for user in (UserFactory(), entrance.hall.member, person.person):
        with pytest.raises(UnableToCheckIn):
            entrance.scan(person, operator=operator_for(user, entrance.fair, None))


# What the organizer sets up


def test_only_who_runs_the_fair_sets_up_gates_and_names_people(entrance):
    stranger, until = UserFactory(), entrance.fair.page.ends_at
    duty = _link(entrance).duty
    doors = [
        lambda: save_gate(actor=stranger, fair=entrance.fair, values={"name": "x"}),
        lambda: remove_gate(actor=stranger, gate=entrance.gate),
        lambda: name_person(actor=stranger, fair=entrance.fair, person=stranger, expires_at=until),
        lambda: make_link(actor=stranger, fair=entrance.fair, name="x", expires_at=until),
        lambda: revoke_duty(actor=stranger, duty=duty),
    ]

    for door in doors:
        with pytest.raises(UnableToCheckIn):
            door()


def test_two_gates_of_one_name_are_refused(entrance):
    with pytest.raises(UnableToCheckIn):
        entrance.add(name=entrance.gate.name)


def test_a_gate_that_closes_before_it_opens_is_refused(entrance):
    with pytest.raises(UnableToCheckIn):
        entrance.add(name="二号门", closes_at=entrance.gate.opens_at)


def test_a_gate_that_people_went_through_stays(entrance):
    other, person = entrance.add(name="二号门"), entrance.hall.admitted()
    entrance.open().scan(person)

    remove_gate(actor=entrance.hall.owner, gate=other)
    with pytest.raises(UnableToCheckIn):
        remove_gate(actor=entrance.hall.owner, gate=entrance.gate)

    assert list(entrance.fair.gates.all()) == [entrance.gate]


@pytest.mark.parametrize("late", [timedelta(days=-40), timedelta(days=4)])
def test_access_ends_in_the_future_and_soon_after_the_fair(entrance, late):
    with pytest.raises(UnableToCheckIn):
        _link(entrance, expires_at=entrance.fair.page.ends_at + late)


def test_naming_the_same_person_again_changes_the_time_only(entrance):
    steward, page = UserFactory(), entrance.fair.page
    given = {"actor": entrance.hall.owner, "fair": entrance.fair, "person": steward}

    first = name_person(**given, expires_at=page.starts_at)
    second = name_person(**given, expires_at=page.ends_at)

    assert first == second
    assert second.expires_at == page.ends_at
    told = Notification.objects.filter(user=steward, kind="fair-duty").get()
    assert told.url == f"/door/{entrance.fair.code}/"
