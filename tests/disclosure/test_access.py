"""Access requests of the authority: who makes and who answers them, what they open."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from matchmaking.interests.services import (
    send_message,
)
from portal.accounts.enums import PortalRole
from portal.disclosure.enums import Basis, RequestState
from portal.disclosure.models import AccessRequest, Reading
from portal.disclosure.services import (
    UnableToDisclose,
    answer_request,
)
from tests.factories.disclosure import ask, asked_by, in_days, overseer, told

pytestmark = [pytest.mark.django_db, pytest.mark.database]


# Access requests ----------------------------------------------------------------------------------


def test_a_request_waits_for_the_owner_who_answers_once(town):
    auditor = overseer()
    request = asked_by(auditor, town.page)
    assert request.state == RequestState.ASKED
    assert told(town.institute.owner) == ["access-request"]
    for stranger in (town.institute.researcher, town.company.owner, auditor):
        with pytest.raises(UnableToDisclose):
            answer_request(actor=stranger, request=request, grant=True)

    answer_request(actor=town.institute.editor, request=request, grant=True)

    assert told(auditor) == ["access-answered"]
    with pytest.raises(UnableToDisclose):
        answer_request(actor=town.institute.owner, request=request, grant=False, answer="不")


def test_a_statutory_request_is_granted_at_once_and_shown_to_the_owner(client, town):
    request = asked_by(overseer(), town.page, legal_basis="审计法第三十四条")

    assert (request.state, request.answered_by) == (RequestState.GRANTED, None)
    assert told(town.institute.owner) == ["access-request"]
    client.force_login(town.institute.owner)
    assert "审计法第三十四条" in client.get(request.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    "change",
    [
        {"groups": []},
        {"groups": ["THREAD"]},
        {"subject": "CG-2020-999999"},
        {"reason": " "},
        {"until": None},
    ],
    ids=str,
)
def test_requests_that_are_refused(town, change):
    change = {key: in_days(91) if key == "until" else value for key, value in change.items()}
    with pytest.raises(UnableToDisclose):
        asked_by(overseer(), town.page, **change)


@pytest.mark.parametrize("role", ["OPERATOR", "REVIEWER", "BROKER", "FINANCE", "EDITOR"])
def test_only_those_who_oversee_make_requests(town, role):
    with pytest.raises(UnableToDisclose):
        asked_by(overseer(PortalRole[role]), town.page)


def test_a_request_names_the_listings_own_owner(town):
    with pytest.raises(UnableToDisclose):
        asked_by(overseer(), town.page, owner=town.company.organization)


def test_a_refusal_of_the_authority_needs_a_reason_and_a_late_grant_is_refused(town):
    request = asked_by(overseer(), town.page, until=in_days(1))
    with pytest.raises(UnableToDisclose):
        answer_request(actor=town.institute.owner, request=request, grant=False)
    with time_machine.travel(timezone.now() + timedelta(days=2)), pytest.raises(UnableToDisclose):
        answer_request(actor=town.institute.owner, request=request, grant=True)


def test_the_pages_of_a_request(client, town):
    auditor = overseer()
    client.force_login(auditor)
    address = reverse("disclosure:new-request")
    assert client.get(address).context["is_asked"] is False
    assert client.get(f"{address}?subject=CG-1-1").context["is_asked"]
    address = f"{address}?subject={town.page.code}"
    data = {
        "owner": town.institute.organization.pk,
        "groups": ["PRICE", "DETAILS"],
        "reason": "核查",
        "until": in_days(9),
    }
    assert client.post(address, {**data, "groups": []}).status_code == 422
    assert client.post(address, {**data, "until": in_days(99)}).status_code == 422
    made = client.post(address, data)
    request = AccessRequest.objects.get()
    assert (made.url, request.groups) == (request.get_absolute_url(), "DETAILS,PRICE")
    assert client.post(made.url, {"decision": "grant"}).status_code == 404

    client.force_login(town.institute.owner)
    assert client.post(made.url, {"decision": "refuse", "answer": ""}).status_code == 422
    client.post(made.url, {"decision": "grant"})
    assert AccessRequest.objects.get().state == RequestState.GRANTED


def test_what_waits_stands_on_the_offices_start_page(client, town):
    ask(town.page, town.company)
    asked_by(overseer(), town.page)
    client.force_login(town.institute.owner)
    text = client.get("/workspace/").content.decode()

    assert "待处理的披露事项" in text
    assert AccessRequest.objects.get().get_absolute_url() in text
    client.force_login(town.company.owner)
    assert "待处理的披露事项" not in client.get("/workspace/").content.decode()


# Confidential messages of a thread ----------------------------------------------------------------


def test_a_request_opens_one_sides_confidential_messages_for_its_time(client, town):
    interest = town.in_talks()
    send = {"is_confidential": True, "is_confirmed": True, "interest": interest}
    send_message(actor=town.institute.owner, text="研究院的方案细节", **send)
    send_message(actor=town.company.owner, text="公司的测试数据", **send)
    auditor = overseer()

    def reads(user):
        client.force_login(user)
        text = client.get(interest.get_absolute_url()).content.decode()
        return [word for word in ("研究院的方案细节", "公司的测试数据") if word in text]

    assert reads(auditor) == []
    request = asked_by(
        auditor,
        town.page,
        groups=["THREAD"],
        subject=interest.code,
        owner=town.institute.organization,
    )
    assert reads(auditor) == []
    answer_request(actor=town.institute.owner, request=request, grant=True)

    assert reads(auditor) == ["研究院的方案细节"]
    assert reads(overseer()) == []
    [line] = Reading.objects.filter(user=auditor)
    assert (line.listing, line.groups, line.basis, line.owner_organization) == (
        interest.code,
        "THREAD",
        Basis.REQUEST,
        town.institute.organization,
    )
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        assert reads(auditor) == []
