from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from matchmaking.enums import NeedOutcome, NeedState
from matchmaking.models import Need
from matchmaking.services import (
    UnableToChangeNeed,
    approve_need,
    close_need,
    confirm_need,
    edit_need,
    expire_needs,
    propose_rewrite,
    remind_of_validity,
    reopen_need,
    return_need,
    submit_need,
    take_back_need,
    withdraw_need,
)
from portal.audit.models import AuditEvent
from portal.notifications.models import Notification
from tests.factories.accounts import UserFactory
from tests.factories.listings import Institute, make_reviewer
from tests.factories.needs import Company

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def company():
    return Company()


def state_of(need):
    return Need.objects.get(pk=need.pk).state


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def test_a_ready_need_goes_to_the_platform_and_is_published(company):
    need = submit_need(actor=company.owner, need=company.draft())
    assert (need.state, need.readiness) == (NeedState.IN_REVIEW, 100)

    approve_need(actor=make_reviewer(), need=need)

    assert state_of(need) == NeedState.PUBLISHED
    assert list(
        AuditEvent.objects.filter(action__startswith="matchmaking.")
        .order_by("pk")
        .values_list("action", flat=True)
    ) == [
        "matchmaking.create_need",
        "matchmaking.submit_need",
        "matchmaking.approve_need",
    ]


def test_a_return_carries_its_reason_and_reopens_the_text(company):
    need = company.in_review()

    return_need(actor=make_reviewer(), need=need, reason="请写明厚度。")

    need = Need.objects.get(pk=need.pk)
    assert (need.state, need.return_reason) == (NeedState.RETURNED, "请写明厚度。")
    assert submit_need(actor=company.owner, need=need).state == NeedState.IN_REVIEW


def test_a_closed_need_is_not_confirmed(company):
    need = company.published()

    close_need(actor=company.owner, need=need, outcome=NeedOutcome.SOLVED_ELSEWHERE, note="自研")

    assert state_of(need) == NeedState.CLOSED
    with pytest.raises(UnableToChangeNeed):
        confirm_need(actor=company.owner, need=Need.objects.get(pk=need.pk))


def test_a_withdrawn_need_leaves_the_portal(company):
    need = company.published()

    withdraw_need(actor=company.owner, need=need)

    assert Client().get(need.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    "act",
    [
        lambda need, user: submit_need(actor=user, need=need),
        lambda need, user: edit_need(actor=user, need=need, targets=[]),
        lambda need, user: withdraw_need(actor=user, need=need),
        lambda need, user: approve_need(actor=user, need=need),
        lambda need, user: return_need(actor=user, need=need, reason="不"),
        lambda need, user: propose_rewrite(actor=user, need=need, content={"problem": "改"}),
    ],
    ids=["submit", "edit", "withdraw", "approve", "return", "rewrite"],
)
@pytest.mark.parametrize("state", [NeedState.DRAFT, NeedState.IN_REVIEW, NeedState.AT_BROKER])
def test_a_stranger_changes_nothing(company, act, state):
    need = company.draft()
    Need.objects.filter(pk=need.pk).update(state=state)
    stranger = Company("隔壁机械有限公司").owner

    with pytest.raises(UnableToChangeNeed):
        act(Need.objects.get(pk=need.pk), stranger)

    assert state_of(need) == state


def test_nobody_reviews_the_need_of_the_own_organization(company):
    reviewer = make_reviewer()
    reviewer.memberships.create(organization=company.organization, role="MEMBER")

    with pytest.raises(UnableToChangeNeed):
        approve_need(actor=reviewer, need=company.in_review())


def test_a_text_in_review_cannot_be_edited(company):
    need = company.in_review()

    with pytest.raises(UnableToChangeNeed):
        edit_need(actor=company.owner, need=need, targets=[])


def test_an_anonymous_need_names_its_company_nowhere(company):
    need = company.published(confidentiality="ANONYMOUS", title="高导热薄膜连续制备")
    name = company.organization.name

    pages = [Client().get(path) for path in (need.get_absolute_url(), "/needs/", "/needs/?q=导热")]
    pages += [signed_in(Institute().researcher).get(need.get_absolute_url())]

    assert [page.status_code for page in pages] == [200] * 4
    assert [name in page.content.decode() for page in pages] == [False] * 4
    assert name in signed_in(company.colleague).get(need.get_absolute_url()).content.decode()


def test_a_directed_need_is_read_by_the_chosen_institute_only(company):
    chosen, other = Institute("湖畔材料研究院"), Institute("滨江力学研究所")
    need = company.published(confidentiality="DIRECTED", directed_to=[chosen.organization])

    readers = [chosen.researcher, other.researcher, company.colleague]
    statuses = [signed_in(each).get(need.get_absolute_url()).status_code for each in readers]

    assert statuses == [200, 404, 200]
    assert Client().get(need.get_absolute_url()).status_code == 404


# The end of a need --------------------------------------------------------------------------------


def page_of(need, name):
    return reverse(f"matchmaking:{name}", args=[need.code])


def test_closing_is_a_step_of_its_own_with_nothing_chosen(company):
    need, client = company.published(), signed_in(company.owner)
    detail = client.get(need.get_absolute_url()).content.decode()
    assert (page_of(need, "close") in detail, 'name="outcome"' in detail) == (True, False)

    step = client.get(page_of(need, "close")).content.decode()
    assert (step.count('name="outcome"'), step.count("checked")) == (3, 0)
    refused = client.post(page_of(need, "close"), {"note": "?"})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["outcome"])
    refused = client.post(page_of(need, "close"), {"outcome": "GIVEN_UP"})
    assert refused.context["form"].errors == {"note": ["请说明放弃的原因。"]}
    client.post(page_of(need, "close"), {"outcome": "GIVEN_UP", "note": "项目取消"})

    closed = Need.objects.get(pk=need.pk)
    assert (closed.state, closed.outcome, closed.outcome_note) == (
        *(NeedState.CLOSED, NeedOutcome.GIVEN_UP, "项目取消"),
    )


def test_a_closed_need_opens_again_while_it_is_valid(company):
    need, client = company.published(), signed_in(company.owner)
    close_need(actor=company.owner, need=need, outcome=NeedOutcome.SOLVED_HERE)

    client.post(reverse("matchmaking:act", args=[need.code, "reopen"]))

    again = Need.objects.get(pk=need.pk)
    assert (again.state, again.outcome, again.closed_at) == (NeedState.PUBLISHED, "", None)
    close_need(actor=company.owner, need=again, outcome=NeedOutcome.SOLVED_HERE)
    Need.objects.filter(pk=need.pk).update(valid_until="2020-01-01")
    with pytest.raises(UnableToChangeNeed):
        reopen_need(actor=company.owner, need=need)


def test_a_withdrawn_need_opens_again_as_a_draft(company):
    need, client = company.published(), signed_in(company.owner)
    assert client.get(page_of(need, "withdraw")).status_code == 200
    assert state_of(need) == NeedState.PUBLISHED
    client.post(page_of(need, "withdraw"))
    assert state_of(need) == NeedState.WITHDRAWN

    reopen_need(actor=company.owner, need=need)

    assert state_of(need) == NeedState.DRAFT


def test_a_company_takes_its_need_back_from_the_broker(company):
    need = submit_need(actor=company.owner, need=company.draft(ready=False))
    with pytest.raises(UnableToChangeNeed):
        take_back_need(actor=UserFactory(), need=need)

    signed_in(company.owner).post(reverse("matchmaking:act", args=[need.code, "take_back"]))

    assert state_of(need) == NeedState.DRAFT


@pytest.mark.parametrize("name", ["close", "withdraw"])
def test_only_the_company_ends_its_need(company, name):
    need = company.published()
    client = signed_in(Company("隔壁机械有限公司").owner)

    assert client.post(page_of(need, name), {"outcome": "SOLVED_HERE"}).status_code == 404
    assert state_of(need) == NeedState.PUBLISHED


def test_the_company_is_reminded_once_and_told_of_the_end(company):
    need = company.published()
    today = timezone.localdate()
    Need.objects.filter(pk=need.pk).update(valid_until=today + timedelta(days=14))
    told = Notification.objects.filter(user=company.owner).exclude(kind="need-published")

    assert (remind_of_validity(), remind_of_validity()) == (1, 1)
    assert [each.kind for each in told.all()] == ["need-ending"]
    Need.objects.filter(pk=need.pk).update(valid_until=today - timedelta(days=1))
    assert (remind_of_validity(), expire_needs(), expire_needs()) == (0, 1, 0)
    assert [each.kind for each in told.order_by("pk")] == ["need-ending", "need-expired"]
