"""One result from its match to industrial output, in browsers, told by those whose acts they are.

The portal runs inside this process, so that two years pass within the test.
"""

from datetime import date

import pytest
from django.core import mail

from matchmaking.cases.models import PricePublicity
from matchmaking.cases.tasks import task_sweep_follow_ups, task_write_anchor
from matchmaking.evaluation.models import Round
from matchmaking.interests.models import Interest
from portal.disclosure.models import ConfidentialityAgreement
from tests.e2e import ledger_acts as acts, oversight_acts as oversight
from tests.e2e.lake_town import (
    EXPERTS,
    OTHER_UNIT,
    TITLE,
    UNIT,
    LakeTown,
    next_code,
    own_case,
    own_need,
    settle,
)
from tests.e2e.people import Person
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def town(movable_portal, open_browser_on, java_script):
    """The people of Lake Town at their browsers; none of these may complain."""
    users = settle()
    people = {
        name: Person(
            open_browser_on(movable_portal.url, java_script_enabled=java_script),
            user.email,
            PASSWORD,
            next_code(movable_portal),
        )
        for name, user in users.items()
    }
    yield LakeTown(people)
    complaints = {name: each.page.complaints for name, each in people.items()}
    assert {name: each for name, each in complaints.items() if each} == {}


@pytest.mark.parametrize("java_script", [True], ids=["with script"])
def test_the_ledger(town, movable_portal, open_browser_on):
    meet_and_agree_on_secrecy(town, movable_portal)
    talk_and_decide(town, movable_portal)
    settle_the_price(town, movable_portal)
    ask_the_completers(town, movable_portal)
    sign_register_and_pay(town, movable_portal)
    reward_and_industrialise(town, movable_portal)
    follow_up(open_browser_on(movable_portal.url), movable_portal)
    oversight_opens_the_case(town, movable_portal)
    evaluate(town, movable_portal)
    report(town, movable_portal)
    audit(town, movable_portal)


@pytest.mark.parametrize("java_script", [False], ids=["without script"])
def test_the_way_to_the_decision(town, movable_portal):
    meet_and_agree_on_secrecy(town, movable_portal)
    talk_and_decide(town, movable_portal)


def meet_and_agree_on_secrecy(town, portal):
    acts.finds_match(town["company"], own_need())
    acts.expresses_interest(town["company"])

    portal.go_on_to("2025-03-05")
    acts.answers_in_time(town["office"])
    interest = Interest.objects.get()
    acts.writes_on(town["researcher"], interest)

    portal.go_on_to("2025-03-06")
    acts.proposes_secrecy(town["company"], interest)
    agreement = ConfidentialityAgreement.objects.get()
    acts.signs_secrecy(town["company"], agreement)
    acts.signs_secrecy(town["office"], agreement)


def talk_and_decide(town, portal):
    portal.go_on_to("2025-03-10")
    acts.opens_case(town["office"], Interest.objects.get())
    case = own_case()
    acts.calls_in_broker(town["office"], case)
    acts.enters(town["broker"], case, "开始洽谈")
    acts.enters(town["company"], case, "开始评估尽调")

    portal.go_on_to("2025-04-15")
    acts.enters(town["office"], case, "单位决策转化", mode="TRANSFER", decided_by="院务会")


def settle_the_price(town, portal):
    case, office = own_case(), town["office"]
    acts.enters(office, case, "确定价格", route="AGREEMENT", price="1000000")
    acts.waits_for(office, case, "签订合同", "协议定价已公示满期且没有未决异议")
    acts.enters(
        office,
        case,
        "协议定价公示",
        abstract="卷对卷连续还原，面内导热系数不低于1500 W/(m·K)。",
        own_venue="院公告栏",
        market_venue="湖城技术市场",
    )

    portal.go_on_to("2025-04-22")
    acts.objects_to_price(town["rival"], PricePublicity.objects.get(case=case))

    portal.go_on_to("2025-04-25")
    acts.enters(
        office, case, "异议不成立", reasons="去年挂牌的是含设备的整线，本次只转让专利与工艺。"
    )
    acts.waits_for(office, case, "协议定价公示结束", "公示期已满且没有未决异议")

    portal.go_on_to("2025-05-12")
    acts.enters(office, case, "协议定价公示结束")


def ask_the_completers(town, portal):
    case, office = own_case(), town["office"]
    acts.enters(office, case, "通知完成人拟转让", terms="一百万元一次付清，同等条件优先。")
    acts.waits_for(office, case, "签订合同", "各完成人均已放弃或有人行使优先受让权")
    told = "您完成的成果拟转让，请于2025-05-27前答复是否优先受让"
    acts.is_told(town["researcher"], told, case.code, "通知完成人拟转让")

    portal.go_on_to("2025-05-20")
    for _completer in range(2):
        acts.enters(office, case, "完成人放弃优先受让", attachments="放弃声明.pdf")


def sign_register_and_pay(town, portal):
    case, office, company = own_case(), town["office"], town["company"]
    portal.go_on_to("2025-05-26")
    acts.signs(company, case, on=date(2025, 5, 26))
    acts.enters(office, case, "提交认定登记")

    portal.go_on_to("2025-06-09")
    acts.enters(office, case, "合同已登记", number="2025330100001234")
    acts.enters(company, case, "开始履约")
    acts.enters(
        office,
        case,
        "收到款项",
        amount="1000000",
        reference="进账单0609",
        attachments="回单.pdf",
        invoices="发票.pdf",
    )


def reward_and_industrialise(town, portal):
    case, office, company = own_case(), town["office"], town["company"]
    portal.go_on_to("2025-06-30")
    acts.enters(company, case, "验收", attachments="验收报告.pdf")
    acts.shares_the_income(office, case)
    acts.enters(office, case, "公示奖励分配")
    acts.waits_for(office, case, "兑现奖励", "奖励分配已公示满期")

    portal.go_on_to("2025-07-21")
    acts.enters(office, case, "兑现奖励")
    acts.enters(company, case, "投入产业化")


def follow_up(page, portal):
    portal.go_on_to("2025-08-27")
    mail.outbox.clear()
    task_sweep_follow_ups()
    [asked] = [each for each in mail.outbox if TITLE in each.subject]
    acts.answers_follow_up(page, asked)


def oversight_opens_the_case(town, portal):
    portal.go_on_to("2026-01-12")
    oversight.opens_the_number(town["commission"], own_case())


def evaluate(town, portal):
    units = [UNIT, OTHER_UNIT]
    oversight.begins_round(town["commission"])
    round_ = Round.objects.get()
    oversight.gathers(town["commission"], round_, units, EXPERTS)
    oversight.reports_for_unit(town["office"], UNIT, received="100 万元")
    oversight.reports_for_unit(town["neighbour"], OTHER_UNIT, received="0 万元")
    for expert in EXPERTS:
        oversight.declares_no_interest(town[expert], round_)

    portal.go_on_to("2026-01-26")
    oversight.checks_and_draws(town["commission"], round_, units)
    for expert, mark in zip(EXPERTS, (86, 88, 90), strict=True):
        oversight.scores(town[expert], units, mark)

    portal.go_on_to("2026-02-09")
    oversight.moves_on(town["commission"], round_, "结束评分")
    oversight.moves_on(town["commission"], round_, "将结果送单位确认")
    for name, unit in (("office", UNIT), ("neighbour", OTHER_UNIT)):
        oversight.confirms_result(town[name], unit)
    oversight.decides_and_publishes(town["commission"], round_)

    portal.go_on_to("2026-03-09")
    oversight.moves_on(town["commission"], round_, "归档并封存")


def report(town, portal):
    oversight.writes_annual_report(town["office"])
    oversight.takes_in(town["commission"], UNIT)


def audit(town, portal):
    case = own_case()
    task_write_anchor()
    oversight.reads_the_log(town["auditor"])
    whole = oversight.verify_audit(portal)
    assert (whole.returncode, whole.stderr) == (0, "")

    number = oversight.change_one_byte(portal, case)
    broken = oversight.verify_audit(portal)
    assert broken.returncode == 1
    assert f"{case.code}, event {number}: it or one before it was changed" in broken.stderr
