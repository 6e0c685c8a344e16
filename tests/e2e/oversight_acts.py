"""What the commission, the experts and the auditor do with what the ledger holds."""

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import expect

from matchmaking.cases.models import ConversionCase
from matchmaking.evaluation.models import Round
from tests.e2e.people import Person, press

ROOT = Path(__file__).parents[2]


def opens_the_number(commission: Person, case: ConversionCase) -> None:
    """The contracts of the year are this one case's; the number opens it."""
    commission.follow("/workspace/", "监管", "指标")
    commission.fill_in("筛选", year="2025")
    row = commission.page.locator("tbody tr", has_text="K1 ").first
    expect(row).to_contain_text(re.compile(r"100\s*万元"))
    row.locator("td.number a").click()
    expect(commission.page.locator("main tbody tr")).to_have_count(1)
    press(commission.page, case.title)
    commission.reads(case.code, "产业化")
    labels = commission.page.locator(".ledger__facts dt").all_inner_texts()
    assert [label for label in labels if label.isascii()] == []


def begins_round(commission: Person) -> None:
    commission.follow("/workspace/", "评估方案")
    begin = commission.page.get_by_role("button", name="据此起草 高校院所成果转化绩效评估")
    begin.click()
    commission.reads("草稿")
    press(commission.page, "发布生效")
    commission.follow("/workspace/", "评估管理", "新建评估")
    commission.fill_in(
        "开始征集",
        scheme={"label": "高校院所成果转化绩效评估"},
        title="2025年度成果转化绩效评估",
        year="2025",
        experts_per_subject="3",
        report_until="2026-01-23",
        score_until="2026-02-06",
        answer_until="2026-02-13",
    )
    commission.reads("已开始征集。")


def ticks(person: Person, *labels: str) -> None:
    for label in labels:
        person.page.get_by_label(label).check()


def gathers(commission: Person, round_: Round, units: list[str], experts: list[str]) -> None:
    commission.follow(round_.get_absolute_url(), "列入被评对象")
    ticks(commission, *units)
    press(commission.page, "列入所选")
    for expert in experts:
        commission.follow(round_.get_absolute_url(), "专家与抽取")
        commission.fill_in("检索", q=expert)
        ticks(commission, expert)
        press(commission.page, "加入专家库")
    moves_on(commission, round_, "通知单位自评")


def moves_on(commission: Person, round_: Round, button: str) -> None:
    commission.follow(round_.get_absolute_url(), button)
    commission.reads("已进入下一环节。")


def reports_for_unit(office: Person, unit: str, *, received: str) -> None:
    """The ledger's figures stand in the form; the unit adds what the ledger cannot know."""
    office.follow("/workspace/", "本单位评估", unit, "填写自评")
    in_ledger = office.page.get_by_role("group", name="台账到账金额")
    expect(in_ledger).to_contain_text(received)
    outside = office.page.get_by_role("group", name="台账外到账金额")
    outside.locator("input[name^=value]").fill("0")
    outside.locator("textarea").fill("全部合同均已在平台建案")
    press(office.page, "以单位名义提交")
    office.reads("已提交。")


def declares_no_interest(expert: Person, round_: Round) -> None:
    expert.follow("/workspace/", "我的评审", round_.label, "申报")
    expert.reads("已申报，谢谢。")


def checks_and_draws(commission: Person, round_: Round, units: list[str]) -> None:
    moves_on(commission, round_, "开始形式审查")
    for unit in units:
        commission.follow(round_.get_absolute_url(), unit, "通过")
    commission.follow(round_.get_absolute_url(), "专家与抽取")
    commission.fill_in("抽取专家", seed="福彩3D 2026016期 385")
    commission.reads("专家已抽取。", "385")
    moves_on(commission, round_, "交专家评分")


def scores(expert: Person, units: list[str], mark: int) -> None:
    for unit in units:
        expert.follow("/workspace/", "我的评审", unit)
        expert.page.locator("main textarea[name=opinion]").fill("台账清楚，兑现及时。")
        for box in expert.page.locator("main input[name^=value]").all():
            box.fill(str(mark))
        press(expert.page, "正式提交")
        expert.reads("已提交。")


def confirms_result(office: Person, unit: str) -> None:
    office.follow("/workspace/", "本单位评估", unit)
    office.reads("台账清楚，兑现及时。")
    press(office.page, "确认结果")


def decides_and_publishes(commission: Person, round_: Round) -> None:
    commission.visit(round_.get_absolute_url())
    commission.page.locator("#decision").fill("同意评估结果。")
    press(commission.page, "审定")
    moves_on(commission, round_, "公示结果")


def writes_annual_report(office: Person) -> None:
    office.follow("/workspace/", "年度报告", "由台账生成")
    office.reads("100 万元", "62.3 万元")
    path = office.page.url
    for link in office.page.locator("#sign ~ p a").all_inner_texts():
        office.follow(path, link)
        office.fill_in("保存数值", value="2", reason="科研管理部门统计")
    office.follow(path, "确认报送")
    office.reads("单位已确认")


def takes_in(commission: Person, unit: str) -> None:
    commission.follow("/workspace/", "年度报告", unit, "接收")
    commission.follow("/workspace/", "年度报告")
    commission.reads("1 主管部门已接收", "100 万元")


def verify_audit(portal) -> subprocess.CompletedProcess:
    """The auditor's command, in a process of its own over the portal's database and files."""
    return subprocess.run(
        [sys.executable, "manage.py", "verify_audit"],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "portal.settings.demo",
            "PORTAL_VAR": str(portal.with_files()),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def change_one_byte(portal, case: ConversionCase) -> int:
    """Make 1,000,000 yuan of the price 9,000,000, as whoever holds the database file could.

    Returns the number of the event that lies now.
    """
    event = case.events.get(kind="PRICE_SET")
    with sqlite3.connect(portal.database) as database:
        database.execute("DROP TRIGGER cases_caseevent_no_update")
        changed = database.execute(
            """UPDATE cases_caseevent SET payload = replace(payload, '"1000000', '"9000000')
            WHERE id = ?""",
            [event.pk],
        )
        assert changed.rowcount == 1
    database.close()
    return event.sequence


def reads_the_log(auditor: Person) -> None:
    auditor.visit("/workspace/")
    auditor.reads("案例台账锚点 2026-03-09", "SHA-256")
    auditor.follow(auditor.page.url, "审计日志", "校验链条")
    auditor.reads("链条完整，未见改动。", "接收年度报告")
