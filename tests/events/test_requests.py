"""Asking somebody for a meeting, answering, and not wanting to meet."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from events.meetings.enums import Priority, RequestState
from events.meetings.models import MeetingRequest, NoMeet
from events.meetings.queries import (
    askable_people,
    fewest_tables,
    quota_of,
    requests_on,
    search_people,
)
from events.meetings.services import (
    UnableToMeet,
    accept_request,
    answer_by_link,
    call_off,
    change_wish,
    decline_request,
    lift_refusal,
    refuse_to_meet,
    send_request,
    token_of,
    withdraw_request,
)
from events.registration.models import Entry
from events.registration.services import set_consents, withdraw_registration
from portal.accounts.enums import ConsentPurpose
from portal.audit.models import AuditEvent
from tests.factories.accounts import UserFactory
from tests.factories.fairs import fresh
from tests.factories.meetings import Market

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def market():
    return Market()


def askable(own):
    own = fresh(own)
    people = askable_people(own, own.person, timezone.now())
    return set(people.values_list("pk", flat=True))


def refusal_of(**more):
    with pytest.raises(UnableToMeet) as error:
        send_request(actor=more["registration"].person, **more)
    return str(error.value)


def test_the_asked_one_is_told_who_asks_and_by_when(market, django_capture_on_commit_callbacks):
    one, other = market.enterprise(name="周远"), market.institute()
    about = Entry.objects.create(registration=one, kind="SEEK", title="薄型导热膜")
    with django_capture_on_commit_callbacks(execute=True):
        request = market.request(one, other, message="想看样品", about=about)

    assert (request.state, request.priority) == (RequestState.SENT, Priority.WANT)
    note = other.person.notifications.get(kind="meeting-request")
    assert "周远" in note.title
    assert {"薄型导热膜", "想看样品"} <= set(note.body.splitlines())
    assert note.title_en != note.title
    [sent] = [each for each in mail.outbox if each.to == [other.person.email]][-1:]
    assert token_of(request).split(":")[0] in sent.body


def test_an_answer_is_due_in_some_days_but_before_requests_close(market):
    asked = market.request()
    assert asked.expires_at - asked.created_at == pytest.approx(
        timedelta(days=5), abs=timedelta(minutes=1)
    )
    with time_machine.travel(market.fair.requests_close_at - timedelta(days=2), tick=False):
        assert market.request().expires_at == market.fair.requests_close_at


def test_somebody_else_cannot_ask_with_my_registration(market):
    one, other = market.enterprise(), market.institute()
    with pytest.raises(UnableToMeet):
        send_request(actor=UserFactory(), registration=one, other=other)
    assert not MeetingRequest.objects.exists()


def test_nobody_asks_before_requests_open_or_after_they_close(market):
    one, other = market.enterprise(), market.institute()
    with time_machine.travel(market.fair.requests_close_at, tick=False):
        assert refusal_of(registration=one, other=other)
    market.to("SCHEDULING")
    assert refusal_of(registration=one, other=other)


def test_who_is_not_admitted_asks_nobody_and_is_not_asked(market):
    waiting, admitted = market.sent(role="ENTERPRISE"), market.institute()
    assert refusal_of(registration=waiting, other=admitted)
    assert refusal_of(registration=admitted, other=waiting)


def test_only_the_pairs_of_roles_may_ask(market):
    one, same = market.enterprise(), market.enterprise()
    visitor, institute = market.admitted(role="VISITOR"), market.institute()
    assert askable(one) == {institute.pk}
    assert refusal_of(registration=one, other=same)
    assert refusal_of(registration=one, other=visitor)


def test_colleagues_are_not_asked(market):
    one = market.enterprise()
    colleague = market.institute(organization=one.organization)
    assert colleague.pk not in askable(one)


def test_who_has_no_slot_in_common_cannot_be_asked(market):
    one, other = market.enterprise(), market.institute()
    first, second, *rest = market.slots
    market.busy(one, first, second)
    market.busy(other, *rest)
    assert askable(one) == set()
    assert refusal_of(registration=one, other=other)
    other.availabilities.filter(slot=rest[0]).delete()
    assert askable(one) == {other.pk}


def test_who_does_not_show_in_the_list_cannot_be_asked(market):
    one = market.enterprise()
    hidden = market.institute(consents=[ConsentPurpose.FAIR_ORGANIZER])
    assert refusal_of(registration=one, other=hidden)
    set_consents(actor=hidden.person, registration=hidden, consents=[ConsentPurpose.FAIR_PEERS])
    assert askable(one) == {hidden.pk}


def test_hidden_names_are_not_searched():
    market = Market(list_participants="SHOW_ALL")
    one = market.enterprise()
    hidden = market.institute(
        name="沈默", headline="激光焊接", consents=[ConsentPurpose.FAIR_ORGANIZER]
    )
    Entry.objects.create(registration=hidden, kind="OFFER", title="激光器")
    people = askable_people(one, one.person, timezone.now())
    assert [each.pk for each in people] == [hidden.pk]
    for words in ("沈默", "激光焊接", "激光器"):
        assert not search_people(people, words).exists()
    assert search_people(people, hidden.organization.name).exists()


def test_every_word_of_a_search_has_to_be_found(market):
    one = market.enterprise()
    other = market.institute(headline="石墨烯导热膜")
    Entry.objects.create(registration=other, kind="OFFER", title="连续卷绕设备")
    people = askable_people(one, one.person, timezone.now())
    assert search_people(people, "石墨烯 卷绕").get().pk == other.pk
    assert not search_people(people, "石墨烯 陶瓷").exists()


def test_the_quota_counts_what_is_open_and_gives_back_what_ended():
    market = Market(max_requests_out=1)
    one, first, second = market.enterprise(), market.institute(), market.institute()
    request = market.request(one, first)
    assert quota_of(fresh(one)).left == 0
    assert "1" in refusal_of(registration=one, other=second)
    withdraw_request(actor=one.person, request=request)
    assert market.request(one, second).state == RequestState.SENT


def test_a_pair_has_one_open_request_in_either_direction(market):
    one, other = market.enterprise(), market.institute()
    market.request(one, other)
    assert refusal_of(registration=one, other=other)
    with pytest.raises(IntegrityError), transaction.atomic():
        MeetingRequest.objects.create(
            fair=market.fair,
            from_registration=other,
            to_registration=one,
            expires_at=timezone.now(),
        )


def test_who_has_declined_is_not_asked_again_but_may_ask(market):
    one, other = market.enterprise(), market.institute()
    request = market.request(one, other)
    decline_request(actor=other.person, request=request, reason="NO_TIME")
    assert refusal_of(registration=one, other=other)
    assert market.request(other, one).state == RequestState.SENT


def test_accepting_is_for_the_asked_one(market):
    request = market.request()
    for person in (request.from_registration.person, UserFactory()):
        with pytest.raises(UnableToMeet):
            accept_request(actor=person, request=request)
    accepted = accept_request(actor=request.to_registration.person, request=request)
    assert (accepted.state, accepted.is_mutual) == (RequestState.ACCEPTED, False)
    assert request.from_registration.person.notifications.filter(kind="meeting-agreed").count() == 1


def test_asking_back_agrees_and_makes_the_wish_mutual(market):
    one, other = market.enterprise(), market.institute()
    first = market.request(one, other, priority=Priority.MUST)
    back = market.request(other, one, priority=Priority.MUST)
    assert back.pk == first.pk
    assert (back.state, back.is_mutual) == (RequestState.ACCEPTED, True)


def test_an_answer_too_late_is_refused(market):
    request = market.request()
    with time_machine.travel(request.expires_at, tick=False), pytest.raises(UnableToMeet):
        accept_request(actor=request.to_registration.person, request=request)


def test_declining_needs_a_coded_reason_that_the_other_reads(market):
    request = market.request()
    person = request.to_registration.person
    with pytest.raises(UnableToMeet):
        decline_request(actor=person, request=request, reason="BECAUSE")
    declined = decline_request(actor=person, request=request, reason="IN_TOUCH", note="上周见过")
    assert (declined.state, declined.decline_reason) == (RequestState.DECLINED, "IN_TOUCH")
    note = request.from_registration.person.notifications.get(kind="meeting-declined")
    assert "上周见过" in note.body


def test_a_link_answers_as_the_asked_one_and_only_once(market):
    request = market.request()
    token = token_of(request)
    assert answer_by_link(token=token, accepts=True).state == RequestState.ACCEPTED
    event = AuditEvent.objects.filter(action="meetings.accept_request").get()
    assert event.actor == request.to_registration.person
    assert event.payload["via"] == "link"
    with pytest.raises(UnableToMeet):
        answer_by_link(token=token, accepts=False, reason="NO_FIT")


def test_a_guest_without_an_account_answers_by_link(market):
    one, guest = market.enterprise(), market.institute()
    request = market.request(one, guest)
    guest.person = None
    guest.save()
    assert answer_by_link(token=token_of(request), accepts=True).state == RequestState.ACCEPTED


def test_a_link_that_was_changed_answers_nothing(market):
    request = market.request()
    with pytest.raises(UnableToMeet):
        answer_by_link(token=token_of(request)[:-2] + "xx", accepts=True)
    assert fresh(request).state == RequestState.SENT


def test_withdrawing_is_for_who_asked_as_long_as_nobody_answered(market):
    request = market.request()
    with pytest.raises(UnableToMeet):
        withdraw_request(actor=request.to_registration.person, request=request)
    accept_request(actor=request.to_registration.person, request=request)
    with pytest.raises(UnableToMeet):
        withdraw_request(actor=request.from_registration.person, request=request)


def test_either_side_calls_off_what_was_agreed_and_the_other_is_told(market):
    request = market.agreed()
    with pytest.raises(UnableToMeet):
        call_off(actor=UserFactory(), request=request)
    ended = call_off(actor=request.to_registration.person, request=request)
    assert ended.state == RequestState.CANCELLED
    told = request.from_registration.person.notifications
    assert told.filter(kind="meeting-called-off").count() == 1


def test_a_wish_is_changed_by_its_own_side(market):
    request = market.agreed()
    change_wish(actor=request.from_registration.person, request=request, priority="MUST")
    change_wish(actor=request.to_registration.person, request=request, priority="WANT")
    row = fresh(request)
    assert (row.priority, row.answer_priority, row.is_mutual) == ("MUST", "WANT", True)
    with pytest.raises(UnableToMeet):
        change_wish(actor=UserFactory(), request=request, priority="MUST")


def test_the_asked_one_has_no_wish_before_answering(market):
    request = market.request()
    with pytest.raises(UnableToMeet):
        change_wish(actor=request.to_registration.person, request=request, priority="MUST")


def test_where_requests_count_as_accepted_the_asked_one_can_turn_them_down():
    market = Market(opt_out=True)
    request = market.request()
    assert request.state == RequestState.ACCEPTED
    assert not request.is_mutual
    asked = request.to_registration.person
    assert asked.notifications.filter(kind="meeting-request").count() == 1
    turned_down = decline_request(actor=asked, request=request, reason="NO_FIT")
    assert turned_down.state == RequestState.DECLINED


def test_what_was_accepted_by_hand_is_not_declined_afterwards(market):
    request = market.agreed()
    with pytest.raises(UnableToMeet):
        decline_request(actor=request.to_registration.person, request=request, reason="NO_FIT")


def test_the_fewest_tables_are_what_is_agreed_over_the_slots_rounded_up(market):
    assert fewest_tables(market.fair) == 0
    for _number in range(5):
        market.agreed()
    market.request()
    assert fewest_tables(market.fair) == 2


class TestNoThanks:
    def test_neither_can_ask_the_other_and_only_the_own_side_hears_why(self, market):
        one, other = market.enterprise(), market.institute()
        refuse_to_meet(actor=other.person, registration=other, other=one)
        hidden = market.institute(consents=[ConsentPurpose.FAIR_ORGANIZER])
        assert askable(one) == set()
        assert askable(other) == set()
        assert refusal_of(registration=one, other=other) == refusal_of(
            registration=one, other=hidden
        )

    def test_an_open_request_stays_unanswered_and_out_of_sight(self, market):
        request = market.request()
        asked = request.to_registration
        before = request.from_registration.person.notifications.count()
        refuse_to_meet(actor=asked.person, registration=asked, other=request.from_registration)
        assert fresh(request).state == RequestState.SENT
        assert not requests_on(asked, "received").exists()
        assert requests_on(request.from_registration, "sent").exists()
        assert request.from_registration.person.notifications.count() == before
        with pytest.raises(UnableToMeet):
            accept_request(actor=asked.person, request=request)

    def test_what_was_agreed_is_called_off_without_a_reason(self, market):
        request = market.agreed()
        asked = request.to_registration
        refuse_to_meet(actor=asked.person, registration=asked, other=request.from_registration)
        row = fresh(request)
        assert (row.state, row.decline_reason) == (RequestState.CANCELLED, "")

    def test_an_own_request_is_taken_back(self, market):
        request = market.request()
        own = request.from_registration
        refuse_to_meet(actor=own.person, registration=own, other=request.to_registration)
        assert fresh(request).state == RequestState.WITHDRAWN

    def test_it_is_one_s_own_and_can_be_taken_back(self, market):
        one, other = market.enterprise(), market.institute()
        with pytest.raises(UnableToMeet):
            refuse_to_meet(actor=one.person, registration=other, other=one)
        refuse_to_meet(actor=other.person, registration=other, other=one)
        refuse_to_meet(actor=other.person, registration=other, other=one)
        assert NoMeet.objects.count() == 1
        with pytest.raises(UnableToMeet):
            lift_refusal(actor=one.person, registration=other, other=one)
        lift_refusal(actor=other.person, registration=other, other=one)
        assert askable(one) == {other.pk}


def test_who_asked_and_is_gone_can_no_longer_be_accepted(market):
    request = market.request()
    withdraw_registration(
        actor=request.from_registration.person, registration=request.from_registration
    )
    with pytest.raises(UnableToMeet):
        accept_request(actor=request.to_registration.person, request=request)
