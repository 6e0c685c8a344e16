"""What the commission's pages read was counted from the records, and says the same as they do."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from matchmaking.cases import services
from matchmaking.cases.enums import EventKind, PartyRole
from matchmaking.cases.models import ConversionCase
from matchmaking.oversight.bench import pages
from matchmaking.oversight.duties import Calendar, CountedCalendar, Span, reach_of
from matchmaking.oversight.kpis import KPIS
from matchmaking.oversight.models import FigureCell, Recount, SupervisionHit
from matchmaking.oversight.queries import Scope, figure_of, figures_by, figures_of
from matchmaking.oversight.services import count_on_reading, recount
from matchmaking.oversight.supervision import RULES, listed
from portal.taxonomy.models import Industry
from tests.factories.cases import Deal
from tests.factories.interests import Town
from tests.factories.listings import Institute
from tests.factories.oversight import make_overseer, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def ledger():
    """Cases of two institutes at several steps, an interest, and five that were accepted."""
    one, two = Institute(), Institute("滨江力学研究所")
    for days, owner in enumerate([one, one, two, two, two], start=3):
        deal = Deal(owner=owner).to_contract()
        deal.move("PERFORMANCE_BEGUN")
        deal.pay("400000")
        deal.move("ACCEPTED", actor=deal.taker, days=days)
    Deal(owner=one).to_decision()
    Town().express()
    recount(now=timezone.now())


def parts(figures):
    return [
        (each.kpi.key, each.key, each.part, each.whole, each.records, each.days, each.text)
        for each in figures
    ]


def test_cells_say_of_every_number_what_its_records_say(ledger):
    year = Scope(year=str(Deal().to_contract().signed.signed_on.year))
    wrong = [
        (kpi.key, by)
        for kpi in KPIS.values()
        for by in kpi.dimensions
        if parts(figures_by(kpi, Scope(), by, of="cells"))
        != parts(figures_by(kpi, Scope(), by))
        != []
    ]
    assert wrong != []  # the last case came after the count
    recount(now=timezone.now())
    for kpi in KPIS.values():
        for by in kpi.dimensions:
            for scope in (Scope(), year):
                cells = figures_by(kpi, scope, by, of="cells")
                assert parts(cells) == parts(figures_by(kpi, scope, by))


def test_many_numbers_at_once_are_the_same_numbers(ledger, django_assert_num_queries):
    institute = str(ConversionCase.objects.first().lead_owner_id)
    for scope in (Scope(), Scope(institute=institute), Scope(year="2025"), Scope(industry="no")):
        with django_assert_num_queries(2):
            found = figures_of(KPIS.values(), scope)
        asked = set(scope.chosen())
        known = [kpi for kpi in KPIS.values() if asked <= set(kpi.dimensions)]
        assert parts(found) == parts(figure_of(kpi, scope) for kpi in known)


def test_nothing_new_is_not_counted_twice(ledger):
    now = timezone.now()
    assert [recount(now=now), recount(now=now)] == [False, False]
    assert recount(now=now + timedelta(days=1)) is True
    Deal()
    assert [recount(now=timezone.now()), Recount.objects.count()] == [True, 1]


def test_reading_counts_anew_only_where_that_is_quick(ledger):
    client = signed_in(make_overseer())
    Deal()

    def opened():
        page = client.get("/workspace/oversight/kpi/")
        return [each["records"] for each in page.context["figures"] if each["key"] == "K8-INTENT"]

    assert opened() == [7]
    Recount.objects.update(seconds=1.5)
    Deal()
    assert opened() == [7]
    recount(now=timezone.now())
    assert opened() == [8]


def test_the_first_reading_counts_whatever_it_costs():
    assert count_on_reading(now=timezone.now()).counted_at <= timezone.now()
    assert Recount.objects.count() == 1


def test_a_hit_keeps_the_day_of_its_first_listing_and_goes_with_its_reason():
    deal = Deal().to_decision().set_price()
    deal.publicise(is_related=True, related_note="完成人持股")
    with time_machine.travel("2026-03-02T09:00:00+08:00", tick=False):
        recount(now=timezone.now())
    with time_machine.travel("2026-03-05T09:00:00+08:00", tick=False):
        recount(now=timezone.now())
        still = list(listed(RULES["related"]).values_list("code", "listed_on"))
    deal.case.publicities.update(is_related=False)
    with time_machine.travel("2026-03-06T09:00:00+08:00", tick=False):
        recount(now=timezone.now())

    assert still == [(deal.case.code, date(2026, 3, 2))]
    assert SupervisionHit.objects.filter(rule="related").count() == 0


def test_counted_duties_are_the_duties_that_are_listed(ledger):
    live = Calendar(reach_of(make_overseer()))
    counted = CountedCalendar(live.reach)
    month = Span(date(2025, 6, 1), date(2025, 9, 30))

    assert live.count() == counted.count() != {}
    assert live.by_party(Span()) == counted.by_party(Span())
    for window in (Span(), month, Span(until=date(2025, 7, 1)), Span(since=date(2025, 7, 1))):
        assert live.count(window) == counted.count(window)
    assert live.by_day(month) == counted.by_day(month)


def test_cells_are_far_fewer_than_records_where_records_share_their_place():
    owner = Institute()
    taker = Deal(owner=owner).company
    for _number in range(9):
        Deal(owner=owner, taker=taker)
    recount(now=timezone.now())

    [cell] = FigureCell.objects.filter(kpi="K8-INTENT")
    assert (cell.records, cell.part, cell.institute) == (10, 10, owner.organization.pk)


# Where a case counts


def place(deal):
    case = deal.refresh()
    return case.lead_owner, case.industry


def test_a_case_counts_with_its_first_owner_through_every_change_of_parties():
    first, second, third = Institute(), Institute("滨江力学研究所"), Institute("桐庐材料院")
    deal = Deal(owner=first, co_owner=second)
    seen = [place(deal)[0]]
    case, on = deal.case, deal.next_day()
    services.remove_party(
        actor=deal.owner, case=case, party=deal.party(PartyRole.OWNER), occurred_on=on
    )
    seen.append(place(deal)[0])
    left = deal.case.events.get(kind=EventKind.PARTY_LEFT)
    services.correct_event(
        actor=second.owner, case=deal.case, sequence=left.sequence, reason="误点", is_void=True
    )
    seen.append(place(deal)[0])
    services.succeed_party(
        actor=deal.owner,
        case=deal.case,
        party=deal.party(PartyRole.OWNER),
        successor=third.organization,
        occurred_on=deal.next_day(),
    )
    seen.append(place(deal)[0])

    names = [each.organization for each in (first, second, first, second)]
    assert seen == names


def test_a_case_counts_in_the_first_industry_of_its_listing_and_follows_it():
    institute = Institute()
    page = institute.published()
    one, two = Industry.objects.order_by("sort_order")[:2]
    page.industries.set([one])
    page.save()
    deal = Deal(owner=institute)
    ConversionCase.objects.filter(pk=deal.case.pk).update(page=page)
    moved = services.place_in_industries()
    seen = [place(deal)[1]]
    page.industries.set([two])
    page.save()
    moved += services.place_in_industries() + services.place_in_industries()

    assert (moved, [*seen, place(deal)[1]]) == (2, [one, two])


def test_first_days_follow_corrections_and_voids():
    deal = Deal().to_contract()
    deal.move("PERFORMANCE_BEGUN")
    deal.pay("100000")
    first = deal.on
    deal.next_day(20)
    deal.pay("200000")
    assert deal.refresh().first_received_on == first
    event = deal.case.events.filter(kind=EventKind.PAYMENT_RECEIVED).first()
    services.correct_event(
        actor=deal.owner,
        case=deal.case,
        sequence=event.sequence,
        reason="到账日写错",
        payload={"amount": Decimal(150000)},
    )
    deal.refresh()
    deal.move("ACCEPTED", actor=deal.taker)
    accepted = deal.refresh().accepted_on
    last = deal.case.events.order_by("sequence").last()
    services.correct_event(
        actor=deal.taker, case=deal.case, sequence=last.sequence, reason="未验收", is_void=True
    )

    assert (deal.case.received, accepted) == (Decimal("350000.00"), deal.on)
    assert deal.refresh().accepted_on is None


def test_the_bench_opens_every_page_of_the_commission(ledger):
    client = signed_in(make_overseer())

    assert {name: client.get(address).status_code for name, address in pages()} == {
        name: 200 for name, _address in pages()
    }
