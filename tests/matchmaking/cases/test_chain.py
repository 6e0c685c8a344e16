"""Events are appended and chained; nobody changes them, and corrections say so."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from matchmaking.cases import services
from matchmaking.cases.enums import ConversionMode
from matchmaking.cases.ledger import GENESIS, fold
from matchmaking.cases.models import CaseEvent, ConversionCase, Payment
from matchmaking.cases.services import UnableToMoveCase
from tests.factories.accounts import UserFactory
from tests.factories.cases import Deal

pytestmark = pytest.mark.django_db


def rebuilt(case):
    return fold(case.events.order_by("sequence")) == ConversionCase.objects.get(pk=case.pk).state


def test_each_event_carries_the_digest_before_it():
    deal = Deal().to_decision()
    events = list(deal.case.events.order_by("sequence"))

    assert [event.sequence for event in events] == [1, 2, 3, 4]
    assert [event.previous_digest for event in events] == [
        GENESIS,
        *[event.digest for event in events[:-1]],
    ]
    assert deal.case.head_digest == events[-1].digest


@pytest.mark.parametrize("statement", ["UPDATE cases_caseevent SET kind = 'X'", "DELETE"])
def test_the_database_refuses_changes(statement):
    Deal()
    sql = "DELETE FROM cases_caseevent" if statement == "DELETE" else statement

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)

    assert CaseEvent.objects.count() == 1


def test_a_wrong_amount_is_corrected_by_an_entry_that_names_it():
    deal = Deal(mode=ConversionMode.SERVICE).to_decision().sign()
    deal.pay("40000")
    wrong = deal.case.version
    services.correct_event(
        actor=deal.owner,
        case=deal.case,
        sequence=wrong,
        reason="少记一个零",
        payload={"amount": "400000"},
    )
    deal.refresh()

    assert (deal.case.received, Payment.objects.get().amount) == (
        Decimal("400000.00"),
        Decimal("400000.00"),
    )
    assert deal.case.events.get(sequence=wrong).payload["amount"] == "40000.00"
    assert rebuilt(deal.case)


def test_only_the_last_entry_becomes_void():
    deal = Deal(mode=ConversionMode.SERVICE).to_decision().sign()
    deal.pay("40000")
    first = deal.case.version
    deal.pay("50000")
    correct = {"actor": deal.owner, "case": deal.case, "reason": "误记", "is_void": True}
    with pytest.raises(UnableToMoveCase, match="只有最后一条记录可以作废"):
        services.correct_event(sequence=first, **correct)
    services.correct_event(sequence=first + 1, **correct)
    deal.refresh()
    services.correct_event(sequence=first, **correct | {"case": deal.case})
    deal.refresh()

    assert (deal.case.received, Payment.objects.count()) == (Decimal("0.00"), 0)
    assert rebuilt(deal.case)


def test_a_void_signature_takes_the_contract_and_its_follow_ups_along():
    deal = Deal().to_contract()
    services.correct_event(
        actor=deal.owner,
        case=deal.case,
        sequence=deal.case.version,
        reason="合同文本有误",
        is_void=True,
    )
    deal.refresh()

    assert (deal.case.stage, deal.case.contract_total, deal.case.signed_on) == (
        "DECIDED",
        None,
        None,
    )
    assert [deal.case.contracts.count(), deal.case.follow_ups.count()] == [0, 0]
    deal.sign()
    assert rebuilt(deal.case)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"reason": " "}, "请写明这条记录错在哪里。"),
        ({"sequence": 99}, "没有这条可更正的记录。"),
        ({"payload": {"result": "PASSED"}}, "这一项不能更正，请将该记录作废。"),
        ({"occurred_on": "early"}, "按这个日期，各步骤的先后会颠倒。"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(change, message):
    deal = Deal().to_decision()
    if change.get("occurred_on"):
        change = {"occurred_on": deal.case.opened_on - timedelta(days=1)}
    entry = {"sequence": 2, "reason": "日期记错", **change}

    with pytest.raises(UnableToMoveCase, match=message):
        services.correct_event(actor=deal.owner, case=deal.case, **entry)

    assert CaseEvent.objects.count() == 4


def test_strangers_correct_nothing_and_corrections_are_not_corrected():
    deal = Deal().to_decision()
    entry = {"case": deal.case, "sequence": 4, "reason": "误记"}
    with pytest.raises(UnableToMoveCase, match="只有参与方可以更正记录。"):
        services.correct_event(actor=UserFactory(), **entry)
    services.correct_event(actor=deal.owner, occurred_on=deal.on, **entry)
    with pytest.raises(UnableToMoveCase, match="没有这条可更正的记录。"):
        services.correct_event(actor=deal.owner, **entry | {"sequence": 5})
