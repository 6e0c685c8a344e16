"""A case from first interest to its end, and what stops it on the way."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from matchmaking.cases import services
from matchmaking.cases.enums import ConversionMode, EventKind, PartyRole, PricingRoute
from matchmaking.cases.ledger import fold
from matchmaking.cases.models import ConversionCase, FollowUp
from matchmaking.cases.services import UnableToMoveCase
from tests.factories.accounts import UserFactory
from tests.factories.cases import START, Deal
from tests.factories.listings import Institute
from tests.factories.needs import make_broker

pytestmark = pytest.mark.django_db


def refused(function, *args, **kwargs) -> str:
    with pytest.raises(UnableToMoveCase) as error:
        function(*args, **kwargs)
    return str(error.value)


def test_an_assignment_by_agreement_goes_the_whole_way():
    deal = Deal().to_contract()
    services.make_move(
        actor=deal.owner,
        case=deal.case,
        kind=EventKind.REGISTRATION_SUBMITTED,
        occurred_on=deal.next_day(),
    )
    services.register_contract(
        actor=deal.owner,
        contract=deal.signed,
        number="2025 3301 0500 0123",
        occurred_on=deal.next_day(),
    )
    deal.refresh()
    deal.move("PERFORMANCE_BEGUN")
    deal.pay("400000").pay("600000")
    deal.move("ACCEPTED", actor=deal.taker)
    deal.fix_reward()
    services.publicise_reward(actor=deal.owner, case=deal.case, occurred_on=deal.next_day())
    services.pay_reward(actor=deal.owner, case=deal.case, occurred_on=deal.next_day(16))
    deal.refresh()
    deal.move("INDUSTRIALISED", actor=deal.taker)
    deal.move("CLOSED")

    assert (deal.case.stage, deal.case.received, deal.case.contract_total) == (
        "CLOSED",
        Decimal("1000000.00"),
        Decimal("1000000.00"),
    )
    assert deal.case.tracks == {
        "PRICING": "SET",
        "PUBLICITY": "CLEAN",
        "FIRST_REFUSAL": "WAIVED",
        "REGISTRATION": "REGISTERED",
        "PAYMENTS": "COMPLETE",
        "REWARDS": "PAID",
    }
    assert deal.signed.case.contracts.get().registration_number == "2025330105000123"


def test_signing_enters_the_follow_ups():
    Deal(on=date(2024, 1, 30)).to_contract(signed_on=date(2024, 2, 29))

    assert list(FollowUp.objects.order_by("months").values_list("months", "due_on")) == [
        (3, date(2024, 5, 29)),
        (6, date(2024, 8, 29)),
        (12, date(2025, 2, 28)),
        (24, date(2026, 2, 28)),
    ]


def test_the_stored_state_is_the_fold_of_the_events():
    deal = Deal().to_contract()
    deal.pay("250000.55")

    stored = ConversionCase.objects.get(pk=deal.case.pk)

    assert fold(stored.events.order_by("sequence")) == stored.state


def test_a_price_by_agreement_of_a_public_owner_is_not_signed_before_its_publicity():
    deal = Deal().to_decision().set_price()

    assert refused(deal.sign) == (
        "还缺：协议定价已公示满期且没有未决异议；各完成人均已放弃或有人行使优先受让权。"
    )


def test_a_listed_price_needs_no_publicity_but_its_market():
    deal = Deal(mode=ConversionMode.LICENCE).to_decision()
    without = refused(deal.set_price, route=PricingRoute.LISTING)
    deal.set_price(route=PricingRoute.LISTING, venue="浙江网上技术市场")
    deal.sign()

    assert without == "请写明在何处挂牌或拍卖。"
    assert deal.case.stage == "SIGNED"


def test_work_by_contract_needs_no_price_of_its_own():
    deal = Deal(mode=ConversionMode.SERVICE).to_decision()
    deal.sign()

    assert deal.case.stage == "SIGNED"


def test_the_publicity_is_not_closed_before_its_last_day_is_over():
    deal = Deal().to_decision().set_price().publicise()
    early = refused(
        services.close_publicity,
        actor=deal.owner,
        publicity=deal.publicity,
        occurred_on=deal.publicity.ends_on,
    )

    assert deal.publicity.ends_on - deal.publicity.started_on == timedelta(days=15)
    assert early == "还缺：公示期已满且没有未决异议。"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"abstract": " "}, "请填写名称、简介和在本单位公示的位置。"),
        ({"own_venue": ""}, "请填写名称、简介和在本单位公示的位置。"),
        ({"market_venue": ""}, "价格还须在技术市场公示。"),
        ({"is_related": True}, "请说明受让方的关联关系。"),
    ],
)
def test_the_publicity_names_what_the_law_asks_for(change, message):
    deal = Deal().to_decision().set_price()

    assert refused(deal.publicise, **change) == message


def test_an_objection_stops_the_clock_until_it_is_dismissed():
    deal = Deal().to_decision().set_price().publicise()
    ends_on = deal.publicity.ends_on
    objection = services.raise_objection(
        actor=UserFactory(), publicity=deal.publicity, text="价格偏低", raised_on=deal.next_day(3)
    )
    deal.refresh()
    while_open = refused(deal.clear_publicity)
    services.decide_objection(
        actor=deal.owner,
        objection=objection,
        is_upheld=False,
        reasons="已经评估",
        decided_on=objection.raised_on + timedelta(days=4),
    )
    deal.refresh()
    deal.publicity.refresh_from_db()

    assert while_open == "“协议定价公示结束”不能接在“单位已决策”之后。"
    assert deal.publicity.ends_on == ends_on + timedelta(days=4)
    assert deal.case.facts["publicity_ends"] == deal.publicity.ends_on.isoformat()


def test_an_upheld_objection_leads_back_to_talks_without_a_price():
    deal = Deal().to_decision().set_price().publicise()
    objection = services.raise_objection(
        actor=UserFactory(), publicity=deal.publicity, text="漏列完成人", raised_on=deal.next_day()
    )
    services.decide_objection(
        actor=deal.owner,
        objection=objection,
        is_upheld=True,
        reasons="属实",
        decided_on=deal.next_day(),
    )
    deal.refresh()

    assert (deal.case.stage, deal.case.price, deal.case.tracks) == (
        "NEGOTIATING",
        None,
        {"PUBLICITY": "UPHELD"},
    )
    deal.move("DECIDED", mode=deal.mode)
    deal.set_price("900000").publicise().clear_publicity()
    assert deal.case.tracks["PUBLICITY"] == "CLEAN"


def test_a_decision_on_an_objection_has_reasons_and_is_made_once():
    deal = Deal().to_decision().set_price().publicise()
    objection = services.raise_objection(
        actor=UserFactory(), publicity=deal.publicity, text="价格偏低", raised_on=deal.next_day()
    )
    decide = {"actor": deal.owner, "objection": objection, "is_upheld": False}
    without = refused(services.decide_objection, **decide, reasons=" ", decided_on=deal.next_day())
    services.decide_objection(**decide, reasons="不成立", decided_on=deal.on)
    again = refused(services.decide_objection, **decide, reasons="再看", decided_on=deal.on)

    assert without == "处理异议须写明理由。"
    assert again == "“异议不成立”不能接在“单位已决策”之后。"


def test_objections_end_with_the_term():
    deal = Deal().to_decision().set_price().publicise()
    late = refused(
        services.raise_objection,
        actor=UserFactory(),
        publicity=deal.publicity,
        text="太晚",
        raised_on=deal.publicity.ends_on + timedelta(days=1),
    )

    assert late == "公示期已经结束。"


def test_first_refusal_waits_for_every_completer():
    deal = Deal().to_decision().set_price().publicise().clear_publicity()
    services.notify_completers(
        actor=deal.owner, case=deal.case, terms="同等条件", occurred_on=deal.next_day()
    )
    deal.refresh()
    services.record_refusal(
        actor=deal.owner,
        case=deal.case,
        completer=deal.party(PartyRole.COMPLETER),
        is_exercised=False,
        occurred_on=deal.next_day(),
    )
    deal.refresh()

    assert refused(deal.sign) == "还缺：各完成人均已放弃或有人行使优先受让权。"


def test_co_owners_consent_to_all_but_an_ordinary_licence():
    other = Institute("滨江力学研究所")
    deal = Deal(mode=ConversionMode.TRANSFER, co_owner=other).to_decision().set_price()
    deal.publicise().clear_publicity().waive()
    alone = refused(deal.sign)
    for number in range(2):
        services.record_consent(
            actor=deal.owner,
            case=deal.case,
            owner=deal.party(PartyRole.OWNER, number),
            occurred_on=deal.next_day(),
        )
        deal.refresh()
    deal.sign()

    ordinary = Deal(mode=ConversionMode.LICENCE, owner=Institute("城西材料研究所"), co_owner=other)
    ordinary.to_contract()

    assert alone == "还缺：全体共有人均已同意。"
    assert [deal.case.stage, ordinary.case.stage] == ["SIGNED", "SIGNED"]


def test_days_are_neither_in_the_future_nor_before_the_step_before():
    deal = Deal().to_decision()
    future = refused(
        services.make_move,
        actor=deal.owner,
        case=deal.case,
        kind=EventKind.DISPUTE_OPENED,
        occurred_on=timezone.localdate() + timedelta(days=1),
    )
    early = refused(
        services.make_move,
        actor=deal.owner,
        case=deal.case,
        kind=EventKind.DISPUTE_OPENED,
        occurred_on=START - timedelta(days=1),
    )

    assert [future, early] == ["日期在将来。", "日期早于前一步（2025-03-03）。"]


def test_a_step_is_its_partys():
    deal = Deal()
    deal.move("TALKS_BEGUN")
    deal.move("EXAMINATION_BEGUN")
    by_taker = refused(
        services.make_move,
        actor=deal.taker,
        case=deal.case,
        kind=EventKind.DECIDED,
        occurred_on=deal.on,
    )
    by_member = refused(
        services.make_move,
        actor=deal.institute.researcher,
        case=deal.case,
        kind=EventKind.DISPUTE_OPENED,
        occurred_on=deal.on,
    )
    by_stranger = refused(
        services.make_move,
        actor=UserFactory(),
        case=deal.case,
        kind=EventKind.DISPUTE_OPENED,
        occurred_on=deal.on,
    )

    assert {by_taker, by_member, by_stranger} == {"这一步由其他参与方办理。"}


def test_two_people_moving_one_case_do_not_overtake_each_other():
    deal = Deal()
    seen = deal.case.version
    deal.move("TALKS_BEGUN")

    late = refused(
        services.make_move,
        actor=deal.taker,
        case=deal.case,
        kind=EventKind.EXAMINATION_BEGUN,
        occurred_on=deal.on,
        version=seen,
    )

    assert late == "这个案例已有人推进，请先看新记录再办理。"


@pytest.mark.parametrize(
    ("amount", "message"),
    [
        ("0.001", "金额最多两位小数。"),
        ("-1", "金额超出范围。"),
        ("0", "金额超出范围。"),
        ("1000000000000.01", "金额超出范围。"),
        ("1000000.01", "超过合同总额，请先变更合同。"),
    ],
)
def test_odd_amounts_are_refused(amount, message):
    deal = Deal(mode=ConversionMode.SERVICE).to_decision().sign()

    assert refused(deal.pay, amount) == message


def test_a_case_opens_with_both_sides_and_whole_shares():
    institute, stranger = Institute(), UserFactory()
    owner = services.PartyEntry(PartyRole.OWNER, institute.organization)
    half = services.PartyEntry(
        PartyRole.OWNER, Institute("滨江力学研究所").organization, share=Decimal(50)
    )
    taker = services.PartyEntry(PartyRole.TAKER, name="某公司")
    rest = {"title": "转让", "opened_on": START}

    assert [
        refused(services.open_case, actor=institute.owner, parties=[owner], **rest),
        refused(services.open_case, actor=institute.owner, parties=[half, taker], **rest),
        refused(services.open_case, actor=stranger, parties=[owner, taker], **rest),
    ] == [
        "案例须有成果权利方和受让方。",
        "各权利方（或各受让方）的份额合计应为100%。",
        "案例由参与方或其技术经理人建立。",
    ]


def test_the_broker_opens_and_moves_what_is_no_partys_own():
    institute, broker = Institute(), make_broker()
    case = services.open_case(
        actor=broker,
        broker=broker,
        title="转让",
        parties=[
            services.PartyEntry(PartyRole.OWNER, institute.organization),
            services.PartyEntry(PartyRole.TAKER, name="某公司"),
        ],
        opened_on=START,
    )
    services.make_move(actor=broker, case=case, kind=EventKind.TALKS_BEGUN, occurred_on=START)

    assert ConversionCase.objects.get().stage == "NEGOTIATING"
    assert ConversionCase.objects.for_user(broker).count() == 1
    assert ConversionCase.objects.for_user(UserFactory()).count() == 0


def test_a_case_is_broken_off_with_its_reason_and_stays_so():
    deal = Deal().to_decision()
    deal.move("TERMINATED", reason="PRICE")

    assert (deal.case.stage, deal.case.facts["reason"]) == ("TERMINATED", "PRICE")
    assert refused(deal.move, "TALKS_BEGUN") == "“开始洽谈”不能接在“已终止”之后。"


def test_a_dispute_stops_the_end_until_it_is_settled():
    deal = (
        Deal(mode=ConversionMode.SERVICE)
        .to_decision()
        .sign(total_amount=Decimal(0), technology_amount=Decimal(0))
    )
    deal.move("PERFORMANCE_BEGUN")
    deal.move("DISPUTE_OPENED", actor=deal.taker)
    stopped = refused(deal.move, "ACCEPTED", actor=deal.taker)
    deal.move("DISPUTE_SETTLED")
    deal.move("ACCEPTED", actor=deal.taker)
    deal.move("CLOSED")

    assert stopped == "还缺：没有未决争议。"
    assert deal.case.stage == "CLOSED"
