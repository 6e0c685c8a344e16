"""Stated rules list the cases that they describe, and no others; the Monday page and its mail."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from matchmaking.cases.models import ConversionCase
from matchmaking.oversight.duties import Calendar, Span, reach_of
from matchmaking.oversight.monday import monday_of, week_of
from matchmaking.oversight.services import recount, send_monday
from matchmaking.oversight.supervision import RULES, usual_days
from portal.accounts.enums import PortalRole
from portal.notifications.models import Notification
from tests.factories.accounts import UserFactory
from tests.factories.cases import START, Deal
from tests.factories.interests import Town
from tests.factories.listings import Institute
from tests.factories.needs import Company
from tests.factories.oversight import bulk_contracts, make_overseer, signed_in

pytestmark = pytest.mark.django_db


def hits(key):
    return [each.code for each in RULES[key].hits().order_by("pk")]


def test_a_case_is_stuck_beyond_twice_the_usual_days_of_its_step():
    institute = Institute()
    moved = [Deal(owner=institute) for _number in range(5)]
    for deal in moved:
        deal.move("TALKS_BEGUN", days=10)
    standing = Deal(owner=institute)
    with time_machine.travel(START + timedelta(days=20)):
        assert usual_days() == {"INTENT": 10}
        before = hits("stuck")
    with time_machine.travel(START + timedelta(days=21)):
        after = hits("stuck")

    assert (before, after) == ([], [standing.case.code])


def test_steps_that_few_cases_left_are_not_judged():
    for _number in range(4):
        Deal().move("TALKS_BEGUN", days=10)
    Deal()

    assert (usual_days(), hits("stuck")) == ({}, [])


def test_signatures_without_clean_publicity_are_listed():
    clean, imported = Deal().to_contract(), Deal().to_contract()
    imported.case.publicities.update(state="ENDED")

    assert hits("publicity") == [imported.case.code]
    assert clean.case.code not in hits("publicity")


def test_rewards_below_the_floor_are_listed():
    deals = [Deal().to_contract() for _number in range(2)]
    for deal in deals:
        deal.move("PERFORMANCE_BEGUN")
        deal.pay()
    deals[0].fix_reward()
    deals[1].fix_reward(pool="1000", below_floor_reason="双方约定")

    assert hits("reward") == [deals[1].case.code]


def test_interests_without_an_answer_are_listed_after_their_term():
    interest = Town().express()
    with time_machine.travel(interest.due_on):
        on_the_day = hits("unanswered")
    with time_machine.travel(interest.due_on + timedelta(days=1)):
        after = hits("unanswered")

    assert (on_the_day, after) == ([], [interest.code])


def test_the_same_parties_within_ninety_days():
    institute, one, two = Institute().organization, Company().organization, Company().organization
    first, second = date(2024, 1, 1), date(2024, 3, 31)
    bulk_contracts([(institute, one)], on=first)
    close = bulk_contracts([(institute, one)], on=second, start=1)
    bulk_contracts([(institute, one)], on=second + timedelta(days=91), start=2)
    bulk_contracts([(institute, two)], on=first, start=3)

    assert hits("same-parties") == [close[0].case.code]


def test_one_amount_three_times_in_a_year():
    institute, other = Institute().organization, Institute("滨江力学研究所").organization
    company = Company().organization
    repeated = bulk_contracts([(institute, company)] * 3, amount="88000.00")
    bulk_contracts([(institute, company)] * 2, amount="77000.00", start=3)
    bulk_contracts([(other, company)] * 2, amount="88000.00", start=5)
    bulk_contracts([(institute, company)], amount="77000.00", on=date(2025, 2, 1), start=7)

    assert hits("same-price") == [each.case.code for each in repeated]


def test_marked_related_parties():
    plain = Deal().to_contract()
    marked = Deal().to_decision().set_price()
    marked.publicise(is_related=True, related_note="完成人持股")

    assert hits("related") == [marked.case.code]
    assert plain.case.code not in hits("related")


def test_a_contract_of_the_same_parties_near_a_subsidy_is_listed():
    subsidised = Deal(on=date(2025, 3, 3)).to_contract()
    subsidised.move(
        "SUBSIDY_GRANTED",
        days=9,
        amount="100000.00",
        programme="成果转化补助",
        granted_by="市科技局",
    )
    same = {"owner": subsidised.institute, "taker": subsidised.company}
    near = Deal(**same, on=subsidised.on).to_contract()
    Deal(**same, on=subsidised.on + timedelta(days=120)).to_contract()
    Deal(owner=subsidised.institute, on=subsidised.on).to_contract()

    assert hits("subsidy") == [near.case.code]


def test_each_rule_opens_its_cases():
    client = signed_in(make_overseer())
    deal = Deal().to_decision().set_price()
    deal.publicise(is_related=True, related_note="完成人持股")
    Town().express()
    pages = {key: client.get(f"/workspace/oversight/supervision/{key}/") for key in RULES}

    assert {key: page.status_code for key, page in pages.items()} == dict.fromkeys(RULES, 200)
    assert f"/cases/{deal.case.code}/" in pages["related"].content.decode()
    assert client.get("/workspace/oversight/supervision/no/").status_code == 404


# The week on one sheet

MONDAY = date(2026, 3, 2)


@pytest.fixture
def week():
    """A licence that fell due to file in the week before, and a case that moved in it."""
    with time_machine.travel("2026-02-26T09:00:00+08:00", tick=False):
        deal = Deal(mode="LICENCE", on=date(2025, 6, 2)).to_contract(signed_on=date(2025, 11, 27))
        disputed = Deal()
        disputed.move("DISPUTE_OPENED")
    with time_machine.travel("2026-03-02T07:30:00+08:00", tick=False):
        recount(now=timezone.now())
        yield deal, disputed


def test_the_sheet_says_what_fell_due_is_late_moved_and_waits(week):
    deal, _disputed = week
    sheet = week_of(make_overseer(), MONDAY)

    assert (sheet.begin, sheet.end) == (date(2026, 2, 23), date(2026, 3, 1))
    assert sheet.fell_due == {"FILING": 1, "FOLLOW_UP": 1}
    assert [each.due_on for each in sheet.first_due] == [date(2026, 2, 27), date(2026, 2, 27)]
    assert dict(sheet.late_with)[deal.institute.organization.label] == 1
    moved = {str(label): number for label, number in sheet.moved}
    assert (moved["建立案例"], moved["签订合同"]) == (2, 1)
    assert "存在争议的案例" in [str(need.label) for need in sheet.needs]


def test_what_was_recorded_on_monday_waits_for_the_next_sheet(week):
    late = Deal(owner=week[0].institute)
    assert ConversionCase.objects.filter(pk=late.case.pk).exists()
    moved = {str(label): number for label, number in week_of(make_overseer(), MONDAY).moved}

    assert moved["建立案例"] == 2


def test_the_commission_is_mailed_once_a_week(week, django_capture_on_commit_callbacks):
    person = make_overseer(PortalRole.COMMISSION)
    make_overseer(PortalRole.AUDITOR)
    UserFactory()
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        sent = [send_monday(today=MONDAY), send_monday(today=MONDAY + timedelta(days=3))]
        sent.append(send_monday(today=MONDAY + timedelta(days=7)))

    told = Notification.objects.filter(kind="monday")
    assert sent == [1, 0, 1]
    assert {each.user_id for each in told} == {person.pk}
    assert [message.to for message in mail.outbox] == [[person.email]] * 2
    assert "许可备案：1" in mail.outbox[0].body
    assert "Licence to file: 1" in told.order_by("pk")[0].body_en


def test_the_page_of_another_week_and_of_nonsense():
    client = signed_in(make_overseer())
    page = client.get("/workspace/oversight/monday/?week=2026-01-08")
    assert page.context["week"].monday == date(2026, 1, 5)
    odd = client.get("/workspace/oversight/monday/?week=9999-99-99")
    assert odd.context["week"].monday == monday_of(date.today())


def test_late_with_counts_what_the_list_of_duties_holds(week):
    user = make_overseer()
    sheet = week_of(user, MONDAY)
    late = Calendar(reach_of(user)).count(Span(until=MONDAY - timedelta(days=1)))

    assert sum(number for _name, number in sheet.late_with) == sum(late.values())
