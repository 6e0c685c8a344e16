"""A form for each move: what it enters, and that a refusal keeps what was typed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from matchmaking.cases import services
from matchmaking.cases.enums import ConversionMode, PartyRole
from matchmaking.cases.models import CaseFile, Contract, Objection, PricePublicity, Reward
from tests.factories.accounts import UserFactory
from tests.factories.cases import Deal
from tests.factories.listings import Institute
from tests.factories.papers import make_pdf

pytestmark = pytest.mark.django_db
NO_ROWS = {"rows-TOTAL_FORMS": "2", "rows-INITIAL_FORMS": "0"}


def url_of(deal, move):
    return reverse("cases:move", args=[deal.case.code, move])


def send(client, deal, move, *, user=None, days=1, **values):
    client.force_login(user or deal.owner)
    data = {
        "occurred_on": deal.next_day(days).isoformat(),
        "version": deal.case.version,
        **values,
    }
    answer = client.post(url_of(deal, move), data)
    deal.refresh()
    return answer


def said(deal):
    event = deal.case.events.order_by("-sequence").first()
    return event.kind, event.payload


def messages_of(answer):
    return [str(each) for each in answer.context["form"].non_field_errors()]


def test_a_plain_step_is_entered_with_its_remark_and_papers(client):
    deal = Deal()

    answer = send(
        client,
        deal,
        "talks-begun",
        note="双方在院内会谈",
        attachments=[make_pdf("纪要.pdf"), make_pdf("名单.pdf")],
        is_confidential="on",
    )

    assert answer.url == deal.case.get_absolute_url()
    assert said(deal) == ("TALKS_BEGUN", {"note": "双方在院内会谈"})
    assert list(CaseFile.objects.values_list("name", "kind", "is_confidential")) == [
        ("纪要.pdf", "OTHER", True),
        ("名单.pdf", "OTHER", True),
    ]


def test_a_file_that_is_not_what_it_says_is_refused_and_the_rest_is_kept(client):
    deal = Deal()

    answer = send(
        client,
        deal,
        "talks-begun",
        note="双方会谈",
        attachments=[make_pdf("木马.pdf", b"MZ\x90")],
    )

    html = answer.content.decode()
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["attachments"]
    assert "双方会谈</textarea>" in html
    assert "请重新选择文件" in html
    assert deal.case.version == 1


def test_a_day_before_the_step_before_is_said_and_nothing_typed_is_lost(client):
    deal = Deal()
    deal.move("TALKS_BEGUN")

    answer = send(client, deal, "examination-begun", days=-9, note="委托评估")

    assert answer.status_code == 422
    assert messages_of(answer) == ["日期早于前一步（2025-03-04）。"]
    assert "委托评估</textarea>" in answer.content.decode()


def test_two_people_at_once_see_what_the_other_entered_before_sending_again(client):
    deal = Deal()
    seen = deal.case.version
    deal.move("TALKS_BEGUN", actor=deal.taker)

    late = send(client, deal, "examination-begun", version=seen, note="委托评估")

    assert late.status_code == 409
    assert messages_of(late) == ["这个案例已有人推进，请先看新记录再办理。"]
    assert [entry.event.kind for entry in late.context["newer"]] == ["TALKS_BEGUN"]
    assert f'name="version" value="{deal.case.version}"' in late.content.decode()
    again = send(client, deal, "examination-begun", note="委托评估")
    assert (again.status_code, deal.case.stage) == (302, "DUE_DILIGENCE")


def test_other_peoples_steps_and_unknown_ones_are_not_found(client):
    deal = Deal()
    answers = {
        (name, move): send(client, deal, move, user=user, days=0).status_code
        for name, user, move in (
            ("member", deal.institute.researcher, "talks-begun"),
            ("stranger", UserFactory(), "talks-begun"),
            ("taker", deal.taker, "decided"),
            ("office", deal.owner, "opened"),
            ("office", deal.owner, "corrected"),
            ("office", deal.owner, "objection-raised"),
            ("office", deal.owner, "nonsense"),
        )
    }

    assert set(answers.values()) == {404}
    assert deal.case.version == 1


def test_a_step_out_of_turn_leads_back_to_the_case(client):
    deal = Deal()
    client.force_login(deal.owner)

    answer = client.get(url_of(deal, "contract-signed"), follow=True)

    assert [str(each) for each in answer.context["messages"]] == ["案例当前阶段不能办理这一步。"]


def test_a_step_that_waits_says_for_what_and_shows_no_form(client):
    deal = Deal().to_decision().set_price()
    client.force_login(deal.owner)

    html = client.get(url_of(deal, "contract-signed")).content.decode()

    assert "《浙江省促进科技成果转化条例》第十七条" in html
    assert "total_amount" not in html


@pytest.mark.parametrize(
    ("move", "values", "payload"),
    [
        ("nda-signed", {"nda_until": "2026-03-04"}, {"nda_until": "2026-03-04"}),
        (
            "trial-begun",
            {"trial_until": "2026-03-04", "trial_is_insured": "on"},
            {"trial_until": "2026-03-04", "trial_is_insured": True},
        ),
        ("proof-begun", {}, {}),
        ("pilot-begun", {"note": "中试基地"}, {"note": "中试基地"}),
        ("dispute-opened", {"note": "质量"}, {"note": "质量"}),
        ("terminated", {"reason": "FUNDS", "note": "改投"}, {"reason": "FUNDS", "note": "改投"}),
    ],
)
def test_moves_bring_what_their_forms_ask(client, move, values, payload):
    deal = Deal()

    assert send(client, deal, move, **values).status_code == 302
    assert said(deal)[1] == payload


@pytest.mark.parametrize(
    ("begun", "ended", "result"),
    [
        ("PROOF_BEGUN", "proof-ended", "PASSED"),
        ("PILOT_BEGUN", "pilot-ended", "FAILED"),
        ("TRIAL_BEGUN", "trial-ended", "CONVERTED"),
    ],
)
def test_trials_end_with_a_result(client, begun, ended, result):
    deal = Deal()
    deal.move(begun)
    without = send(client, deal, ended)
    send(client, deal, ended, result=result)

    assert without.status_code == 422
    assert said(deal)[1] == {"result": result}


@pytest.mark.parametrize(
    ("move", "values", "field"),
    [
        ("nda-signed", {"nda_until": "2025-01-01"}, "nda_until"),
        ("trial-begun", {"trial_until": "2025-01-01"}, "trial_until"),
        ("terminated", {}, "reason"),
    ],
)
def test_forms_say_at_the_field_what_is_wrong(client, move, values, field):
    deal = Deal()

    answer = send(client, deal, move, **values)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


def test_a_decision_names_mode_and_body_and_an_unnamed_licence_is_ordinary(client):
    deal = Deal()
    deal.move("TALKS_BEGUN")

    send(client, deal, "decided", mode="LICENCE", decided_by="院务会")

    assert said(deal)[1] == {"mode": "LICENCE", "licence_kind": "ORDINARY", "decided_by": "院务会"}


def test_a_price_is_fixed_and_a_listed_one_without_its_market_is_refused(client):
    deal = Deal(mode=ConversionMode.LICENCE).to_decision()

    refused = send(client, deal, "price-set", route="LISTING", price="880000.50")
    html = refused.content.decode()
    send(client, deal, "price-set", route="AGREEMENT", price="880000.50", base_price="")

    assert messages_of(refused) == ["请写明在何处挂牌或拍卖。"]
    assert 'value="880000.50"' in html
    assert (deal.case.price, deal.case.route) == (Decimal("880000.50"), "AGREEMENT")


FACTS = {
    "name": "石墨烯导热膜连续制备技术",
    "abstract": "卷对卷连续还原",
    "own_venue": "院公告栏",
    "market_venue": "湖城技术市场",
}


def test_a_publicity_has_its_four_facts_and_explains_a_related_taker(client):
    deal = Deal().to_decision().set_price()

    refused = send(client, deal, "publicity-opened", **FACTS, is_related="on")
    send(client, deal, "publicity-opened", **FACTS, is_related="on", related_note="完成人持股")

    assert list(refused.context["form"].errors) == ["related_note"]
    assert "卷对卷连续还原</textarea>" in refused.content.decode()
    publicity = PricePublicity.objects.get()
    assert (publicity.name, publicity.is_related, publicity.started_on) == (
        FACTS["name"],
        True,
        deal.on,
    )


def test_without_the_technology_market_the_law_refuses_the_publicity(client):
    deal = Deal().to_decision().set_price()

    answer = send(client, deal, "publicity-opened", **FACTS | {"market_venue": ""})

    assert messages_of(answer) == ["价格还须在技术市场公示。"]


def test_an_objection_is_decided_with_reasons(client):
    deal = Deal().to_decision().set_price().publicise()
    stranger = UserFactory()
    objection = services.raise_objection(
        actor=stranger, publicity=deal.publicity, text="价格偏低", raised_on=deal.next_day()
    )
    deal.refresh()

    without = send(client, deal, "objection-dismissed", objection=objection.pk)
    send(client, deal, "objection-dismissed", objection=objection.pk, reasons="有评估报告")

    assert list(without.context["form"].errors) == ["reasons"]
    assert list(Objection.objects.values_list("is_upheld", "reasons")) == [(False, "有评估报告")]
    assert stranger.notifications.get().title == "您提出的定价异议已有处理结果"


def test_an_upheld_objection_leads_back_to_the_talks(client):
    deal = Deal().to_decision().set_price().publicise()
    objection = services.raise_objection(
        actor=UserFactory(), publicity=deal.publicity, text="漏列", raised_on=deal.next_day()
    )
    deal.refresh()

    send(client, deal, "objection-upheld", objection=objection.pk, reasons="属实")

    assert (deal.case.stage, PricePublicity.objects.get().state) == ("NEGOTIATING", "UPHELD")


def test_a_publicity_is_closed_when_its_term_is_over(client):
    deal = Deal().to_decision().set_price().publicise()

    early = send(client, deal, "publicity-closed", days=3)
    send(client, deal, "publicity-closed", days=14)

    assert messages_of(early) == ["还缺：公示期已满且没有未决异议。"]
    assert PricePublicity.objects.get().state == "CLEAN"


def test_completers_are_notified_and_answer_one_by_one(client):
    deal = Deal().to_decision().set_price().publicise().clear_publicity()
    first, second = (deal.party(PartyRole.COMPLETER, number) for number in range(2))

    send(client, deal, "refusal-notified", terms="总价100万元，一次付清")
    send(client, deal, "refusal-waived", completer=first.pk)
    again = send(client, deal, "refusal-waived", completer=first.pk)
    send(client, deal, "refusal-exercised", completer=second.pk)

    assert list(again.context["form"].errors) == ["completer"]
    assert said(deal) == ("REFUSAL_EXERCISED", {"completer": second.pk})


def test_co_owners_consent_one_by_one(client):
    deal = Deal(co_owner=Institute("滨江力学研究所"))
    owner = deal.party(PartyRole.OWNER, 1)
    taker = deal.party(PartyRole.TAKER)

    refused = send(client, deal, "co-owner-consented", owner=taker.pk)
    send(client, deal, "co-owner-consented", owner=owner.pk)

    assert list(refused.context["form"].errors) == ["owner"]
    assert deal.case.facts["consented"] == [owner.pk]


def contract_values(deal, **more):
    return {
        "name": "导热膜技术服务",
        "type": "SERVICE",
        "seller": deal.party(PartyRole.OWNER).pk,
        "buyer": deal.party(PartyRole.TAKER).pk,
        "valid_from": "2025-03-10",
        "valid_to": "2027-03-09",
        "total_amount": "1000000",
        "technology_amount": "900000",
        "payment_terms": "INSTALMENTS",
        "ip_type": "NONE",
        "ownership": "SILENT",
        **NO_ROWS,
        "rows-0-due_on": "2025-06-01",
        "rows-0-amount": "400000",
        "rows-0-condition": "签约后",
        "rows-1-due_on": "2025-12-01",
        "rows-1-amount": "600000",
        **more,
    }


def test_a_contract_is_signed_with_its_plan_and_text(client):
    deal = Deal(mode=ConversionMode.SERVICE).to_decision()

    send(client, deal, "contract-signed", **contract_values(deal), attachments=[make_pdf()])

    contract = Contract.objects.get()
    assert (contract.signed_on, contract.total_amount) == (deal.on, Decimal("1000000.00"))
    assert list(contract.instalments.order_by("due_on").values_list("due_on", "amount")) == [
        (date(2025, 6, 1), Decimal("400000.00")),
        (date(2025, 12, 1), Decimal("600000.00")),
    ]
    assert CaseFile.objects.get().kind == "CONTRACT"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"technology_amount": "1000000.01"}, "technology_amount"),
        ({"total_amount": "1.005"}, "total_amount"),
        ({"total_amount": "-1"}, "total_amount"),
        ({"valid_to": "2025-01-01"}, "valid_to"),
        ({"type": "TRANSFER_PATENT"}, "type"),
    ],
)
def test_a_contract_with_a_wrong_field_keeps_the_others(client, change, field):
    deal = Deal(mode=ConversionMode.SERVICE).to_decision()

    answer = send(client, deal, "contract-signed", **contract_values(deal, **change))

    html = answer.content.decode()
    assert field in answer.context["form"].errors
    assert 'value="导热膜技术服务"' in html
    assert 'value="签约后"' in html
    assert Contract.objects.count() == 0


def test_instalments_beyond_the_total_and_half_rows_are_refused(client):
    deal = Deal(mode=ConversionMode.SERVICE).to_decision()

    beyond = send(
        client, deal, "contract-signed", **contract_values(deal, **{"rows-1-amount": "600000.01"})
    )
    half = send(client, deal, "contract-signed", **contract_values(deal, **{"rows-1-amount": ""}))

    assert messages_of(beyond) == ["分期金额合计超过合同总额。"]
    assert half.context["rows"].errors[1] == {"amount": ["请填完整这一行，或清空。"]}


def test_more_rows_are_given_without_checking_yet(client):
    deal = Deal(mode=ConversionMode.SERVICE).to_decision()

    answer = send(
        client, deal, "contract-signed", **contract_values(deal, total_amount="", more="rows")
    )

    assert (answer.status_code, len(answer.context["rows"].forms)) == (200, 4)
    assert "error-summary" not in answer.content.decode()


def test_the_default_ownership_is_said_before_signing(client):
    deal = Deal(mode=ConversionMode.SERVICE).to_decision()
    client.force_login(deal.owner)

    html = client.get(url_of(deal, "contract-signed")).content.decode()

    assert "无新发明的归完成单位，有新发明的归合作各方共有" in html
    assert "《促进科技成果转化法》第四十条" in html


def test_an_amendment_starts_from_the_contract_as_it_is(client):
    deal = Deal(mode=ConversionMode.SERVICE).to_decision()
    deal.sign(instalments=[services.InstalmentEntry(date(2025, 6, 1), Decimal(400000))])
    client.force_login(deal.owner)

    form = client.get(url_of(deal, "contract-amended")).context["form"]
    values = {"total_amount": "800000", "technology_amount": "700000"}
    rows = {"rows-TOTAL_FORMS": "1", "rows-INITIAL_FORMS": "0"}
    without = send(client, deal, "contract-amended", **values, **rows)
    send(client, deal, "contract-amended", **values, **rows, reason="减少两项服务")

    assert form["total_amount"].value() == Decimal("1000000.00")
    assert form.rows.initial[0]["amount"] == Decimal("400000.00")
    assert list(without.context["form"].errors) == ["reason"]
    assert deal.case.contract_total == Decimal("800000.00")


def test_registration_and_filing_take_their_numbers(client):
    deal = Deal(mode=ConversionMode.LICENCE).to_contract()
    send(client, deal, "registration-submitted")

    short = send(client, deal, "contract-registered", number="123")
    send(client, deal, "contract-registered", number="2025 3301 0500 0123")
    send(client, deal, "licence-filed", filing_number="X2025330000001")

    contract = Contract.objects.get()
    assert messages_of(short) == ["登记编号为16位数字，旧编号为14位。"]
    assert contract.registration_number == "2025330105000123"
    assert contract.licence_filed_on == deal.on


def test_a_refused_registration_says_why(client):
    deal = Deal(mode=ConversionMode.SERVICE).to_decision().sign()
    send(client, deal, "registration-submitted")

    send(client, deal, "registration-refused", reason="合同条款不全")

    assert said(deal) == ("REGISTRATION_REFUSED", {"reason": "合同条款不全"})


def test_a_payment_comes_with_receipt_and_invoice(client):
    deal = Deal(mode=ConversionMode.SERVICE).to_decision().sign()

    beyond = send(client, deal, "payment-received", amount="1000000.01", reference="HD-1")
    send(
        client,
        deal,
        "payment-received",
        amount="400000",
        reference="HD-1",
        attachments=[make_pdf("回单.pdf")],
        invoices=[make_pdf("发票.pdf")],
    )

    assert messages_of(beyond) == ["超过合同总额，请先变更合同。"]
    assert 'value="HD-1"' in beyond.content.decode()
    assert deal.case.received == Decimal("400000.00")
    assert list(CaseFile.objects.order_by("pk").values_list("name", "kind")) == [
        ("回单.pdf", "RECEIPT"),
        ("发票.pdf", "INVOICE"),
    ]


def reward_values(**more):
    return {
        "income": "1000000",
        "costs": "80000",
        "taxes": "30000",
        "pool": "623000",
        "rows-TOTAL_FORMS": "3",
        "rows-INITIAL_FORMS": "0",
        "rows-0-group": "MAIN",
        "rows-0-name": "林知远",
        "rows-0-weight": "70",
        "rows-1-group": "MAIN",
        "rows-1-name": "苏小满",
        "rows-1-weight": "20",
        "rows-2-group": "STAFF",
        "rows-2-name": "转化办公室",
        "rows-2-weight": "10",
        **more,
    }


def test_a_reward_is_computed_before_it_is_decided(client):
    deal = Deal().to_contract()
    deal.pay()

    answer = send(client, deal, "reward-fixed", **reward_values(compute="1"))

    preview = answer.context["preview"]
    assert answer.status_code == 200
    assert [(line["given"], line["least"], line["holds"]) for line in preview.lines] == [
        (Decimal("623000.00"), Decimal("623000.00"), True),
        (Decimal("560700.00"), Decimal("436100.00"), True),
        (Decimal("62300.00"), Decimal("31150.00"), True),
    ]
    assert [amount for _share, amount in preview.shares] == [
        Decimal("436100.00"),
        Decimal("124600.00"),
        Decimal("62300.00"),
    ]
    assert Reward.objects.count() == 0


def test_typing_brings_the_computed_part_alone(client):
    deal = Deal().to_contract()
    deal.pay()
    client.force_login(deal.owner)
    data = reward_values(compute="1", occurred_on=deal.on.isoformat())

    answer = client.post(url_of(deal, "reward-fixed"), data, headers={"HX-Request": "true"})

    html = answer.content.decode()
    assert "<form" not in html
    assert "436,100.00 元" in html


def test_an_incomplete_computation_asks_for_the_amounts(client):
    deal = Deal().to_contract()
    deal.pay()

    answer = send(client, deal, "reward-fixed", **reward_values(pool="", compute="1"))

    assert (answer.context["preview"], "请填齐四项金额" in answer.content.decode()) == (None, True)


def test_a_reward_below_the_floor_asks_why_and_keeps_its_rows(client):
    deal = Deal().to_contract()
    deal.pay()

    refused = send(client, deal, "reward-fixed", **reward_values(pool="500000"))
    send(
        client,
        deal,
        "reward-fixed",
        **reward_values(pool="500000", below_floor_reason="完成人书面约定"),
    )

    assert "低于规定下限" in messages_of(refused)[0]
    assert 'value="转化办公室"' in refused.content.decode()
    assert Reward.objects.get().below_floor_reason == "完成人书面约定"


def test_completers_stand_in_the_rows_of_the_reward_already(client):
    deal = Deal().to_contract()
    deal.pay()
    client.force_login(deal.owner)

    rows = client.get(url_of(deal, "reward-fixed")).context["rows"]

    assert [row.initial.get("name") for row in rows.forms] == ["林知远", "苏小满", "", None, None]


def test_a_reward_is_made_public_and_paid(client):
    deal = Deal().to_contract()
    deal.pay()
    deal.fix_reward()

    send(client, deal, "reward-publicised")
    early = send(client, deal, "reward-paid", days=15)
    send(client, deal, "reward-paid", days=1)

    assert messages_of(early) == ["还缺：奖励分配已公示满期。"]
    assert Reward.objects.get().paid_on == deal.on


def test_delivery_acceptance_and_output_are_entered_to_the_end(client):
    deal = Deal(mode=ConversionMode.SERVICE).to_decision().sign()
    send(client, deal, "performance-begun")
    send(client, deal, "milestone-reached", milestone="样机交付", attachments=[make_pdf()])
    send(client, deal, "accepted", user=deal.taker, attachments=[make_pdf()])
    nothing = send(client, deal, "output-reported", user=deal.taker, year="2025")
    send(client, deal, "output-reported", user=deal.taker, year="2025", sales="12.5", jobs="3")
    send(client, deal, "industrialised", user=deal.taker)

    assert list(CaseFile.objects.order_by("pk").values_list("kind", flat=True)) == [
        "DELIVERY",
        "ACCEPTANCE",
    ]
    assert messages_of(nothing) == ["请至少填一个数。"]
    assert deal.case.events.get(kind="OUTPUT_REPORTED").payload == {
        "year": 2025,
        "sales": "12.50",
        "jobs": 3,
    }
    assert deal.case.stage == "INDUSTRIALISED"


def correct(client, deal, sequence, **values):
    client.force_login(deal.owner)
    data = {"version": deal.case.version, **values}
    answer = client.post(reverse("cases:correct", args=[deal.case.code, sequence]), data)
    deal.refresh()
    return answer


def test_an_amount_is_corrected_and_back_again(client):
    deal = Deal(mode=ConversionMode.SERVICE).to_decision().sign()
    deal.pay("40000")
    wrong, on = deal.case.version, deal.on.isoformat()

    correct(client, deal, wrong, amount="400000", occurred_on=on, reason="少一个零")
    raised = deal.case.received
    correct(client, deal, wrong, amount="40000.00", occurred_on=on, reason="原来没错")

    assert (raised, deal.case.received) == (Decimal("400000.00"), Decimal("40000.00"))
    assert deal.case.payments.get().amount == Decimal("40000.00")


def test_a_correction_without_a_change_or_reason_is_refused(client):
    deal = Deal().to_decision()
    same = {"mode": "TRANSFER", "decided_by": "院务会", "occurred_on": deal.on.isoformat()}

    unchanged = correct(client, deal, 4, **same, reason="再看")
    unsaid = correct(client, deal, 4, **same | {"decided_by": "校长办公会"})

    assert messages_of(unchanged) == ["尚未作任何更正。"]
    assert list(unsaid.context["form"].errors) == ["reason"]
    assert 'value="校长办公会"' in unsaid.content.decode()


def test_only_the_last_entry_offers_to_be_void(client):
    deal = Deal().to_decision()
    client.force_login(deal.owner)
    offered = [
        "is_void"
        in client.get(reverse("cases:correct", args=[deal.case.code, number]))
        .context["form"]
        .fields
        for number in (1, 3, 4)
    ]
    same = {"mode": "TRANSFER", "decided_by": "院务会", "occurred_on": deal.on.isoformat()}
    correct(client, deal, 4, **same, is_void="on", reason="尚未决策")

    assert offered == [False, False, True]
    assert deal.case.stage == "DUE_DILIGENCE"


def test_a_correction_that_turns_the_order_round_keeps_what_was_typed(client):
    deal = Deal().to_decision()
    early = (deal.case.opened_on - timedelta(days=1)).isoformat()

    answer = correct(client, deal, 2, occurred_on=early, reason="日期记错")

    assert messages_of(answer) == ["按这个日期，各步骤的先后会颠倒。"]
    assert "日期记错</textarea>" in answer.content.decode()


def test_a_correction_that_was_overtaken_shows_the_new_entries(client):
    deal = Deal().to_decision()
    seen = deal.case.version
    deal.move("DISPUTE_OPENED", actor=deal.taker)

    answer = correct(client, deal, 2, occurred_on="2025-03-03", reason="早一天", version=seen)

    assert answer.status_code == 409
    assert [entry.event.kind for entry in answer.context["newer"]] == ["DISPUTE_OPENED"]
