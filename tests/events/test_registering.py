"""One's own registration: begun, filled in, sent, changed, withdrawn; the consents behind it."""

import pytest

from events.fairs import services as fairs
from events.registration.models import Registration
from events.registration.services import (
    UnableToRegister,
    begin_registration,
    edit_registration,
    set_availability,
    set_consents,
    set_entries,
    submit_registration,
    withdraw_registration,
)
from portal.accounts.models import Consent
from portal.accounts.services import withdraw_consent
from tests.factories.accounts import MembershipFactory, OrganizationFactory, UserFactory
from tests.factories.fairs import ALL_CONSENTS, Hall, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def consents_of(person):
    lines = Consent.objects.in_force().filter(user=person).order_by("pk")
    return [(line.text.purpose, line.recipient, line.subject) for line in lines]


def test_a_registration_begins_with_what_is_known_of_the_person():
    hall, member = Hall(), MembershipFactory(title="总工")

    registration = begin_registration(actor=member.user, fair=hall.fair)

    assert registration.state == "DRAFT"
    assert (registration.name, registration.post) == (member.user.name, "总工")
    assert registration.organization == member.organization
    assert len(registration.ticket) == 32
    assert int(registration.ticket, 16) >= 0


def test_beginning_twice_gives_the_same_registration():
    hall, person = Hall(), UserFactory()

    first = begin_registration(actor=person, fair=hall.fair)
    second = begin_registration(actor=person, fair=hall.fair)

    assert first == second


@pytest.mark.parametrize("state", ["PUBLISHED", "SCHEDULING", "LIVE", "CANCELLED"])
def test_nobody_begins_while_registration_is_closed(state):
    hall = Hall()
    type(hall.fair).objects.filter(pk=hall.fair.pk).update(state=state)

    with pytest.raises(UnableToRegister):
        begin_registration(actor=UserFactory(), fair=fresh(hall.fair))


def test_nobody_begins_after_the_last_day(time_machine):
    hall = Hall()
    time_machine.move_to(hall.fair.registration_closes_at)

    with pytest.raises(UnableToRegister):
        begin_registration(actor=UserFactory(), fair=fresh(hall.fair))


def test_where_the_organizer_approves_it_waits():
    hall = Hall()

    registration = hall.sent()

    assert (registration.state, registration.approved_at) == ("PENDING", None)


def test_where_nobody_approves_it_is_admitted_at_once():
    hall = Hall(needs_approval=False)

    registration = hall.sent()

    assert registration.state == "APPROVED"
    assert registration.approved_at is not None


def test_sending_writes_one_line_of_the_ledger_for_each_purpose():
    hall = Hall()

    registration = hall.sent()

    assert consents_of(registration.person) == [
        ("FAIR_ORGANIZER", hall.organizer, hall.fair.code),
        ("FAIR_PEERS", None, hall.fair.code),
        ("FAIR_PUBLIC", None, hall.fair.code),
    ]


def test_without_the_consent_to_the_organizer_nothing_is_sent():
    hall = Hall()
    registration = hall.draft()

    with pytest.raises(UnableToRegister):
        submit_registration(
            actor=registration.person, registration=registration, consents=["FAIR_PEERS"]
        )

    assert consents_of(registration.person) == []
    assert fresh(registration).state == "DRAFT"


def test_a_consent_for_one_fair_leaves_that_for_another_alone():
    one, other = Hall(), Hall()
    person = UserFactory()
    one.sent(person=person)
    other.sent(person=person)

    withdraw_consent(actor=person, purpose="FAIR_PEERS", subject=one.fair.code)

    peers = [line for line in consents_of(person) if line[0] == "FAIR_PEERS"]
    assert peers == [("FAIR_PEERS", None, other.fair.code)]


def test_changing_consents_leaves_unchanged_lines_alone():
    hall = Hall()
    registration = hall.sent(consents=["FAIR_ORGANIZER", "FAIR_PEERS"])
    before = Consent.objects.get(text__purpose="FAIR_PEERS")

    set_consents(
        actor=registration.person,
        registration=registration,
        consents=["FAIR_ORGANIZER", "FAIR_PEERS", "FAIR_PUBLIC"],
    )
    set_consents(actor=registration.person, registration=registration, consents=["FAIR_PEERS"])

    before.refresh_from_db()
    assert before.withdrawn_at is None
    assert [line[0] for line in consents_of(registration.person)] == [
        "FAIR_ORGANIZER",
        "FAIR_PEERS",
    ]


def test_nobody_consents_for_another():
    hall = Hall()
    registration = hall.sent()

    with pytest.raises(UnableToRegister):
        set_consents(actor=hall.owner, registration=registration, consents=ALL_CONSENTS)


@pytest.mark.parametrize("values", [{"name": ""}, {"organization_name": ""}, {"headline": ""}])
def test_what_is_missing_is_named(values):
    hall = Hall()
    registration = hall.draft(**values)

    with pytest.raises(UnableToRegister):
        submit_registration(
            actor=registration.person, registration=registration, consents=ALL_CONSENTS
        )


def test_a_visitor_who_meets_nobody_needs_no_line_about_himself():
    hall = Hall()

    assert hall.sent(role="VISITOR", headline="").state == "PENDING"


def test_a_role_that_is_not_admitted_is_refused():
    hall = Hall()

    with pytest.raises(UnableToRegister):
        hall.draft(role="MEDIA")


def test_nobody_speaks_for_an_organization_of_others():
    hall = Hall()

    with pytest.raises(UnableToRegister):
        hall.draft(organization=OrganizationFactory())


def test_the_role_is_fixed_once_sent():
    hall = Hall()
    registration = hall.sent()

    with pytest.raises(UnableToRegister):
        edit_registration(
            actor=registration.person, registration=registration, values={"role": "INVESTOR"}
        )


def test_a_changed_profile_waits_again_and_keeps_its_place_where_the_fair_says_so():
    hall = Hall(change_resets_approval=True)
    hall.limit(enterprise=1)
    registration = hall.admitted()

    registration = edit_registration(
        actor=registration.person, registration=registration, values={"headline": "换了说法"}
    )

    assert registration.state == "PENDING"
    assert Registration.objects.holding().count() == 1


def test_a_changed_profile_stays_admitted_where_the_fair_does_not_mind():
    hall = Hall()
    registration = hall.admitted()

    registration = edit_registration(
        actor=registration.person, registration=registration, values={"headline": "换了说法"}
    )

    assert registration.state == "APPROVED"


def test_what_did_not_change_resets_nothing():
    hall = Hall(change_resets_approval=True)
    registration = hall.admitted()

    registration = edit_registration(
        actor=registration.person,
        registration=registration,
        values={"headline": registration.headline},
    )

    assert registration.state == "APPROVED"


def test_changed_entries_wait_again_and_the_same_do_not():
    hall = Hall(change_resets_approval=True)
    registration = hall.admitted()
    entries = [{"kind": "SEEK", "title": "导热膜", "summary": ""}]

    set_entries(actor=registration.person, registration=registration, entries=entries)
    changed = fresh(registration).state
    Registration.objects.update(state="APPROVED")
    set_entries(actor=registration.person, registration=registration, entries=entries)

    assert (changed, fresh(registration).state) == ("PENDING", "APPROVED")


def test_nobody_edits_anothers_registration():
    hall = Hall()
    registration = hall.sent()
    doors = [
        lambda user: edit_registration(actor=user, registration=registration, values={}),
        lambda user: set_entries(actor=user, registration=registration, entries=[]),
        lambda user: set_availability(actor=user, registration=registration, states={}),
        lambda user: withdraw_registration(actor=user, registration=registration),
        lambda user: submit_registration(
            actor=user, registration=registration, consents=ALL_CONSENTS
        ),
    ]

    for door in doors:
        for user in (UserFactory(), hall.owner):
            with pytest.raises(UnableToRegister):
                door(user)


def test_availability_keeps_what_is_not_free_and_ignores_slots_of_others():
    hall, other = Hall(), Hall()
    registration = hall.sent()
    first, second, third = hall.slots[:3]

    set_availability(
        actor=registration.person,
        registration=registration,
        states={
            first.pk: ("BUSY", "SESSION"),
            second.pk: ("PREFER_NOT", ""),
            third.pk: ("FREE", ""),
            other.slots[0].pk: ("BUSY", ""),
        },
    )

    rows = registration.availabilities.order_by("slot__starts_at")
    assert list(rows.values_list("slot", "state", "reason")) == [
        (first.pk, "BUSY", "SESSION"),
        (second.pk, "PREFER_NOT", ""),
    ]


def test_withdrawing_ends_the_consents_and_frees_the_place():
    hall = Hall()
    registration = hall.admitted()

    registration = withdraw_registration(actor=registration.person, registration=registration)

    assert (registration.state, registration.approved_at) == ("WITHDRAWN", None)
    assert consents_of(registration.person) == []


def test_who_withdrew_may_register_anew_with_the_same_ticket():
    hall = Hall()
    registration = hall.admitted()
    person, ticket = registration.person, registration.ticket
    withdraw_registration(actor=person, registration=registration)

    again = begin_registration(actor=person, fair=hall.fair)

    assert (again.state, again.ticket) == ("DRAFT", ticket)
    assert (
        submit_registration(actor=person, registration=again, consents=ALL_CONSENTS).state
        == "PENDING"
    )


@pytest.mark.parametrize("state", ["CHECKED_IN", "NO_SHOW", "REJECTED", "EXPIRED", "WITHDRAWN"])
def test_what_is_past_is_not_withdrawn(state):
    hall = Hall()
    registration = hall.sent()
    Registration.objects.update(state=state, reject_reason="满员")

    with pytest.raises(UnableToRegister):
        withdraw_registration(actor=registration.person, registration=registration)


def test_after_the_fair_nothing_is_changed():
    hall = Hall()
    registration = hall.admitted()
    type(hall.fair).objects.filter(pk=hall.fair.pk).update(state="CLOSED")

    with pytest.raises(UnableToRegister):
        edit_registration(actor=registration.person, registration=registration, values={})
    with pytest.raises(UnableToRegister):
        withdraw_registration(actor=registration.person, registration=registration)


def test_a_fair_with_registrations_keeps_its_visibility():
    hall = Hall()
    hall.sent()

    with pytest.raises(fairs.UnableToChangeFair):
        fairs.edit_fair(actor=hall.owner, fair=hall.fair, values={"list_participants": "SHOW_ALL"})
