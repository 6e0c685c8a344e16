"""What falls due: derived from what is still open, by the rule in force, for whom it concerns."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from dateutil.relativedelta import relativedelta
from django.urls import reverse
from hypothesis import given, strategies as st
from icalendar import Calendar as ICalendar

from matchmaking.cases import services
from matchmaking.cases.dues import dues_of
from matchmaking.cases.enums import ConversionMode
from matchmaking.cases.queries import rules_in_force
from matchmaking.cases.services import InstalmentEntry
from matchmaking.oversight.duties import (
    Calendar,
    DutyList,
    Span,
    last_base,
    reach_of,
    reach_of_organization,
)
from matchmaking.oversight.enums import DutyKind
from matchmaking.oversight.models import CalendarFeed
from matchmaking.oversight.services import open_feed
from tests.factories.accounts import UserFactory
from tests.factories.cases import Deal
from tests.factories.interests import Town
from tests.factories.listings import Institute
from tests.factories.needs import Company, make_broker
from tests.factories.oversight import make_overseer, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/workspace/duties/"


def due(user, *kinds):
    """The duties of some kinds as (kind, day, whose)."""
    found = Calendar(reach_of(user), frozenset(kinds) or None).first(100)
    return [(each.kind, each.due_on, each.party_id) for each in found]


def test_a_publicity_ends_and_an_objection_is_to_decide():
    deal = Deal().to_decision().set_price().publicise()
    ends, owner = deal.publicity.ends_on, deal.institute.organization.pk
    assert due(deal.owner, DutyKind.PUBLICITY) == [("PUBLICITY", ends, owner)]

    objection = services.raise_objection(
        actor=UserFactory(), publicity=deal.publicity, text="价格偏低", raised_on=deal.next_day()
    )
    assert due(deal.owner, DutyKind.OBJECTION) == [("OBJECTION", ends, owner)]

    services.decide_objection(
        actor=deal.owner,
        objection=objection,
        is_upheld=True,
        reasons="重新评估",
        decided_on=deal.next_day(),
    )
    assert due(deal.owner, DutyKind.PUBLICITY, DutyKind.OBJECTION) == []


def test_a_notice_of_assignment_is_answered_within_the_rules_days():
    deal = Deal().to_decision().set_price().publicise().clear_publicity()
    services.notify_completers(
        actor=deal.owner, case=deal.case, terms="同等条件", occurred_on=deal.next_day()
    )
    owner = deal.institute.organization.pk
    expected = [("REFUSAL", deal.on + timedelta(days=15), owner)]
    assert due(deal.owner, DutyKind.REFUSAL) == expected

    deal.refresh()
    deal.waive(notice=False)
    assert due(deal.owner, DutyKind.REFUSAL) == []


def test_a_patent_licence_is_filed_three_months_after_it_takes_effect():
    deal = Deal(mode=ConversionMode.LICENCE).to_contract(signed_on=date(2025, 11, 30))
    owner = deal.institute.organization.pk
    assert due(deal.owner, DutyKind.FILING) == [("FILING", date(2026, 2, 28), owner)]

    services.file_licence(actor=deal.owner, contract=deal.signed, occurred_on=date(2026, 1, 5))
    assert due(deal.owner, DutyKind.FILING) == []


def test_a_case_names_the_same_days_as_the_calendar():
    deal = Deal(mode=ConversionMode.LICENCE).to_contract()
    deal.move("PERFORMANCE_BEGUN")
    deal.pay("400000")
    deal.next_day(60)
    deal.pay("100000")
    kinds = {"许可备案截止": DutyKind.FILING, "奖励兑现截止": DutyKind.REWARD}
    dues = {str(each.label): each.on for each in dues_of(deal.case, rules_in_force(deal.on))}
    expected = {label: due(deal.owner, kind)[0][1] for label, kind in kinds.items()}

    assert {label: dues.get(label) for label in kinds} == expected


def test_an_assignment_is_not_filed():
    deal = Deal().to_contract()

    assert due(deal.owner, DutyKind.FILING) == []


def test_instalments_are_covered_by_what_was_received_the_earliest_first():
    deal = Deal().to_decision().set_price().publicise().clear_publicity().waive()
    first, second = deal.on + timedelta(days=30), deal.on + timedelta(days=60)
    plan = [InstalmentEntry(second, Decimal(600_000)), InstalmentEntry(first, Decimal(400_000))]
    deal.sign(instalments=plan)
    deal.move("PERFORMANCE_BEGUN")
    payer = deal.company.organization.pk
    both = [("INSTALMENT", first, payer), ("INSTALMENT", second, payer)]
    assert due(deal.taker, DutyKind.INSTALMENT) == both

    deal.pay("399999.99")
    assert due(deal.taker, DutyKind.INSTALMENT) == both
    deal.pay("0.01")
    assert due(deal.taker, DutyKind.INSTALMENT) == both[1:]
    deal.pay("600000")
    assert due(deal.taker, DutyKind.INSTALMENT) == []


def test_income_of_a_public_owner_is_shared_within_six_months():
    deal = Deal().to_contract()
    deal.move("PERFORMANCE_BEGUN")
    assert due(deal.owner, DutyKind.REWARD) == []
    deal.pay("400000")
    first = deal.on
    deal.pay("100000")
    months_later = date(first.year, first.month + 6, first.day)
    owner = deal.institute.organization.pk
    assert due(deal.owner, DutyKind.REWARD) == [("REWARD", months_later, owner)]


def test_follow_ups_are_the_takers_and_end_with_a_broken_off_case():
    deal = Deal().to_contract()
    taker = deal.company.organization.pk
    found = due(deal.owner, DutyKind.FOLLOW_UP)
    assert [party for _kind, _day, party in found] == [taker] * 4
    deal.move("TERMINATED", reason="MARKET")
    assert due(deal.owner, DutyKind.FOLLOW_UP) == []


def test_an_interest_is_the_receivers_to_answer_and_stays_hidden_from_the_sender():
    town = Town()
    interest = town.express()
    receiver = town.institute.organization.pk
    assert due(town.institute.owner, DutyKind.INTEREST) == [("INTEREST", interest.due_on, receiver)]
    assert due(town.company.owner, DutyKind.INTEREST) == []


def test_needs_and_listings_are_confirmed_before_their_validity_ends():
    institute, company = Institute(), Company()
    page, need = institute.published(), company.published()
    page.valid_until = date(2026, 12, 24)
    page.save()

    assert due(institute.owner, DutyKind.LISTING) == [
        ("LISTING", page.valid_until, institute.organization.pk)
    ]
    assert due(company.owner, DutyKind.NEED) == [
        ("NEED", need.valid_until, company.organization.pk)
    ]


def test_the_annual_report_is_due_on_30_march_for_institutes():
    institute, company = Institute(), Company()
    with time_machine.travel("2026-03-31T08:00:00+08:00"):
        assert due(institute.owner, DutyKind.REPORT) == [
            ("REPORT", date(2026, 3, 30), institute.organization.pk)
        ]
        assert due(company.owner, DutyKind.REPORT) == []


def test_strangers_see_nothing_a_broker_the_own_cases_the_commission_all():
    deal, other = Deal().to_contract(), Deal(owner=Institute("滨江力学研究所")).to_contract()
    broker = make_broker()
    deal.case.broker = broker
    deal.case.save()
    kinds = {DutyKind.FOLLOW_UP}

    assert due(UserFactory(), *kinds) == []
    assert {party for _kind, _day, party in due(broker, *kinds)} == {deal.company.organization.pk}
    everybody = {deal.company.organization.pk, other.company.organization.pk}
    assert {party for _kind, _day, party in due(make_overseer(), *kinds)} == everybody
    of_one = Calendar(reach_of_organization(deal.institute.organization), frozenset(kinds))
    assert sum(of_one.count().values()) == 4


def test_a_list_is_merged_in_the_order_of_days_and_read_page_by_page():
    licence = Deal(mode=ConversionMode.LICENCE).to_contract()
    licence.move("PERFORMANCE_BEGUN")
    licence.pay("400000")
    Deal(owner=licence.institute).to_contract()
    duties = DutyList(Calendar(reach_of(licence.owner)), Span())
    everything = duties[0:100]

    assert len(everything) == len(duties) == sum(duties.counts.values())
    assert everything == sorted(everything, key=lambda each: (each.due_on, each.kind, each.ref))
    assert [*duties[0:4], *duties[4:100]] == everything
    of_many = dict.fromkeys(duties.counts, 100_000)
    assert duties.calendar.first(100, counts=of_many) == everything
    assert duties.calendar.first(100) == everything
    assert {DutyKind.FILING, DutyKind.REWARD, DutyKind.FOLLOW_UP} <= set(duties.counts)


def test_spans_count_what_they_list():
    deal = Deal(mode=ConversionMode.LICENCE).to_contract(signed_on=date(2025, 11, 30))
    calendar = Calendar(reach_of(deal.owner), frozenset({DutyKind.FILING, DutyKind.FOLLOW_UP}))
    for day in (date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 1)):
        span = Span(day, day)
        listed = calendar.first(10, span)
        assert len(listed) == sum(calendar.count(span).values()) == calendar.by_day(span)[day]
        assert all(each.due_on == day for each in listed)


@given(
    day=st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    months=st.sampled_from([0, 1, 3, 6, 12]),
    before=st.dates(date(2020, 1, 1), date(2030, 12, 31)),
)
def test_a_base_counts_as_before_exactly_when_its_due_day_is(day, months, before):
    assert (day <= last_base(before, months)) == (day + relativedelta(months=months) < before)


def test_the_page_shows_month_list_law_and_filters():
    deal = Deal().to_contract()
    client = signed_in(deal.owner)
    page = client.get(PAGE)
    text = page.content.decode()
    late = client.get(f"{PAGE}?late=1&kind=FOLLOW_UP").context["page_obj"]
    day = page.context["page_obj"][0].due_on
    of_day = client.get(f"{PAGE}?day={day}").context

    assert "第二十八条" in text
    assert deal.case.code in text
    assert {each.kind for each in late} == {DutyKind.FOLLOW_UP}
    assert all(each.is_late for each in late)
    assert {each.due_on for each in of_day["page_obj"]} == {day}
    cells = [cell for week in of_day["weeks"] for cell in week if cell["count"]]
    assert day in [cell["day"] for cell in cells]


@pytest.mark.parametrize("query", ["month=2026-13", "day=x", "kind=NO", "page=99", "month=9999-12"])
def test_odd_questions_are_answered_like_none(query):
    assert signed_in(Deal().to_contract().owner).get(f"{PAGE}?{query}").status_code == 200


# The calendar's address


def address(feed):
    return reverse("oversight:feed", args=[feed.token])


def test_the_address_gives_a_calendar_that_programs_read_without_names_and_amounts(client):
    deal = Deal().to_contract()
    response = client.get(address(open_feed(actor=deal.owner)))
    events = ICalendar.from_ical(response.content).walk("VEVENT")
    dates = {event["DTSTART"].dt for event in events}
    text = response.content.decode()

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert {each.due_on for each in Calendar(reach_of(deal.owner)).first(100)} >= dates
    assert len({event["UID"] for event in events}) == len(events) > 0
    assert deal.case.code in text
    assert deal.case.title not in text
    assert deal.company.organization.name not in text


def test_the_same_duties_are_not_sent_twice(client):
    deal = Deal().to_contract()
    url = address(open_feed(actor=deal.owner))
    first = client.get(url)
    again = client.get(url, headers={"if-none-match": first["ETag"]})
    deal.move("TERMINATED", reason="MARKET")
    changed = client.get(url, headers={"if-none-match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200


def test_an_address_is_closed_replaced_and_ends_with_its_person(client):
    deal = Deal().to_contract()
    mine = signed_in(deal.owner)
    mine.post(reverse("oversight:change-feed"), {"action": "open"})
    first = address(CalendarFeed.objects.get())
    mine.post(reverse("oversight:change-feed"), {"action": "open"})
    second = address(CalendarFeed.objects.get())
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)

    deal.owner.is_active = False
    deal.owner.save()
    assert client.get(second).status_code == 404
    deal.owner.is_active = True
    deal.owner.save()
    mine.post(reverse("oversight:change-feed"), {"action": "revoke"})
    assert client.get(second).status_code == 404


def test_the_stored_nonce_is_no_address(client):
    feed = open_feed(actor=UserFactory())

    assert client.get(reverse("oversight:feed", args=[feed.nonce])).status_code == 404
    forged = f"{feed.nonce}:{'A' * 43}"
    assert client.get(reverse("oversight:feed", args=[forged])).status_code == 404
