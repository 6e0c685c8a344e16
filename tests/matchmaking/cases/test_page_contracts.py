"""The contract's forms, payments, rewards, the way to the end, and corrections."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from matchmaking.cases import services
from matchmaking.cases.enums import ConversionMode, PartyRole
from matchmaking.cases.models import CaseFile, Contract, Reward
from tests.factories.case_forms import NO_ROWS, messages_of, said, send, url_of
from tests.factories.cases import Deal
from tests.factories.papers import make_pdf

pytestmark = pytest.mark.django_db


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


def test_a_subsidy_is_entered_with_its_programme_and_corrected(client):
    deal = Deal(mode=ConversionMode.SERVICE).to_decision().sign()
    said = {"programme": "科技成果转化补助", "granted_by": "市科技局"}
    send(client, deal, "subsidy-granted", user=deal.taker, amount="120000", **said)
    event = deal.case.events.get(kind="SUBSIDY_GRANTED")

    assert event.payload == {"amount": "120000.00", **said}
    assert deal.case.stage == "SIGNED"


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
