"""The bulk door writes what single moves would have written, or nothing."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from matchmaking.cases import services
from matchmaking.cases.enums import ConversionMode, EventKind, PartyRole, PricingRoute
from matchmaking.cases.ledger import fold
from matchmaking.cases.models import Contract, ContractType, ConversionCase, Payment
from matchmaking.cases.services import UnableToMoveCase
from matchmaking.cases.verification import find_first_fault
from tests.factories.cases import START
from tests.factories.listings import Institute
from tests.factories.needs import Company

pytestmark = pytest.mark.django_db


def draft(steps, **more):
    institute, company = Institute(), Company()
    institute.organization.is_public_body = True
    return services.CaseDraft(
        title="导热膜技术服务",
        opened_on=START,
        parties=[
            services.PartyEntry(PartyRole.OWNER, institute.organization),
            services.PartyEntry(PartyRole.TAKER, company.organization),
        ],
        steps=steps,
        **more,
    )


def service_steps(on=START):
    days = iter(on + timedelta(days=number) for number in range(1, 20))
    contract = {"contract_total": "500000.00", "ownership": "SHARED"}
    return [
        services.Step(EventKind.TALKS_BEGUN, next(days)),
        services.Step(EventKind.DECIDED, next(days), {"mode": ConversionMode.SERVICE}),
        services.Step(EventKind.CONTRACT_SIGNED, next(days), contract),
        services.Step(EventKind.PERFORMANCE_BEGUN, next(days)),
        services.Step(EventKind.PAYMENT_RECEIVED, next(days), {"amount": "500000.00"}),
        services.Step(EventKind.ACCEPTED, next(days)),
        services.Step(EventKind.CLOSED, next(days)),
    ]


CONTRACT = {
    "name": "导热膜技术服务",
    "type": ContractType.SERVICE,
    "valid_from": START,
    "valid_to": START + timedelta(days=365),
    "total_amount": Decimal("500000.00"),
    "technology_amount": Decimal("450000.00"),
}


def test_a_chain_holds_whatever_time_zone_its_events_were_recorded_in():
    services.add_cases(
        actor=None,
        drafts=[draft(service_steps())],
        recorded_at=lambda day: timezone.make_aware(datetime.combine(day, time(15, 30))),
    )

    assert find_first_fault() is None


def test_whole_histories_are_written_with_their_rows():
    [case] = services.add_cases(actor=None, drafts=[draft(service_steps(), contract=CONTRACT)])
    stored = ConversionCase.objects.get()

    assert (stored.pk, stored.stage, stored.received) == (case.pk, "CLOSED", Decimal("500000.00"))
    assert fold(stored.events.order_by("sequence")) == stored.state
    assert Payment.objects.get().received_on == START + timedelta(days=5)
    contract = Contract.objects.get()
    assert (contract.signed_on, contract.seller.role) == (START + timedelta(days=3), "OWNER")
    assert case.follow_ups.count() == 4


def test_codes_follow_the_year_of_the_opening():
    early = draft([])
    early.opened_on = date(2023, 5, 4)
    services.add_cases(actor=None, drafts=[early, draft([]), draft([])])

    assert list(ConversionCase.objects.order_by("code").values_list("code", flat=True)) == [
        "AL-2023-000001",
        "AL-2025-000001",
        "AL-2025-000002",
    ]


@pytest.mark.parametrize(
    "change",
    [
        lambda steps: steps[:1] + steps[2:],
        lambda steps: [*steps[:1], services.Step(EventKind.DECIDED, START)],
        lambda steps: [services.Step(EventKind.TALKS_BEGUN, date(2999, 1, 1))],
    ],
    ids=["a step is left out", "a day goes back", "a day lies ahead"],
)
def test_a_history_that_does_not_follow_writes_nothing(change):
    drafts = [draft([]), draft(change(service_steps()))]
    with pytest.raises(UnableToMoveCase, match="《导热膜技术服务》"):
        services.add_cases(actor=None, drafts=drafts)

    assert ConversionCase.objects.count() == 0


def test_guards_hold_unless_the_past_lacks_its_proofs():
    price = {"route": PricingRoute.AGREEMENT, "price": "500000.00"}
    licence = {"mode": ConversionMode.LICENCE}
    steps = [
        services.Step(EventKind.TALKS_BEGUN, START),
        services.Step(EventKind.DECIDED, START, licence),
        services.Step(EventKind.PRICE_SET, START, price),
        services.Step(EventKind.CONTRACT_SIGNED, START, {"contract_total": "500000.00"}),
    ]
    with pytest.raises(UnableToMoveCase, match="协议定价已公示满期"):
        services.add_cases(actor=None, drafts=[draft(steps)])
    services.add_cases(actor=None, drafts=[draft(steps)], is_guarded=False)

    assert ConversionCase.objects.get().stage == "SIGNED"
