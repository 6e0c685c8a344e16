"""Public prices and objections to them, the rules of law, and the evidence page."""

import io
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from matchmaking.cases import services
from matchmaking.cases.enums import ConversionMode, EventKind, PartyRole, RuleCode
from matchmaking.cases.models import LawRule, Objection
from matchmaking.cases.queries import rule_for
from portal.accounts.enums import PortalRole
from portal.accounts.models import RoleGrant
from portal.audit.models import AuditEvent
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.cases import Deal
from tests.factories.listings import Institute
from tests.factories.papers import make_pdf

pytestmark = pytest.mark.django_db
LIST = "/publicity/"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def running(number=0, **more):
    """A price that is public today."""
    owner = Institute(f"湖畔材料研究院{number}")
    deal = Deal(owner=owner, on=timezone.localdate() - timedelta(days=6))
    return deal.to_decision().set_price().publicise(**more)


def test_everybody_reads_the_four_facts_and_no_persons(client):
    deal = running(is_related=True, related_note="受让方由完成人参股")

    html = client.get(deal.publicity.get_absolute_url()).content.decode()

    facts = ("石墨烯导热膜连续制备技术", "卷对卷连续还原", "转让", "1,000,000.00 元")
    assert [fact in html for fact in (*facts, "湖畔材料研究院0", "受让方由完成人参股")] == [
        True
    ] * 6
    assert [name in html for name in ("林知远", "苏小满", deal.owner.name, "采购部")] == [False] * 4
    assert deal.case.get_absolute_url() not in html


def test_current_and_past_publicity_are_listed_apart(client):
    now = running()
    past = Deal(owner=Institute("城西材料研究所")).to_decision().set_price().publicise()
    past.clear_publicity()

    listed = [
        [each.pk for each in client.get(LIST + query).context["page_obj"]]
        for query in ("", "?when=past")
    ]

    assert listed == [[now.publicity.pk], [past.publicity.pk]]


def test_an_empty_list_says_so(client):
    html = client.get(LIST).content.decode()

    assert "当前没有正在公示的价格" in html


def test_thirty_publicities_cost_no_more_queries_than_one(client):
    running()
    client.get(LIST)
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for number in range(1, 12):
        running(number)
    with CaptureQueriesContext(connection) as many:
        assert len(client.get(LIST).context["page_obj"]) == 12

    assert len(many) == len(few)


def test_a_stranger_objects_and_reads_the_decision(client):
    deal, stranger = running(), UserFactory()
    client.force_login(stranger)
    url = deal.publicity.get_absolute_url()

    answer = client.post(url, {"text": "同类技术成交价更高"}, follow=True)
    objection = Objection.objects.get()
    state = objection.publicity.state
    services.decide_objection(
        actor=deal.owner,
        objection=objection,
        is_upheld=False,
        reasons="附评估报告",
        decided_on=timezone.localdate(),
    )

    assert [str(each) for each in answer.context["messages"]] == [
        "异议已送达权利方，处理结果会通知您。"
    ]
    assert (objection.author, state) == (stranger, "OBJECTED")
    assert "附评估报告" in client.get(url).content.decode()
    client.force_login(UserFactory())
    others = client.get(url).content.decode()
    assert ("同类技术成交价更高" in others, "附评估报告" in others) == (False, False)


def test_the_anonymous_sign_in_first_and_an_empty_objection_is_refused(client):
    deal = running()
    url = deal.publicity.get_absolute_url()

    anonymous = client.post(url, {"text": "偏低"})
    client.force_login(UserFactory())
    empty = client.post(url, {"text": " "})

    assert "/accounts/login/" in anonymous.url
    assert (empty.status_code, Objection.objects.count()) == (422, 0)


def test_after_its_term_nobody_objects_and_the_text_stays(client):
    deal = Deal().to_decision().set_price().publicise()
    client.force_login(UserFactory())

    answer = client.post(deal.publicity.get_absolute_url(), {"text": "偏低"})

    assert [str(e) for e in answer.context["form"].non_field_errors()] == ["公示期已经结束。"]
    assert "objection" not in client.get(deal.publicity.get_absolute_url()).content.decode()


def test_one_person_raises_ten_objections_an_hour(client, settings):
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "objection": (1, 3600)}
    deal = running()
    client.force_login(UserFactory())

    answers = [
        client.post(deal.publicity.get_absolute_url(), {"text": "偏低"}).status_code
        for _number in range(2)
    ]

    assert answers == [302, 429]


def test_a_party_finds_the_way_back_to_its_case(client):
    deal = running()
    client.force_login(deal.taker)

    html = client.get(deal.publicity.get_absolute_url()).content.decode()

    assert deal.case.get_absolute_url() in html


# Law


@pytest.fixture
def commission(client):
    """A signed-in member of the commission, second step set up."""
    user = UserFactory()
    RoleGrant.objects.create(user=user, role=PortalRole.COMMISSION)
    TOTP.activate(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    client.force_login(user)
    return user


def rule_form(rule, **more):
    return {"source": rule.source, "source_en": rule.source_en, "note": rule.note, **more}


def reward_rule():
    return LawRule.objects.get(code=RuleCode.REWARD, jurisdiction="PROVINCE")


REWARD_FIGURES = {
    "pool": "70",
    "main": "70",
    "staff": "5",
    "publicity_days": "15",
    "unit": "calendar",
    "pay_months": "6",
}


def test_the_signed_in_read_the_rules_and_change_none(client):
    client.force_login(UserFactory())
    rule = reward_rule()

    page = client.get("/law/")
    answers = [
        client.post(reverse(name, args=[rule.pk]), rule_form(rule)).status_code
        for name in ("cases:edit-rule", "cases:succeed-rule")
    ]

    html = page.content.decode()
    assert "奖励总额占净收入（%）" in html
    assert "70 %" in html
    assert reverse("cases:edit-rule", args=[rule.pk]) not in html
    assert answers == [403, 403]


@pytest.mark.usefixtures("commission")
def test_the_commission_corrects_a_rule_on_record(client):
    rule = reward_rule()

    answer = client.post(
        reverse("cases:edit-rule", args=[rule.pk]),
        rule_form(rule, **REWARD_FIGURES | {"pool": "72.5"}),
    )

    rule.refresh_from_db()
    assert (answer.status_code, rule.parameters["pool"]) == (302, "0.7250")
    [event] = AuditEvent.objects.filter(action="cases.edit_rule")
    assert event.payload["before"]["pool"] == "0.70"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"pool": "100.01"}, "pool"),
        ({"pool": "-1"}, "pool"),
        ({"main": "96"}, "staff"),
        ({"publicity_days": "0"}, "publicity_days"),
        ({"unit": "lunar"}, "unit"),
        ({"source": ""}, "source"),
    ],
)
@pytest.mark.usefixtures("commission")
def test_figures_out_of_range_are_refused(client, change, field):
    rule = reward_rule()

    answer = client.post(
        reverse("cases:edit-rule", args=[rule.pk]), rule_form(rule, **REWARD_FIGURES | change)
    )

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


@pytest.mark.usefixtures("commission")
def test_a_new_version_ends_the_old_one_the_day_before(client):
    rule = LawRule.objects.get(code=RuleCode.PRICE_PUBLICITY, jurisdiction="PROVINCE")
    url = reverse("cases:succeed-rule", args=[rule.pk])
    figures = {"days": "20", "unit": "working", "venues": "2", "on_objection": "restart"}

    early = client.post(url, rule_form(rule, **figures, valid_from="2017-05-01"))
    client.post(url, rule_form(rule, **figures, valid_from="2026-01-01"))
    again = client.post(url, rule_form(rule, **figures, valid_from="2027-01-01"))

    rule.refresh_from_db()
    assert rule.valid_to == date(2025, 12, 31)
    before = rule_for(RuleCode.PRICE_PUBLICITY, date(2025, 12, 31)).parameters["days"]
    after = rule_for(RuleCode.PRICE_PUBLICITY, date(2026, 1, 1)).parameters
    assert (before, after) == (
        15,
        {"days": 20, "unit": "working", "venues": 2, "on_objection": "restart"},
    )
    errors = [str(a.context["form"].non_field_errors()[0]) for a in (early, again)]
    assert errors == [
        "新版本的生效日期须晚于旧版本（2017-05-01）。",
        "该规则已有更新的版本，请修改新版本。",
    ]


# Evidence


def points(client, deal):
    client.force_login(deal.owner)
    answer = client.get(reverse("cases:evidence", args=[deal.case.code]))
    return {str(proof.title): proof for proof in answer.context["proofs"]}


def test_the_evidence_page_says_what_is_missing(client):
    deal = Deal(mode=ConversionMode.SERVICE).to_decision().sign()
    deal.pay("400000")

    found = points(client, deal)

    assert {title: proof.missing for title, proof in found.items()} == {
        "合同及认定登记": ["合同未认定登记。", "未上传合同文本。"],
        "发票": ["未上传发票。"],
        "到账": [
            f"{deal.on}到账的400,000.00 元缺银行回单。",
            "合同款尚有600,000.00 元未到账。",
        ],
        "成果交付": ["缺交付凭证，请在“达到里程碑”中上传。"],
        "受让方验收": ["受让方尚未验收。"],
        "关联关系核查": [],
    }


def test_a_complete_sheet_misses_nothing(client):
    deal = Deal(mode=ConversionMode.SERVICE).to_decision()

    def paper(kind):
        return [services.Paper(make_pdf(f"{kind}.pdf"), kind=kind)]

    services.sign_contract(
        actor=deal.owner, case=deal.case, contract=deal.contract(), files=paper("CONTRACT")
    )
    deal.refresh()
    deal.move("REGISTRATION_SUBMITTED")
    services.register_contract(
        actor=deal.owner,
        contract=deal.case.contracts.get(),
        number="2025330105000123",
        occurred_on=deal.next_day(),
    )
    services.receive_payment(
        actor=deal.owner,
        case=deal.refresh(),
        amount=Decimal(1000000),
        occurred_on=deal.next_day(),
        files=[*paper("RECEIPT"), *paper("INVOICE")],
    )
    for kind, actor, proof in (
        (EventKind.PERFORMANCE_BEGUN, deal.owner, "OTHER"),
        (EventKind.MILESTONE_REACHED, deal.owner, "DELIVERY"),
        (EventKind.ACCEPTED, deal.taker, "ACCEPTANCE"),
    ):
        services.make_move(
            actor=actor,
            case=deal.refresh(),
            kind=kind,
            occurred_on=deal.next_day(),
            files=paper(proof),
        )

    found = points(client, deal)

    assert {title for title, proof in found.items() if not proof.is_complete} == set()
    assert [file.name for file in found["发票"].files] == ["INVOICE.pdf"]


def test_signs_of_a_relation_are_named(client):
    deal = Deal(mode=ConversionMode.SERVICE)
    completer = deal.party(PartyRole.COMPLETER)
    completer.user = MembershipFactory(organization=deal.company.organization).user
    completer.save()

    proof = points(client, deal)["关联关系核查"]

    assert (proof.facts, proof.is_complete) == (["有完成人是受让方的成员。"], False)


def test_the_registers_row_is_in_chinese_and_no_text_is_a_formula(client):
    deal = Deal(mode=ConversionMode.SERVICE).to_decision().sign(name="=1+1")
    client.force_login(deal.taker)

    answer = client.get(f"/en{reverse('cases:contract', args=[deal.case.code])}")

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    head, row = list(sheet.iter_rows())
    found = {h.value: cell.value for h, cell in zip(head, row, strict=True)}
    assert (
        found
        | {
            "项目名称": "=1+1",
            "合同类型": "技术服务",
            "卖方名称": "湖畔材料研究院",
            "合同成交金额（元）": 1_000_000,
            "案例编号": deal.case.code,
        }
        == found
    )
    assert row[1].data_type == "s"
    assert AuditEvent.objects.filter(action="cases.export_contracts").count() == 1


def test_a_case_without_a_contract_has_no_row(client):
    deal = Deal()
    client.force_login(deal.owner)

    assert client.get(reverse("cases:contract", args=[deal.case.code])).status_code == 404
