"""The organizer decides; places are counted by role and in all; the waiting list passes them on."""

from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone

from events.fairs import services as fairs
from events.registration.enums import ALLOWED_TRANSITIONS, RegistrationState
from events.registration.models import Registration, WaitEntry
from events.registration.places import places_of
from events.registration.services import (
    UnableToRegister,
    accept_offer,
    approve_registration,
    decide_many,
    decline_offer,
    expire_offer,
    pass_places_on,
    reject_registration,
    sweep_registrations,
    waitlist_registration,
    withdraw_registration,
)
from events.registration.services.changes import lock, move
from tests.factories.accounts import UserFactory
from tests.factories.fairs import Hall, fresh, in_days

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def kinds(person):
    return list(person.notifications.order_by("pk").values_list("kind", flat=True))


def states(*registrations):
    return [fresh(each).state for each in registrations]


def test_admitting_tells_the_person():
    hall = Hall()
    registration = hall.sent()

    approve_registration(actor=hall.owner, registration=registration)

    stored = fresh(registration)
    assert (stored.state, stored.decided_by) == ("APPROVED", hall.owner)
    assert kinds(registration.person) == ["fair-registration", "fair-approved-person"]


def test_a_refusal_needs_a_reason_which_the_person_reads():
    hall = Hall()
    registration = hall.sent()

    with pytest.raises(UnableToRegister):
        reject_registration(actor=hall.owner, registration=registration, reason="  ")
    reject_registration(actor=hall.owner, registration=registration, reason="本场只限新材料")

    assert fresh(registration).reject_reason == "本场只限新材料"
    note = registration.person.notifications.get(kind="fair-rejected-person")
    assert note.body == "新材料供需对接会\n本场只限新材料"


def test_only_those_who_run_the_fair_decide():
    hall = Hall()
    registration = hall.sent()

    for user in (UserFactory(), hall.member, hall.reviewer, registration.person):
        for door in (approve_registration, waitlist_registration):
            with pytest.raises(UnableToRegister):
                door(actor=user, registration=registration)
        with pytest.raises(UnableToRegister):
            reject_registration(actor=user, registration=registration, reason="x")
    assert fresh(registration).state == "PENDING"


def test_a_draft_is_not_decided_on():
    hall = Hall()

    with pytest.raises(UnableToRegister):
        approve_registration(actor=hall.owner, registration=hall.draft())


def test_what_the_table_does_not_allow_is_refused():
    hall = Hall()
    registration = hall.sent()
    refused = set()

    for before, after in product(RegistrationState, RegistrationState):
        Registration.objects.update(state=before, reject_reason="满员")
        try:
            move(lock(registration), after, actor=hall.owner, action="registration.approve")
        except UnableToRegister:
            refused.add((before, after))

    allowed = {
        (before, after) for before, states in ALLOWED_TRANSITIONS.items() for after in states
    }
    assert refused == set(product(RegistrationState, RegistrationState)) - allowed


@pytest.mark.parametrize(
    ("total", "role", "expected"),
    [(None, None, None), (5, None, 4), (None, 3, 2), (5, 3, 2), (2, 3, 1), (1, 3, 0)],
)
def test_places_left_are_the_fewer_of_the_roles_and_the_fairs(total, role, expected):
    hall = Hall()
    hall.admitted()
    hall.limit(total=total, enterprise=role)

    places = places_of(hall.fair)

    assert places.left_for("ENTERPRISE") == expected
    assert places.left_for("MEDIA") == 0


def test_nobody_is_admitted_beyond_the_places_of_the_role():
    hall = Hall()
    hall.limit(enterprise=1)
    hall.admitted()
    late, institute = hall.sent(), hall.sent(role="INSTITUTE")

    with pytest.raises(UnableToRegister, match="企业"):
        approve_registration(actor=hall.owner, registration=late)
    approve_registration(actor=hall.owner, registration=institute)

    assert states(late, institute) == ["PENDING", "APPROVED"]


def test_several_are_decided_each_on_its_own():
    hall = Hall()
    hall.limit(enterprise=2)
    pending = [hall.sent() for _number in range(3)]
    draft, foreign = hall.draft(), Hall().sent()

    decided = decide_many(
        actor=hall.owner,
        fair=hall.fair,
        registrations=[each.pk for each in [*pending, draft, foreign]],
        decision="approve",
    )

    assert decided.moved == 2
    assert [name for name, _why in decided.refused] == [pending[2].name]
    assert states(*pending, draft, foreign) == [
        "APPROVED",
        "APPROVED",
        "PENDING",
        "DRAFT",
        "PENDING",
    ]


def test_several_are_refused_with_one_reason():
    hall = Hall()
    pending = [hall.sent(), hall.sent()]

    decide_many(
        actor=hall.owner,
        fair=hall.fair,
        registrations=[each.pk for each in pending],
        decision="reject",
        reason="名额已满",
    )

    assert [fresh(each).reject_reason for each in pending] == ["名额已满", "名额已满"]


def test_others_decide_on_nobody():
    hall = Hall()
    registration = hall.sent()

    with pytest.raises(UnableToRegister):
        decide_many(
            actor=hall.reviewer,
            fair=hall.fair,
            registrations=[registration.pk],
            decision="approve",
        )


def full_hall(waiting=2, **values):
    """One place, taken, and people who wait for it in the order of coming."""
    hall = Hall(needs_approval=False, **values)
    hall.limit(enterprise=1)
    return hall, hall.sent(), [hall.sent() for _number in range(waiting)]


def test_a_full_fair_puts_people_on_the_waiting_list():
    _hall, admitted, (first, second) = full_hall()

    assert states(admitted, first, second) == ["APPROVED", "WAITLISTED", "WAITLISTED"]


def test_a_place_given_up_is_offered_to_the_first_who_waits():
    hall, admitted, (first, second) = full_hall()

    withdraw_registration(actor=admitted.person, registration=admitted)

    assert states(first, second) == ["OFFERED", "WAITLISTED"]
    entry = first.waits.get()
    assert entry.expires_at - entry.offered_at == timedelta(hours=hall.fair.offer_hours)
    assert kinds(first.person)[-1] == "fair-offer"


def test_an_offer_ends_when_the_fair_begins(time_machine):
    hall, admitted, (first, _second) = full_hall()
    time_machine.move_to(hall.fair.page.starts_at - timedelta(hours=2))

    withdraw_registration(actor=admitted.person, registration=admitted)

    assert first.waits.get().expires_at == hall.fair.page.starts_at


def test_an_offer_taken_is_a_place():
    _hall, admitted, (first, second) = full_hall()
    withdraw_registration(actor=admitted.person, registration=admitted)

    accept_offer(actor=first.person, registration=first)
    sweep_registrations()

    assert states(first, second) == ["APPROVED", "WAITLISTED"]
    assert first.waits.get().outcome == "ADMITTED"


def test_an_offer_turned_down_goes_to_the_next():
    _hall, admitted, (first, second) = full_hall()
    withdraw_registration(actor=admitted.person, registration=admitted)

    decline_offer(actor=first.person, registration=first)

    assert states(first, second) == ["WITHDRAWN", "OFFERED"]


def test_an_offer_run_out_goes_to_the_next_once(time_machine):
    _hall, admitted, (first, second) = full_hall()
    withdraw_registration(actor=admitted.person, registration=admitted)
    time_machine.move_to(timezone.now() + timedelta(hours=25))

    for _time in range(3):
        sweep_registrations()

    assert states(first, second) == ["EXPIRED", "OFFERED"]
    assert first.waits.get().outcome == "EXPIRED"
    assert kinds(first.person).count("fair-offer-expired") == 1
    assert kinds(second.person).count("fair-offer") == 1


def test_an_offer_is_not_taken_after_its_time(time_machine):
    _hall, admitted, (first, _second) = full_hall()
    withdraw_registration(actor=admitted.person, registration=admitted)
    time_machine.move_to(timezone.now() + timedelta(hours=25))

    with pytest.raises(UnableToRegister, match="报名"):
        accept_offer(actor=first.person, registration=first)


def test_an_offer_is_taken_by_nobody_else():
    hall, admitted, (first, _second) = full_hall()
    withdraw_registration(actor=admitted.person, registration=admitted)

    for door in (accept_offer, decline_offer):
        for user in (hall.owner, admitted.person):
            with pytest.raises(UnableToRegister):
                door(actor=user, registration=first)


def test_an_offer_that_was_taken_does_not_expire(time_machine):
    _hall, admitted, (first, _second) = full_hall()
    withdraw_registration(actor=admitted.person, registration=admitted)
    accept_offer(actor=first.person, registration=first)
    time_machine.move_to(timezone.now() + timedelta(hours=25))

    assert expire_offer(registration=first, now=timezone.now()) is False
    assert fresh(first).state == "APPROVED"


def test_who_waits_for_a_full_role_is_passed_over():
    hall = Hall(needs_approval=False)
    hall.limit(total=2, enterprise=1)
    _enterprise, institute = hall.sent(), hall.sent(role="INSTITUTE")
    company, other = hall.sent(), hall.sent(role="UNIVERSITY")
    assert states(company, other) == ["WAITLISTED", "WAITLISTED"]

    withdraw_registration(actor=institute.person, registration=institute)

    assert states(company, other) == ["WAITLISTED", "OFFERED"]


def test_added_places_are_offered_by_the_sweep():
    hall, _admitted, waiting = full_hall(waiting=3)
    hall.limit(enterprise=3)

    sweep_registrations()

    assert states(*waiting) == ["OFFERED", "OFFERED", "WAITLISTED"]


def test_a_newcomer_does_not_overtake_those_who_wait():
    hall, _admitted, (first, _second) = full_hall()
    hall.limit(enterprise=2)

    newcomer = hall.sent()

    assert states(first, newcomer) == ["WAITLISTED", "WAITLISTED"]


def test_nothing_is_offered_once_the_fair_has_begun():
    hall, _admitted, (first, _second) = full_hall()
    hall.limit(enterprise=2)

    assert pass_places_on(fair=hall.fair, now=in_days(31)) == 0
    assert fresh(first).state == "WAITLISTED"


def test_a_refused_person_who_held_a_place_frees_it():
    hall = Hall(change_resets_approval=True)
    hall.limit(enterprise=1)
    holder, waiting = hall.admitted(), hall.sent()
    waitlist_registration(actor=hall.owner, registration=waiting)
    Registration.objects.filter(pk=holder.pk).update(state="PENDING")

    reject_registration(actor=hall.owner, registration=fresh(holder), reason="资料不实")

    assert states(holder, waiting) == ["REJECTED", "OFFERED"]


def test_putting_somebody_on_the_list_with_a_free_place_offers_it():
    hall = Hall()
    registration = hall.sent()

    waitlist_registration(actor=hall.owner, registration=registration)

    assert fresh(registration).state == "OFFERED"


def test_leaving_the_waiting_list_ends_the_wait():
    _hall, _admitted, (first, _second) = full_hall()

    withdraw_registration(actor=first.person, registration=first)

    assert WaitEntry.objects.get(registration=first).outcome == "LEFT"


def test_after_the_fair_those_who_did_not_come_are_noted_once():
    hall = Hall()
    absent, present = hall.admitted(), hall.admitted()
    Registration.objects.filter(pk=present.pk).update(state="CHECKED_IN")
    hall.to("CLOSED")

    sweep_registrations()
    sweep_registrations()

    assert states(absent, present) == ["NO_SHOW", "CHECKED_IN"]


def test_personal_data_goes_when_the_retention_is_over():
    hall = Hall(retention_days=100)
    admitted = hall.admitted()
    hall.to("CLOSED")

    sweep_registrations(now=in_days(129))
    kept = fresh(admitted).name
    sweep_registrations(now=in_days(131))

    stored = fresh(admitted)
    assert kept == admitted.name
    assert (stored.name, stored.email, stored.person, stored.role) == ("", "", None, "ENTERPRISE")
    assert fresh(hall.fair).purged_at is not None


def test_a_cancelled_fair_offers_nothing():
    hall, _admitted, (first, _second) = full_hall()
    hall.limit(enterprise=2)
    fairs.cancel_fair(actor=hall.owner, fair=hall.fair, reason="台风")

    sweep_registrations()

    assert fresh(first).state == "WAITLISTED"
