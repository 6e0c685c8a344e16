"""Yes, no and the ends: who may, what is kept, who is told, who reads it."""

import pytest
import time_machine
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.urls import reverse

from matchmaking.interests.enums import ALLOWED_TRANSITIONS, DeclineReason, InterestState, Party
from matchmaking.interests.models import Interest
from matchmaking.interests.queries import contacts_of, to_answer
from matchmaking.interests.services import (
    UnableToChangeInterest,
    answer_interest,
    close_interest,
    decline_interest,
    withdraw_interest,
)
from portal.accounts.enums import PortalRole
from portal.accounts.services import withdraw_consent
from portal.audit.models import AuditEvent
from portal.notifications.models import Notification
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.interests import Town, fresh, person_with
from tests.factories.listings import Institute

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


@pytest.fixture
def town():
    return Town()


def titles_for(user):
    return list(Notification.objects.filter(user=user).order_by("pk").values_list("title", flat=1))


# The doors ----------------------------------------------------------------------------------------


def test_a_yes_stops_the_clock_and_opens_the_talks(town):
    with time_machine.travel("2026-03-03 10:00+08:00"):
        interest = town.express()
    with time_machine.travel("2026-03-09 09:00+08:00"):
        answer_interest(
            actor=town.institute.researcher, interest=interest, text="欢迎来院里看中试线。"
        )

    interest = fresh(interest)
    assert interest.state == InterestState.ANSWERED
    assert interest.answered_at == interest.accepted_at == interest.first_reply_at
    assert (interest.answered_in, interest.answered_by) == (4, town.institute.researcher)
    message = interest.messages.get()
    assert (message.side, message.text) == (Party.RECEIVER, "欢迎来院里看中试线。")
    assert titles_for(town.company.owner) == ["对方已答复您的意向，同意洽谈"]
    event = AuditEvent.objects.get(action="interests.answer_interest")
    assert (event.payload["before"], event.payload["after"]) == ("SENT", "ANSWERED")


@pytest.mark.parametrize("reason", [each for each in DeclineReason if each != "OTHER"])
def test_each_no_has_a_coded_reason_that_the_sender_sees(town, client, reason):
    interest = town.declined(reason, comment="明年有了中试数据再谈。")

    assert (interest.state, interest.declined_side) == (InterestState.DECLINED, Party.RECEIVER)
    assert interest.answered_at is not None
    assert interest.accepted_at is None
    notification = Notification.objects.get(user=town.company.owner)
    assert notification.title == "对方婉拒并说明了原因"
    assert notification.body == f"{town.page.title}\n{reason.label}"
    client.force_login(town.company.owner)
    page = client.get(interest.get_absolute_url()).content.decode()
    assert str(reason.label) in page
    assert "明年有了中试数据再谈。" in page


def test_another_reason_is_explained(town):
    with pytest.raises(UnableToChangeInterest, match="其他原因"):
        town.declined("OTHER", comment=" ")

    assert Interest.objects.get().state == InterestState.SENT


def test_no_line_says_no_without_a_reason(town):
    interest = town.express()

    with pytest.raises(IntegrityError), transaction.atomic():
        Interest.objects.filter(pk=interest.pk).update(state=InterestState.DECLINED)


def test_the_sender_may_say_no_in_talks_and_the_answer_stays_in_time(town):
    interest = town.in_talks()
    answered = interest.answered_at

    decline_interest(actor=town.company.owner, interest=interest, reason="PRICE")

    interest = fresh(interest)
    assert (interest.state, interest.declined_side) == (InterestState.DECLINED, Party.SENDER)
    assert interest.answered_at == answered
    assert "对方婉拒并说明了原因" in titles_for(town.institute.owner)


def test_the_sender_takes_it_back_before_the_answer(town):
    interest = withdraw_interest(actor=town.company.owner, interest=town.express())

    assert (interest.state, interest.ended_by) == (InterestState.WITHDRAWN, town.company.owner)
    assert titles_for(town.institute.owner)[-1] == "一件意向已由对方撤回，无需再答复"


def test_talks_end_with_a_note(town):
    interest = town.in_talks()
    with pytest.raises(UnableToChangeInterest, match="洽谈结果"):
        close_interest(actor=town.company.owner, interest=interest, note="  ")

    close_interest(actor=town.company.owner, interest=interest, note="转入合同谈判。")

    interest = fresh(interest)
    assert (interest.state, interest.closing_note) == (InterestState.CLOSED, "转入合同谈判。")
    assert titles_for(town.institute.owner)[-1] == "对方已结束洽谈"


DOORS = {
    "answer": lambda actor, interest: answer_interest(actor=actor, interest=interest),
    "decline": lambda actor, interest: decline_interest(
        actor=actor, interest=interest, reason="PRICE"
    ),
    "withdraw": lambda actor, interest: withdraw_interest(actor=actor, interest=interest),
    "close": lambda actor, interest: close_interest(actor=actor, interest=interest, note="好"),
}


def opened_doors(person, make):
    """The doors that open for a person, each on an interest of its own."""
    found = set()
    for name, door in DOORS.items():
        with transaction.atomic():
            try:
                door(person, make())
            except UnableToChangeInterest:
                pass
            else:
                found.add(name)
            transaction.set_rollback(True)
    return found


def test_who_may_do_what_before_and_after_the_answer(town):
    stranger, broker = UserFactory(), person_with(PortalRole.BROKER)
    foreign, commission = Institute("滨江力学研究所").owner, person_with(PortalRole.COMMISSION)
    people = {
        "sender": town.company.owner,
        "sender's colleague": town.company.colleague,
        "office": town.institute.editor,
        "author": town.institute.researcher,
        "author's colleague": town.institute.colleague,
        "foreign": foreign,
        "stranger": stranger,
        "broker": broker,
        "commission": commission,
    }

    before = {name: opened_doors(person, town.express) for name, person in people.items()}
    after = {name: opened_doors(person, town.in_talks) for name, person in people.items()}

    nobody = {name: set() for name in people}
    receiver = {"answer", "decline"}
    assert before == nobody | {"sender": {"withdraw"}, "office": receiver, "author": receiver}
    both = {"decline", "close"}
    assert after == nobody | {"sender": both, "office": both, "author": both}


def test_ends_are_ends(town):
    ends = [state for state, targets in ALLOWED_TRANSITIONS.items() if not targets]
    assert ends == [InterestState.DECLINED, InterestState.WITHDRAWN, InterestState.CLOSED]
    interest = town.declined()

    assert opened_doors(town.institute.owner, lambda: interest) == set()
    assert opened_doors(town.company.owner, lambda: interest) == set()


def test_who_belongs_to_both_sides_does_not_answer_the_own_interest(town):
    both = town.company.owner
    MembershipFactory(user=both, organization=town.institute.organization, role="OWNER")
    interest = town.express()

    with pytest.raises(UnableToChangeInterest):
        answer_interest(actor=both, interest=interest)
    assert list(to_answer(both)) == []


# Contact ------------------------------------------------------------------------------------------


def contact_names(interest, user):
    return [each.name for each in contacts_of(fresh(interest), user)]


def test_contact_is_shown_to_the_other_side_once_both_agree_to_talk(town):
    sender, receiver = town.company.owner, town.institute.owner
    interest = town.express(shares_contact=True)
    assert contact_names(interest, receiver) == []

    answer_interest(actor=receiver, interest=interest, shares_contact=True)

    assert contact_names(interest, receiver) == [sender.name]
    assert contact_names(interest, sender) == [receiver.name]
    assert contact_names(interest, person_with(PortalRole.COMMISSION)) == []


def test_contact_goes_with_the_consent(town):
    interest = town.express(shares_contact=True)
    answer_interest(actor=town.institute.owner, interest=interest)

    withdraw_consent(actor=town.company.owner, purpose="SHARE_CONTACT")

    assert contact_names(interest, town.institute.owner) == []


def test_without_the_tick_no_contact_is_given(town):
    interest = town.in_talks()

    assert contact_names(interest, town.institute.owner) == []


# Who reads ----------------------------------------------------------------------------------------


def test_sides_broker_and_those_who_oversee_read_it(town):
    interest = town.express()
    broker, other = person_with(PortalRole.BROKER), person_with(PortalRole.BROKER)
    Interest.objects.filter(pk=interest.pk).update(broker=broker)
    people = {
        "sender's colleague": town.company.colleague,
        "author's colleague": town.institute.colleague,
        "broker": broker,
        "other broker": other,
        "commission": person_with(PortalRole.COMMISSION),
        "auditor": person_with(PortalRole.AUDITOR),
        "reviewer": person_with(PortalRole.REVIEWER),
        "foreign": Institute("滨江力学研究所").owner,
    }

    readers = {name for name, p in people.items() if Interest.objects.for_user(p).exists()}

    assert readers == {
        "sender's colleague",
        "author's colleague",
        "broker",
        "commission",
        "auditor",
    }


def test_who_leaves_reads_it_no_longer(town):
    interest = town.express()
    town.company.colleague.memberships.update(state="LEFT")

    assert list(Interest.objects.for_user(town.institute.colleague)) == [interest]
    assert list(Interest.objects.for_user(town.company.colleague)) == []


def test_a_company_that_keeps_its_name_is_named_once_it_agrees(town, client):
    need = town.company.published(confidentiality="ANONYMOUS")
    interest, name = town.offer(need=need), town.company.organization.name
    client.force_login(town.institute.owner)
    pages = [
        interest.get_absolute_url(),
        reverse("interests:list", args=["sent"]),
        reverse("workspace:home"),
    ]
    other = town.company.published(confidentiality="ANONYMOUS")
    form = f"{reverse('interests:express')}?need={other.code}"
    records = reverse("interests:answers", args=[town.company.organization.pk])

    def naming():
        return [url for url in pages if name in client.get(url).content.decode()]

    assert naming() == []
    assert name not in client.get(form).content.decode()
    assert interest.code not in client.get(records).content.decode()
    answer_interest(actor=town.company.owner, interest=interest)
    assert naming() == pages[:2]


def test_a_no_does_not_name_the_company(town, client):
    need = town.company.published(confidentiality="ANONYMOUS")
    interest = decline_interest(
        actor=town.company.owner, interest=town.offer(need=need), reason="NO_FIT"
    )
    client.force_login(town.institute.owner)

    assert (
        town.company.organization.name
        not in client.get(interest.get_absolute_url()).content.decode()
    )
