"""What the people of Lake Town do, act by act: each function is one person's visit."""

from datetime import date
from urllib.parse import urlsplit

from playwright.sync_api import expect

from matchmaking.cases.models import ConversionCase, PricePublicity
from matchmaking.interests.models import Interest
from matchmaking.models import Need
from portal.disclosure.models import ConfidentialityAgreement
from tests.e2e.lake_town import TITLE
from tests.e2e.people import Person, answer, press

ALSO_POSSIBLE = "也可以办理"


def finds_match(company: Person, need: Need) -> None:
    company.follow("/workspace/", "我的需求", need.title, "查看匹配结果")
    best = company.page.locator(".candidate").first
    expect(best.locator("h3")).to_contain_text(TITLE)
    company.follow(company.page.url, "为何匹配")
    company.reads("导热膜", "面内导热系数")


def expresses_interest(company: Person) -> None:
    company.follow(company.page.url, "表达意向")
    company.fill_in(
        "发出意向",
        purpose="手机散热模组减薄到0.1毫米后返修率上升，想在现有产线上试用。",
        ask="寄送三种厚度的样品各五片，并说明转让条件。",
        offer="提供整机散热测试台和完整测试数据。",
        shares_contact=[0],
    )
    company.reads("2025-03-10")


def answers_in_time(office: Person) -> None:
    office.follow("/workspace/", "收到的意向", TITLE, "同意洽谈")
    office.fill_in("同意洽谈", text="欢迎试用，样品本周寄出。", shares_contact=[0])
    office.reads("已答复", "陈立")


def writes_on(researcher: Person, interest: Interest) -> None:
    researcher.visit(interest.get_absolute_url())
    researcher.fill_in("发送消息", text="样品已备好，附检测报告。", attachments="检测报告.pdf")
    researcher.reads("检测报告.pdf")


def proposes_secrecy(company: Person, interest: Interest) -> None:
    company.follow(interest.get_absolute_url(), "提出保密协议")
    company.fill_in(
        "提出保密协议",
        purpose="评估能否受让这项成果。",
        starts_on="2025-03-06",
        ends_on="2027-03-05",
    )


def signs_secrecy(person: Person, agreement: ConfidentialityAgreement) -> None:
    person.visit(agreement.get_absolute_url())
    person.fill_in("代表本机构签署", code=person.next_code())


def opens_case(office: Person, interest: Interest) -> None:
    office.follow(interest.get_absolute_url(), "转化案例立案")
    office.fill_in("立案", contact_name="陈立", contact_email="chen@lake.example")
    office.reads(
        "案例已建立，已通知对方。", "林知远", "苏小满", "签署保密协议", "有效期至 2027-03-05"
    )


def calls_in_broker(office: Person, case: ConversionCase) -> None:
    office.follow(case.get_absolute_url(), "变更参与方")
    office.fill_in("增加", role="BROKER", name="湖城技术转移中心")
    office.reads("参与方已加入。")


def enters(person: Person, case: ConversionCase, step: str, **answers) -> None:
    """Choose a step on the case's page, fill in its form, and see it in the ledger."""
    person.visit(case.get_absolute_url())
    link = person.page.get_by_role("link", name=step, exact=True)
    if not link.count():
        person.page.get_by_text(ALSO_POSSIBLE).click()
    press(person.page, step)
    person.fill_in("登记这一步", **answers)
    person.reads(f"已登记“{step}”")


def waits_for(person: Person, case: ConversionCase, step: str, reason: str) -> None:
    """The step cannot be made yet, and the case's page says why."""
    person.visit(case.get_absolute_url())
    blocked = person.page.locator(".moves__blocked", has_text=step)
    expect(blocked).to_contain_text(reason)


def objects_to_price(rival: Person, publicity: PricePublicity) -> None:
    rival.follow("/publicity/", publicity.name)
    rival.reads("1,000,000.00", "院公告栏")
    rival.follow("/workspace/")
    rival.visit(publicity.get_absolute_url())
    rival.fill_in("提交异议", text="同类成果去年挂牌价为一百二十万元，协议价偏低。")
    rival.reads("异议已送达权利方，处理结果会通知您。")


def is_told(person: Person, title: str, *texts: str) -> None:
    """The message of this title waits among the person's messages and leads on."""
    person.follow("/workspace/", title)
    person.reads(*texts)


def signs(company: Person, case: ConversionCase, *, on: date) -> None:
    enters(
        company,
        case,
        "签订合同",
        valid_from=f"{on}",
        valid_to=f"{on.replace(year=on.year + 2)}",
        total_amount="1000000",
        technology_amount="900000",
        payment_terms="LUMP",
        ownership="TAKER",
        attachments="转让合同.pdf",
        **{"rows-0-due_on": f"{on}", "rows-0-amount": "1000000"},
    )


def shares_the_income(office: Person, case: ConversionCase) -> None:
    """The worked example of the rule: 1,000,000 leave a pool of 623,000 at least."""
    office.visit(case.get_absolute_url())
    press(office.page, "确定奖励分配")
    answer(
        office.page,
        {
            "costs": "80000",
            "taxes": "30000",
            "pool": "623000",
            "rows-0-weight": "70",
            "rows-1-weight": "25",
            "rows-2-name": "成果转化办公室",
            "rows-2-weight": "5",
        },
    )
    press(office.page, "测算")
    office.reads("436,100.00", "31,150.00")
    press(office.page, "登记这一步")
    office.reads("已登记“确定奖励分配”", "155,750.00")


def answers_follow_up(page, mail) -> None:
    """The taker's contact opens the mail's link, without any account."""
    assert mail.to == ["chen@lake.example"]
    [link] = [line for line in mail.body.splitlines() if line.startswith("http")]
    page.goto(urlsplit(link).path)
    answer(page, {"in_use": "1", "sales": "3600000", "tax": "210000", "jobs": "12"})
    press(page, "提交答复")
    expect(page.get_by_text("感谢您的答复。")).to_have_count(1)
