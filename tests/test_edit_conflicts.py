"""Two people at one form: nothing is overwritten in silence, nothing that was typed is lost."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from matchmaking.models import Need, NeedProposal
from tests.factories.accounts import MembershipFactory
from tests.factories.needs import PROBLEM, Company, make_broker

pytestmark = [pytest.mark.django_db, pytest.mark.database]
HTMX = {"HX-Request": "true"}
NAME = re.compile(r'name="given_out" id="given-out" value="(\w+)"')


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def given_out(answer):
    return NAME.search(answer.content.decode())[1]


@pytest.fixture
def need_form():
    company = Company()
    need = company.draft()
    address = reverse("matchmaking:step", args=[need.code, "problem"])
    fields = {"title": need.title, "kind": "RND"}

    def stored():
        return Need.objects.get(pk=need.pk).problem

    return address, "problem", fields, stored, company.owner, company.colleague


@pytest.fixture
def published_need_form():
    company = Company()
    need = company.published()
    address = reverse("matchmaking:step", args=[need.code, "problem"])
    fields = {"title": need.title, "kind": "RND", "current_solution": need.current_solution}

    def stored():
        changes = Need.objects.get(pk=need.pk).pending_changes or {"values": {}}
        return changes["values"].get("problem", PROBLEM)

    return address, "problem", fields, stored, company.owner, company.colleague


@pytest.fixture
def organization_form():
    company = Company()
    record = company.organization
    editor = MembershipFactory(organization=record, role="EDITOR").user
    fields = {"name": record.name, "kind": record.kind, "district": record.district_id}

    def stored():
        record.refresh_from_db()
        return record.introduction

    address = reverse("accounts:edit-organization", args=[record.pk])
    return address, "introduction", fields, stored, company.owner, editor


@pytest.fixture(params=["need", "published_need", "organization"])
def form(request):
    return request.getfixturevalue(f"{request.param}_form")


def test_the_second_is_shown_both_texts_and_may_send_again(form):
    address, name, fields, stored, one, other = form
    first, second = client_of(one), client_of(other)
    theirs = given_out(first.get(address))
    mine = given_out(second.get(address))
    first.post(address, {**fields, name: "先到的话", "given_out": theirs})
    assert stored() == "先到的话"

    refused = second.post(address, {**fields, name: "后到的话", "given_out": mine})

    text = refused.content.decode()
    assert (refused.status_code, stored()) == (409, "先到的话")
    assert ("先到的话" in text, "后到的话" in text) == (True, True)
    again = {**fields, name: "后到的话", "given_out": given_out(refused)}
    assert second.post(address, again).status_code == 302
    assert stored() == "后到的话"


def test_a_form_that_comes_back_wrong_is_still_told_of_the_conflict(form):
    address, name, fields, stored, one, other = form
    mine = given_out(client_of(other).get(address))
    client_of(one).post(address, {**fields, name: "先到的话"})
    broken = {**fields, name: "长" * 9000, "given_out": mine}

    again = given_out(client_of(other).post(address, broken))
    late = client_of(other).post(address, {**fields, name: "后到的话", "given_out": again})

    assert (again, late.status_code, stored()) == (mine, 409, "先到的话")


@pytest.fixture(params=["need", "published_need"])
def saved_form(request):
    return request.getfixturevalue(f"{request.param}_form")


def test_ones_own_autosaves_are_no_conflict(saved_form):
    address, name, fields, stored, one, _other = saved_form
    client = client_of(one)
    first = given_out(client.get(address))

    saved = client.post(address, {**fields, name: "一", "given_out": first}, headers=HTMX)
    assert 'hx-swap-oob="true"' in saved.content.decode()
    client.post(address, {**fields, name: "二", "given_out": given_out(saved)}, headers=HTMX)
    assert stored() == "二"

    late = client.post(address, {**fields, name: "三", "given_out": first})
    assert (late.status_code, stored()) == (302, "三")


def test_an_autosave_overwrites_nothing_either(saved_form):
    address, name, fields, stored, one, other = saved_form
    mine = given_out(client_of(other).get(address))
    client_of(one).post(address, {**fields, name: "先到的话"})

    answer = client_of(other).post(
        address, {**fields, name: "后到的话", "given_out": mine}, headers=HTMX
    )

    assert "hx-swap-oob" not in answer.content.decode()
    assert stored() == "先到的话"


def test_the_slower_of_two_brokers_keeps_what_was_typed():
    need = Company().in_review(ready=False)
    address = reverse("matchmaking:rewrite", args=[need.code])
    quick, slow = client_of(make_broker()), client_of(make_broker())
    data = {
        "title": need.title,
        "kind": "RND",
        "problem": "改写后的问题",
        "targets-TOTAL_FORMS": 0,
        "targets-INITIAL_FORMS": 0,
    }
    assert (quick.get(address).status_code, slow.get(address).status_code) == (200, 200)
    assert quick.post(address, data).status_code == 302

    late = slow.post(address, {**data, "problem": "慢一步的改写"})

    assert (late.status_code, "慢一步的改写" in late.content.decode()) == (422, True)
    assert NeedProposal.objects.count() == 1
