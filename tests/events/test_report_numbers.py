"""Every number of a report, counted by hand on one small fair."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from events.exhibition.services import erase_leads
from events.fairs.models import Fair
from events.reports.comparison import Side, compare_with_first_come
from events.reports.cuts import CUTS, parts_of
from events.reports.definitions import NUMBERS, figures_of
from events.reports.facts import read_facts
from events.reports.findings import RULES, findings_of
from events.reports.models import FairCost
from events.reports.published import public_figures, public_parts
from events.reports.queries import read_report
from events.reports.services import UnableToReport, enter_cost, remove_cost
from matchmaking.evaluation.enums import ObjectType
from matchmaking.evaluation.indicators import Measure, queries_for
from matchmaking.evaluation.objects import source_of
from portal.accounts.enums import ConsentPurpose
from portal.accounts.models import Consent
from portal.accounts.queries import current_text
from portal.audit.models import AuditEvent
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.fairs import Hall
from tests.factories.interests import Town
from tests.factories.oversight import make_overseer
from tests.factories.past_fairs import PastFair, make_small_fair

pytestmark = pytest.mark.django_db


@pytest.fixture
def past():
    return make_small_fair()


def facts_of(past):
    fair = Fair.objects.with_page().get(pk=past.fair.pk)
    return read_facts([fair])[fair.pk]


def values_of(past):
    return {key: each.value for key, each in figures_of(facts_of(past)).items()}


def test_every_number_is_what_one_counts_by_hand(past):
    past.contract(past.meetings[0], amount="300000.00", months=3)
    past.contract(past.meetings[2], amount="200000.00", months=14)
    enter_cost(actor=past.owner, fair=past.fair, what="场地", amount=Decimal(6000))
    enter_cost(actor=past.owner, fair=past.fair, what="印刷", amount=Decimal(3000))

    assert values_of(past) == {
        "registered": 10,
        "approval": pytest.approx(100 * 8 / 9),
        "came": 7,
        "show_up": pytest.approx(100 * 7 / 8),
        "complete": pytest.approx(100 * 2 / 7),
        "requests": 7,
        "acceptance": pytest.approx(100 * 4 / 6),
        "declined": pytest.approx(100 / 6),
        "expired": pytest.approx(100 / 6),
        "must_meet": pytest.approx(100 / 3),
        "arranged": 4,
        "held": 3,
        "not_held": 25,
        "cancelled": 1,
        "mean": 1,
        "median": 1,
        "alone": pytest.approx(100 / 6),
        "feedback": 50,
        "possible": 50,
        "agreements": 1,
        "yield": pytest.approx(100 / 3),
        "contracts": 1,
        "amount": 300000,
        "cost": 9000,
        "cost_per_meeting": 3000,
    }


def test_parts_hold_the_records_that_one_counts_by_hand(past):
    facts = facts_of(past)
    counted = {
        key: {part.key: len(part.records) for part in parts_of(cut, facts)}
        for key, cut in CUTS.items()
    }

    assert counted == {
        "lead_source": {},
        "role": {"ENTERPRISE": 7, "INSTITUTE": 2, "VISITOR": 1},
        "industry": {"new_materials": 3, "-": 7},
        "district": {"330106": 10},
        "missing": {"post": 5, "headline": 5, "industry": 5, "entry": 5},
        "request_state": {
            "SCHEDULED": 3,
            "DECLINED": 1,
            "EXPIRED": 1,
            "WITHDRAWN": 1,
            "CANCELLED": 1,
        },
        "reason": {"NO_FIT": 1},
        "meetings": {"0": 1, "1": 4, "2": 1},
        "first": {"NOT_HELD": 1, "INFORMATIVE": 1, "COOPERATION": 2},
        "second": {"NEGOTIATION": 1, "AGREEMENT": 2},
    }


def test_a_fair_of_which_nothing_is_known_has_shares_of_nothing():
    values = values_of(PastFair())

    shares = {key for key, each in NUMBERS.items() if each.whole and key in values}
    assert {key for key, value in values.items() if value is None} == shares | {
        "mean",
        "median",
        "cost",
        "cost_per_meeting",
    }


def make_exhibition(**values):
    """Four exhibitors of whom two noted visitors; one visitor agreed, one took it back."""
    past = PastFair(**{"kind": "EXHIBITION", **values})
    one, other, _idle, _also_idle = (past.exhibitor() for _number in range(4))
    past.exhibitor(state="SUBMITTED")
    agreeing, regretting, silent = (past.person("VISITOR", whole=True) for _number in range(3))
    for exhibitor, visitor in ((one, agreeing), (one, regretting), (one, silent), (other, silent)):
        past.lead(exhibitor, visitor)
    for visitor, withdrawn_at in ((agreeing, None), (regretting, timezone.now())):
        visitor.leads.update(
            source="CARD",
            consent=Consent.objects.create(
                user=UserFactory(),
                text=current_text(ConsentPurpose.SHARE_CONTACT),
                recipient=one.organization,
                subject=past.fair.code,
                withdrawn_at=withdrawn_at,
            ),
        )
    return past


def test_an_exhibition_counts_people_booths_leads_and_costs_alone():
    past = make_exhibition()

    assert values_of(past) == {
        "registered": 3,
        "approval": 100,
        "came": 3,
        "show_up": 100,
        "complete": 100,
        "exhibitors": 4,
        "leads": 4,
        "open_leads": 25,
        "sought_out": 50,
        "cost": None,
    }
    facts = facts_of(past)
    sources = {part.key: len(part.records) for part in parts_of(CUTS["lead_source"], facts)}
    assert sources == {"SCANNED": 2, "CARD": 2}


def test_a_fair_with_an_exhibition_counts_meetings_and_leads():
    counted = values_of(make_exhibition(kind="MATCHMAKING", with_exhibition=True))
    assert (counted["held"], counted["leads"]) == (0, 4)
    assert set(counted) == set(NUMBERS)


def test_leads_are_unknown_once_they_are_erased():
    past = make_exhibition()
    Fair.objects.filter(pk=past.fair.pk).update(purged_at=timezone.now())
    erase_leads()

    counted = values_of(past)
    assert [counted[key] for key in ("exhibitors", "leads", "open_leads", "sought_out")] == [
        4,
        None,
        None,
        None,
    ]


def test_a_case_that_goes_on_from_an_interest_of_a_meeting_counts(past):
    contract = past.contract(past.meetings[0])
    interest = Town().express()
    outcome = contract.case.meeting_outcome
    outcome.case, outcome.interest = None, interest
    outcome.save()
    contract.case.interest = interest
    contract.case.save()

    assert values_of(past)["contracts"] == 1


def test_agreements_are_unknown_until_half_a_year_has_passed():
    young = PastFair(days_ago=179)
    young.meeting(young.person(), young.person("INSTITUTE"), slot=0)

    assert [values_of(young)[key] for key in ("agreements", "yield")] == [None, None]
    old = PastFair(days_ago=181)
    old.meeting(old.person(), old.person("INSTITUTE"), slot=0)
    assert [values_of(old)[key] for key in ("agreements", "yield")] == [0, 0]


def test_a_meeting_that_nobody_marked_was_held_if_one_of_its_people_says_so(past):
    e5, i2 = past.people["e5"], past.people["i2"]
    meeting = past.meeting(e5, i2, slot=3, table=1, state="ARRANGED")
    assert values_of(past)["held"] == 3
    past.said(meeting, e5, "NO_INTEREST")

    assert values_of(past)["held"] == 4


def test_the_schedule_is_compared_with_what_people_would_have_booked(past):
    """As scheduled the institute waits once; in the order of the requests it would not have."""
    [e1, e2, e3] = [past.people[name] for name in ("e1", "e2", "e3")]
    compared = compare_with_first_come(facts_of(past))

    assert (compared.requests, compared.musts) == (3, 2)
    assert compared.told == Side(meetings=3, must_meets=2, gaps=1, without=0)
    assert compared.first_come == Side(meetings=3, must_meets=2, gaps=0, without=0)
    past.fair.tables.exclude(pk=past.tables[0].pk).delete()
    for person in (e1, e2, e3):
        busy = past.slots[1:] if person == e1 else past.slots[:3]
        for slot in busy:
            person.availabilities.create(slot=slot, state="BUSY")
    assert compare_with_first_come(facts_of(past)).first_come == Side(2, 2, 1, 1)


def test_nothing_is_compared_once_it_is_erased_when_people_were_free(past):
    Fair.objects.filter(pk=past.fair.pk).update(purged_at=timezone.now())

    assert compare_with_first_come(facts_of(past)) is None
    assert compare_with_first_come(facts_of(PastFair(hall=Hall()))) is None


def test_rules_find_what_lies_beyond_their_threshold_and_rests_on_enough(past):
    found = findings_of(figures_of(facts_of(past)))

    assert [each.rule.key for each in found] == ["complete", "expired", "alone"]
    assert found[1].figure.made_of == "1 ÷ 6"
    assert "17%" in found[1].text
    assert {rule.key for rule in RULES} <= {key for key, each in NUMBERS.items() if each.whole}


def test_only_who_runs_the_fair_enters_costs_and_each_is_recorded(past):
    cost = enter_cost(actor=past.owner, fair=past.fair, what="场地", amount=Decimal(6000))
    with pytest.raises(UnableToReport):
        enter_cost(actor=past.hall.member, fair=past.fair, what="场地", amount=Decimal(1))
    with pytest.raises(UnableToReport):
        enter_cost(actor=past.owner, fair=past.fair, what="场地", amount=Decimal(0))
    with pytest.raises(UnableToReport):
        remove_cost(actor=make_overseer(), cost=cost)
    remove_cost(actor=past.owner, cost=cost)

    assert not FairCost.objects.exists()
    actions = AuditEvent.objects.filter(action__startswith="reports.").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == [
        "reports.enter_cost",
        "reports.remove_cost",
    ]


# What everybody may know


def test_a_number_of_two_organizations_is_not_told(past):
    """Neither is what is left of a share, nor what three companies did with two institutes."""
    shown = {figure.number.key: figure.value for figure in public_figures(facts_of(past))}

    assert shown == {"came": 7, "requests": 7, "feedback": 50}


def test_shares_are_told_once_three_organizations_stand_on_either_side():
    past = PastFair()
    for state in ("CHECKED_IN", "NO_SHOW"):
        for _number in range(3):
            past.person(state=state)

    shown = {figure.number.key: figure.value for figure in public_figures(facts_of(past))}
    assert shown == {"came": 3, "show_up": 50}


def test_leads_are_told_once_three_exhibitors_noted_three_organizations():
    past = make_exhibition()
    assert [figure.number.key for figure in public_figures(facts_of(past))] == [
        "came",
        "show_up",
        "exhibitors",
    ]

    idle = past.fair.exhibitors.filter(leads=None, state="ON_SHOW").first()
    past.lead(idle, past.fair.registrations.first())
    shown = {figure.number.key: figure.value for figure in public_figures(facts_of(past))}
    assert shown == {"came": 3, "show_up": 100, "exhibitors": 4, "leads": 5}


def test_small_parts_are_put_together_until_three_organizations_stand_behind_them():
    past = PastFair()
    for role, count in (("ENTERPRISE", 4), ("INSTITUTE", 3), ("EXPERT", 2), ("MEDIA", 1)):
        for _number in range(count):
            past.person(role)
    past.person("INVESTOR", organization=past.fair.registrations.first().organization)
    past.person("VISITOR", state="NO_SHOW")

    parts = public_parts("role", facts_of(past), "其他")
    assert [(part.label, part.count) for part in parts][1:] == [
        (parts[1].label, 3),
        ("其他", 4),
    ]
    assert parts[0].count == 4


def test_contract_sums_of_few_are_told_to_who_reads_each_of_them_alone(past):
    past.contract(past.meetings[0])
    report = read_report(past.fair, past.owner)
    overseers = read_report(past.fair, make_overseer())

    assert (report.figures["amount"].text, report.figures["contracts"].value) == ("–", 1)
    assert overseers.figures["amount"].value == 100000
    for meeting in past.meetings[1:3]:
        past.contract(meeting)
    assert read_report(past.fair, past.owner).figures["amount"].value == 300000


# Fairs as objects of an evaluation


def test_fairs_that_are_over_can_be_evaluated_by_their_numbers(past):
    other = PastFair(hall=Hall(organizer=past.hall.organizer, owner=past.owner), state="LIVE")
    partner = OrganizationFactory()
    past.fair.co_organizers.add(partner)
    enter_cost(actor=past.owner, fair=past.fair, what="场地", amount=Decimal(6000))
    source, pk = source_of(ObjectType.FAIR), past.fair.pk

    assert [(each.object_id, each.organization_id) for each in source.candidates()] == [
        (pk, past.hall.organizer.pk)
    ]
    assert source.candidates(organization_ids=[partner.pk]) == []
    assert source.candidates(object_ids=[other.fair.pk]) == []
    assert source.units([pk]) == {pk: {partner.pk}}
    assert source.people([pk]) == {pk: {past.owner.pk}}
    day = timezone.localdate(past.fair.page.ends_at)
    asked = {each.key: each.ask([pk], day, day) for each in queries_for(ObjectType.FAIR)}
    assert asked == {
        "fair_show_up": {pk: Measure(pytest.approx(87.5), 8)},
        "fair_acceptance": {pk: Measure(pytest.approx(100 * 4 / 6), 6)},
        "fair_must_meet": {pk: Measure(pytest.approx(100 / 3), 3)},
        "fair_mean": {pk: Measure(1.0)},
        "fair_feedback": {pk: Measure(50.0, 8)},
        "fair_possible": {pk: Measure(50.0, 4)},
        "fair_yield": {pk: Measure(pytest.approx(100 / 3), 3)},
        "fair_contracts": {pk: Measure(0.0)},
        "fair_cost_per_meeting": {pk: Measure(2000.0)},
    }
    before = day - timedelta(days=1)
    assert queries_for(ObjectType.FAIR)[0].ask([pk], before, before) == {}
