"""The main job from the first word to the re-ranked match, with JavaScript and without."""

import pytest
from playwright.sync_api import expect

from tests.e2e.people import answer, press, reload_until, sign_in

pytestmark = pytest.mark.browser

ACHIEVEMENT = {
    "summary": "高盐水处理用石墨烯复合膜，脱盐率98.5%，通量提高40%",
    "achievement_class": "APPLIED",
    "form": "MATERIAL",
    "industries": [7],
    "technical_fields": [4],
    "keywords": "石墨烯，高盐水，膜分离",
    "description": "以氧化石墨烯为功能层，在聚砜支撑膜上构筑层间距可控的分离通道，"
    "对高盐水中的钠、镁离子截留率稳定，连续运行2000小时通量衰减小于8%。",
    "scenarios": "印染、煤化工、电镀企业的高盐水回用",
    "stage": "MIDDLE",
    "trl_scale": "NINE",
    "trl_level": "6",
    "trl_evidence": "中试线连续运行记录",
    "indicators-0-name": "脱盐率",
    "indicators-0-value": "≥98.5",
    "indicators-0-unit": "%",
    "comparison_today": "进口聚酰胺反渗透膜",
    "comparison_gain": "通量提高40%，清洗周期由15天延长到45天",
    "modes": [2],
    "price_min": "300000",
    "price_max": "800000",
}
VAGUE_NEED = {"problem": "想采购一套好用的石墨烯膜设备。", "kind": "RND"}
REPAIRED_NEED = {
    "problem": "印染车间每天产生约120吨高盐水，含盐量3.5%，现用进口反渗透膜通量衰减快，"
    "每15天就要停机清洗一次，全年停产损失约60万元。希望用石墨烯等新型膜分离材料提高脱盐率和通量，"
    "并把清洗周期延长到一个月以上，处理后的水能够回用到漂洗工序。",
    "current_solution": "进口聚酰胺反渗透膜，清洗频繁，三年更换一次",
    "constraints": "场地20平方米，进水温度不高于45℃",
    "targets-0-metric": "脱盐率",
    "targets-0-operator": "GE",
    "targets-0-value": "98",
    "targets-0-unit": "%",
    "note": "已把设备采购改写为技术问题，并补充了指标。",
}


@pytest.fixture
def people(open_browser, java_script):
    """Return a function that gives each signed-in person one browser of their own."""
    pages = {}

    def person(name: str):
        if name not in pages:
            pages[name] = open_browser(java_script_enabled=java_script)
            sign_in(pages[name], name)
        return pages[name]

    yield person
    assert {name: page.complaints for name, page in pages.items() if page.complaints} == {}


@pytest.mark.parametrize("java_script", [True, False], ids=["with script", "without script"])
def test_main_job(people, open_browser, java_script):
    number = "甲" if java_script else "乙"
    achievement = f"石墨烯复合脱盐膜{number}型"
    english = f"Graphene desalination membrane {'one' if java_script else 'two'}"
    need = f"高盐水回用{number}"

    _researcher_writes(people("researcher"), achievement, english)
    _reviewer_approves(people("office"), achievement)
    _reviewer_approves(people("reviewer"), achievement)
    code = _enterprise_asks(people("enterprise"), need)
    _broker_repairs(people("broker"), code)
    _company_accepts(people("enterprise"), code)
    _platform_publishes(people("reviewer"), code)
    _company_judges_matches(people("enterprise"), code, achievement)

    visitor = open_browser(java_script_enabled=java_script)
    for query in ("石墨烯脱盐膜", english, "shimoxi"):
        title = f".result__title:has-text('{achievement}')"
        reload_until(visitor, f"/achievements/?q={query}", title)
    if java_script:
        _visitor_types_initials(visitor)
    assert visitor.complaints == []


def _researcher_writes(page, title: str, english: str) -> None:
    page.goto("/workspace/")
    press(page, "发布成果")
    answer(page, {"title": title})
    press(page, "开始")
    while "/check/" not in page.url:
        answer(page, ACHIEVEMENT | {"title_en": english})
        press(page, "添加或继续" if "/files/" in page.url else "保存并继续")
    expect(page.locator("main [role=alert]")).to_have_count(0)
    press(page, "提交单位审核")
    expect(page.locator(".workspace__main .badge").first).to_have_text("单位审核中")


def _reviewer_approves(page, title: str) -> None:
    page.goto("/workspace/reviews/")
    page.get_by_role("link", name=title).click()
    page.wait_for_url("**/workspace/reviews/*/")
    answer(page, {"decision": "approve"})
    press(page, "记录审核结论")
    page.wait_for_url("**/workspace/reviews/")
    expect(page.locator("main").get_by_text(title)).to_have_count(0)


def _enterprise_asks(page, title: str) -> str:
    page.goto("/workspace/")
    press(page, "填写技术需求")
    answer(page, {"title": title})
    press(page, "开始")
    while "/check/" not in page.url:
        answer(page, VAGUE_NEED)
        press(page, "保存并继续")
    press(page, "提交")
    expect(page.get_by_text("技术经理人处理中")).to_have_count(1)
    return page.url.rstrip("/").rsplit("/", 1)[1]


def _broker_repairs(page, code: str) -> None:
    page.goto(f"/needs/{code}/")
    press(page, "为企业改写")
    answer(page, REPAIRED_NEED)
    press(page, "发送给企业")


def _company_accepts(page, code: str) -> None:
    page.goto(f"/needs/{code}/")
    press(page, "对照技术经理人的改写")
    expect(page.locator("input[name=accept]")).to_have_count(4)
    press(page, "全部采用并提交")
    expect(page.get_by_text("平台审核中").first).to_be_visible()


def _platform_publishes(page, code: str) -> None:
    page.goto(f"/needs/{code}/")
    answer(page, {"decision": "approve"})
    press(page, "记录审核结论")


def _company_judges_matches(page, code: str, title: str) -> None:
    report = f"/needs/{code}/matches/"
    reload_until(page, report, f".candidate:has-text('{title}')")
    best = page.locator(".candidate").first
    expect(best.locator("h3")).to_contain_text(title)
    assert {"石墨烯", "脱盐率"} <= set(best.locator("mark").all_inner_texts())
    titles = page.locator(".candidate h3").all_inner_texts()
    for position, text in enumerate(titles[:5]):
        expect(page.get_by_text("已按您的评价调整顺序。")).to_have_count(0)
        candidate = page.locator(".candidate", has=page.get_by_role("heading", name=text.strip()))
        verdict = "非常相关" if position == 0 else "不相关"
        candidate.get_by_role("button", name=verdict, exact=True).click()
        expect(page.get_by_text("您的评价已记录。")).to_have_count(1)
    reload_until(page, report, "text=已按您的评价调整顺序。")
    assert page.locator(".candidate h3").all_inner_texts() != titles


def _visitor_types_initials(page) -> None:
    page.goto("/")
    page.locator("main [data-combobox]").press_sequentially("smx")
    page.get_by_role("option").filter(has_text="石墨烯").first.wait_for()
