"""The pages of meetings, as participants, guests with a link and the organizer use them."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation

from events.meetings.enums import MeetingState, RequestState
from events.meetings.models import Meeting, MeetingRequest, NoMeet
from events.meetings.services import refuse_to_meet, token_of
from events.registration.models import Entry
from portal.accounts.enums import ConsentPurpose
from tests.factories.accounts import UserFactory
from tests.factories.fairs import fresh
from tests.factories.meetings import Market

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def market():
    return Market()


def page_of(client, person, name, *args, **query):
    client.force_login(person)
    answer = client.get(reverse(f"meetings:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def post(client, person, name, *args, **data):
    client.force_login(person)
    return client.post(reverse(f"meetings:{name}", args=args), data, follow=True)


class TestShelf:
    def test_a_request_is_accepted_in_one_click_from_the_list(self, client, market):
        asked = market.institute()
        request, other = (market.request(other=asked) for _number in range(2))
        act = reverse("meetings:act", args=[request.pk, "accept"])
        shown = page_of(client, asked.person, "requests", market.fair.code, "received")
        assert (act in shown, f"{other.get_absolute_url()}#no" in shown) == (True, True)

        answer = post(client, asked.person, "act", request.pk, "accept", back="received")

        here = reverse("meetings:requests", args=[market.fair.code, "received"])
        assert answer.redirect_chain == [(here, 302)]
        assert act not in answer.content.decode()
        assert [fresh(each).state for each in (request, other)] == ["ACCEPTED", "SENT"]

    def test_where_people_pick_the_time_the_list_leads_to_it(self, client):
        market = Market(picks=True)
        asked = market.institute()
        request = market.request(other=asked)
        shown = page_of(client, asked.person, "requests", market.fair.code, "received")
        assert f"{request.get_absolute_url()}#yes" in shown
        assert reverse("meetings:act", args=[request.pk, "accept"]) not in shown

    def test_whoever_asks_answers_nothing(self, client, market):
        one = market.enterprise()
        request = market.request(one)
        shown = page_of(client, one.person, "requests", market.fair.code, "sent")
        assert "#no" not in shown
        assert reverse("meetings:act", args=[request.pk, "accept"]) not in shown


class TestDesk:
    def test_suggestions_say_which_of_mine_meets_which_of_theirs(self, client, market):
        one, other = market.enterprise(), market.institute(name="周远")
        Entry.objects.create(registration=one, kind="SEEK", title="薄型石墨烯导热膜")
        Entry.objects.create(registration=other, kind="OFFER", title="石墨烯导热膜中试线")
        shown = page_of(client, one.person, "desk", market.fair.code)
        assert "周远" in shown
        assert "您的需求 · 对方的供给" in shown
        assert "<mark>" in shown

    def test_asking_after_a_suggestion_is_about_what_it_suggests(self, client, market):
        one, other = market.enterprise(), market.institute(name="周远")
        Entry.objects.create(registration=one, kind="SEEK", title="车间照明")
        best = Entry.objects.create(registration=one, kind="SEEK", title="薄型石墨烯导热膜")
        Entry.objects.create(registration=other, kind="OFFER", title="石墨烯导热膜中试线")
        shown = page_of(client, one.person, "person", market.fair.code, other.pk)
        assert f'<option value="{best.pk}" selected>' in shown

    def test_who_switched_recommendations_off_gets_none(self, client, market):
        one, other = market.enterprise(), market.institute(name="周远")
        Entry.objects.create(registration=one, kind="SEEK", title="石墨烯导热膜")
        Entry.objects.create(registration=other, kind="OFFER", title="石墨烯导热膜")
        one.person.recommendations_enabled = False
        one.person.save()
        assert "周远" not in page_of(client, one.person, "desk", market.fair.code)
        assert "周远" in page_of(client, one.person, "people", market.fair.code)

    def test_whom_one_has_asked_is_no_longer_suggested(self, client, market):
        one, other = market.enterprise(), market.institute(name="周远")
        Entry.objects.create(registration=one, kind="SEEK", title="石墨烯导热膜")
        Entry.objects.create(registration=other, kind="OFFER", title="石墨烯导热膜")
        market.request(one, other)
        assert "周远" not in page_of(client, one.person, "desk", market.fair.code)

    def test_who_is_not_admitted_is_led_to_the_registration(self, client, market):
        person = market.sent().person
        client.force_login(person)
        answer = client.get(reverse("meetings:desk", args=[market.fair.code]))
        assert answer.url == reverse("registration:mine", args=[market.fair.code])

    def test_an_exhibition_without_meetings_has_no_desk(self, client):
        market = Market(kind="EXHIBITION", state="REG_OPEN")
        client.force_login(UserFactory())
        answer = client.get(reverse("meetings:desk", args=[market.fair.code]))
        assert answer.status_code == 404

    def test_it_says_how_much_of_the_quota_is_used(self, client, market):
        request = market.request()
        person = request.from_registration.person
        with translation.override("en"):
            shown = page_of(client, person, "requests", market.fair.code, "sent")
        assert "1 of 10 requests used" in shown

    def test_the_english_desk_speaks_english(self, client, market):
        one = market.enterprise()
        with translation.override("en"):
            shown = page_of(client, one.person, "desk", market.fair.code)
        assert "Whom to meet" in shown


class TestPeople:
    def test_the_filters_narrow_the_list(self, client, market):
        one = market.enterprise()
        first, second = market.institute(name="周远"), market.institute(name="吴晴")
        Entry.objects.create(registration=first, kind="OFFER", title="碳化硅外延")
        Entry.objects.create(registration=second, kind="SEEK", title="试验场地")
        market.busy(second, *market.slots)
        extra = market.add_session(name="下午场", hour=14)
        code = market.fair.code

        def shown(**query):
            text = page_of(client, one.person, "people", code, **query)
            return [name for name in ("周远", "吴晴") if name in text]

        assert shown() == ["周远", "吴晴"]
        assert shown(q="外延") == ["周远"]
        assert shown(kind="SEEK") == ["吴晴"]
        assert shown(session=extra.pk) == ["周远", "吴晴"]
        assert shown(session=market.fair.sessions.first().pk) == ["周远"]
        assert shown(role="UNIVERSITY") == []
        market.request(one, first)
        assert shown(is_new="on") == ["吴晴"]

    def test_a_hidden_person_stands_under_the_organization(self, client):
        market = Market(list_participants="SHOW_ALL")
        one = market.enterprise()
        hidden = market.institute(name="沈默", consents=[ConsentPurpose.FAIR_ORGANIZER])
        code = market.fair.code
        for shown in (
            page_of(client, one.person, "people", code),
            page_of(client, one.person, "person", code, hidden.pk),
        ):
            assert hidden.organization.name in shown
            assert "沈默" not in shown

    def test_who_cannot_be_asked_is_not_found(self, client, market):
        one, visitor = market.enterprise(), market.admitted(role="VISITOR")
        client.force_login(one.person)
        address = reverse("meetings:person", args=[market.fair.code, visitor.pk])
        assert client.get(address).status_code == 404

    def test_asking_sends_the_request(self, client, market):
        one, other = market.enterprise(), market.institute()
        answer = post(
            client,
            one.person,
            "person",
            market.fair.code,
            other.pk,
            priority="MUST",
            message="想看样品",
        )
        request = MeetingRequest.objects.get()
        assert (request.priority, request.message) == ("MUST", "想看样品")
        assert "约谈已发出" in answer.content.decode()

    def test_a_refused_request_says_why_in_the_form(self, client):
        market = Market(max_requests_out=0)
        one, other = market.enterprise(), market.institute()
        answer = post(client, one.person, "person", market.fair.code, other.pk, priority="WANT")
        assert answer.status_code == 422
        assert "约谈名额（0个）已用完" in answer.content.decode()

    def test_no_thanks_hides_both_ways_and_is_taken_back(self, client, market):
        one, other = market.enterprise(), market.institute()
        code = market.fair.code
        post(client, other.person, "refuse", code, one.pk)
        assert NoMeet.objects.get().from_registration == other
        client.force_login(one.person)
        address = reverse("meetings:person", args=[code, other.pk])
        assert client.get(address).status_code == 404
        shown = page_of(client, other.person, "refused", code)
        assert (one.name in shown, one.organization.name in shown) == (True, True)
        assert one.name in page_of(client, other.person, "person", code, one.pk)
        assert other.organization.name not in page_of(client, one.person, "refused", code)
        post(client, other.person, "lift", code, one.pk)
        assert not NoMeet.objects.exists()


class TestRequests:
    def test_the_priority_shows_to_the_other_only_when_mutual(self, client, market):
        request = market.request(priority="MUST")
        asked = request.to_registration.person
        assert "必见" not in _facts(page_of(client, asked, "request", request.pk))
        post(client, asked, "act", request.pk, "accept", priority="WANT")
        assert "必见" in _facts(page_of(client, asked, "request", request.pk))
        mutual = page_of(client, asked, "requests", market.fair.code, "mutual")
        assert request.from_registration.name in mutual

    def test_an_agreed_request_is_not_mutual_without_a_wish(self, client, market):
        request = market.agreed(priority="MUST")
        asked = request.to_registration.person
        assert "必见" not in _facts(page_of(client, asked, "request", request.pk))
        shelf = page_of(client, asked, "requests", market.fair.code, "mutual")
        assert request.get_absolute_url() not in shelf

    def test_the_asked_one_s_hidden_name_shows_after_accepting(self, client):
        market = Market(list_participants="SHOW_ALL")
        one = market.enterprise()
        hidden = market.institute(name="沈默", consents=[ConsentPurpose.FAIR_ORGANIZER])
        request = market.request(one, hidden)
        assert "沈默" not in page_of(client, one.person, "request", request.pk)
        post(client, hidden.person, "act", request.pk, "accept")
        assert "沈默" in page_of(client, one.person, "request", request.pk)

    def test_declining_without_a_reason_says_so_beside_the_field(self, client, market):
        request = market.request()
        answer = post(client, request.to_registration.person, "act", request.pk, "decline")
        assert answer.status_code == 422
        assert fresh(request).state == RequestState.SENT

    @pytest.mark.parametrize(
        ("action", "state"), [("withdraw", "WITHDRAWN"), ("call-off", "CANCELLED")]
    )
    def test_the_asking_side_ends_it(self, client, market, action, state):
        request = market.request() if action == "withdraw" else market.agreed()
        post(client, request.from_registration.person, "act", request.pk, action)
        assert fresh(request).state == state

    def test_others_do_not_find_it(self, client, market):
        request = market.request()
        for person in (UserFactory(), market.owner):
            client.force_login(person)
            assert client.get(request.get_absolute_url()).status_code == 404

    def test_what_one_refused_in_silence_is_gone_for_oneself_alone(self, client, market):
        request = market.request()
        own = request.to_registration
        refuse_to_meet(actor=own.person, registration=own, other=request.from_registration)
        client.force_login(own.person)
        assert client.get(request.get_absolute_url()).status_code == 404
        shown = page_of(client, request.from_registration.person, "request", request.pk)
        assert "待答复" in shown

    def test_an_unknown_shelf_or_action_is_not_found(self, client, market):
        request = market.request()
        person = request.from_registration.person
        client.force_login(person)
        assert client.get(f"/fairs/{market.fair.code}/meetings/requests/x/").status_code == 404
        assert post(client, person, "act", request.pk, "x").status_code == 404


def _facts(text) -> str:
    """The part of a request's page that states what it is, without its forms."""
    return re.sub(r"<form.*?</form>", "", text, flags=re.DOTALL)


class TestLink:
    def address(self, request):
        return reverse("meetings:answer", args=[token_of(request)])

    def test_looking_changes_nothing_and_the_button_answers_without_signing_in(
        self, client, market
    ):
        request = market.request(message="想看样品")
        shown = client.get(self.address(request))
        assert "想看样品" in shown.content.decode()
        assert shown["Referrer-Policy"] == "same-origin"
        assert "no-store" in shown["Cache-Control"]
        assert fresh(request).state == RequestState.SENT
        answer = client.post(self.address(request), {"answer": "yes"}, follow=True)
        assert fresh(request).state == RequestState.ACCEPTED
        assert "您已接受约谈" in answer.content.decode()

    def test_declining_asks_for_the_reason(self, client, market):
        request = market.request()
        assert client.post(self.address(request), {"answer": "no"}).status_code == 422
        client.post(self.address(request), {"answer": "no", "reason": "TOO_EARLY"})
        assert fresh(request).decline_reason == "TOO_EARLY"

    def test_a_post_that_says_nothing_changes_nothing(self, client, market):
        request = market.request()
        client.post(self.address(request))
        assert fresh(request).state == RequestState.SENT

    def test_where_people_pick_the_time_it_offers_the_free_ones(self, client):
        market = Market(picks=True)
        request = market.request()
        market.busy(request.from_registration, market.slots[0])
        shown = client.get(self.address(request)).content.decode()
        offered = [slot.pk for slot in market.slots if f'value="{slot.pk}"' in shown]
        assert offered == [slot.pk for slot in market.slots[1:]]
        taken = client.post(self.address(request), {"answer": "yes", "slot": market.slots[0].pk})
        assert taken.status_code == 422
        client.post(self.address(request), {"answer": "yes", "slot": market.slots[1].pk})
        assert Meeting.objects.get().slot == market.slots[1]

    def test_after_the_term_it_says_so(self, client, market):
        request = market.request()
        with time_machine.travel(request.expires_at, tick=False):
            answer = client.post(self.address(request), {"answer": "yes"})
        assert answer.status_code == 422
        assert fresh(request).state == RequestState.SENT

    def test_an_old_link_is_not_found(self, client, market):
        address = self.address(market.request())
        with time_machine.travel(timezone.now() + timedelta(days=46), tick=False):
            assert client.get(address).status_code == 404

    def test_a_changed_link_is_not_found(self, client, market):
        address = self.address(market.request())
        assert client.get(f"{address[:-4]}xxx/").status_code == 404


class TestMeetings:
    def test_they_stand_by_time_with_table_and_person(self, client):
        market = Market(picks=True)
        one = market.enterprise()
        market.agreed(one, market.institute(name="周远"), slot=market.slots[1])
        market.agreed(one, market.institute(name="吴晴"), slot=market.slots[0])
        shown = page_of(client, one.person, "mine", market.fair.code)
        assert shown.index("吴晴") < shown.index("周远")
        assert "A01" in shown

    def test_cancelling_asks_why_and_frees(self, client):
        market = Market(picks=True)
        request = market.agreed(slot=market.slots[0])
        meeting, person = request.meetings.get(), request.from_registration.person
        assert post(client, person, "cancel", meeting.pk, reason="").status_code == 422
        post(client, person, "cancel", meeting.pk, reason="行程有变")
        assert fresh(meeting).state == MeetingState.CANCELLED
        assert "行程有变" in page_of(client, person, "mine", market.fair.code)

    def test_a_stranger_does_not_find_the_cancelling(self, client):
        market = Market(picks=True)
        meeting = market.agreed(slot=market.slots[0]).meetings.get()
        client.force_login(UserFactory())
        assert client.get(reverse("meetings:cancel", args=[meeting.pk])).status_code == 404


class TestOrganizer:
    def test_it_sees_who_asks_whom_by_state(self, client, market):
        first, second = market.request(), market.agreed()
        code = market.fair.code
        shown = page_of(client, market.owner, "overview", code)
        assert first.from_registration.name in shown
        only = page_of(client, market.owner, "overview", code, state="ACCEPTED")
        assert second.to_registration.name in only
        assert first.to_registration.name not in only

    def test_refusals_are_not_shown_to_it(self, client, market):
        one, other = market.enterprise(name="周远"), market.institute(name="吴晴")
        refuse_to_meet(actor=other.person, registration=other, other=one)
        shown = page_of(client, market.owner, "overview", market.fair.code)
        assert "周远" not in shown
        assert "吴晴" not in shown

    def test_the_dashboard_reminds_those_without_a_request(self, client, market):
        market.enterprise()
        client.force_login(market.owner)
        shown = client.get(reverse("fairs:fair", args=[market.fair.code])).content.decode()
        assert "尚无约谈" in shown
        assert reverse("registration:remind", args=[market.fair.code, "requests"]) in shown


def test_the_start_page_lists_what_waits_for_an_answer(client, market):
    request = market.request()
    client.force_login(request.to_registration.person)
    shown = client.get(reverse("workspace:home")).content.decode()
    assert "待答复的约谈" in shown
    assert request.get_absolute_url() in shown
