"""What the people of a fair do in their browsers, in the words on their buttons."""

from dataclasses import dataclass

from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction

from events.fairs.models import Fair
from events.fairs.tasks import task_sweep as sweep_fairs
from events.meetings.models import MeetingRequest
from events.meetings.tasks import task_sweep as sweep_meetings
from events.registration.models import Registration
from events.registration.tasks import task_sweep as sweep_registrations
from events.timetable.models import ScheduleVersion
from events.timetable.tasks import task_sweep as sweep_timetables
from matchmaking.interests.models import Interest
from portal.accounts.enums import MembershipRole, OrganizationKind, PortalRole, VerificationLevel
from portal.accounts.models import RoleGrant, User
from portal.site.services import create_site_tree
from tests.e2e.people import Person, press
from tests.factories.accounts import MembershipFactory, OrganizationFactory, UserFactory
from tests.factories.closed_listings import index_everything
from tests.factories.listings import Institute
from tests.factories.second_step import SECRET

TITLE, SUMMARY = "湖畔新材料对接会", "企业带着需求来，院所当面回应。"
DAY = "2025-04-08"


@dataclass(frozen=True)
class Guest:
    """Somebody who takes part: as what, for whom, and what is offered or sought."""

    name: str
    organization: str
    role: str
    title: str

    @property
    def entry(self) -> dict:
        """A need in own words, or the institute's achievement."""
        return {"seek_0_title": self.title} if self.role == "ENTERPRISE" else {"pages": [0]}


GUESTS = {
    "film": Guest("周远", "湖畔电子有限公司", "ENTERPRISE", "石墨烯导热膜与碳化硅衬底"),
    "wafer": Guest("沈默", "对岸半导体有限公司", "ENTERPRISE", "低缺陷碳化硅衬底"),
    "late": Guest("方正", "北岸装备有限公司", "ENTERPRISE", "耐高温轴承涂层"),
    "carbon": Guest("吴晴", "湖畔材料研究院", "INSTITUTE", "石墨烯导热膜连续制备"),
    "crystal": Guest("林知远", "滨江晶体研究所", "INSTITUTE", "碳化硅衬底生长工艺"),
    "coating": Guest("苏小满", "湖城表面工程学院", "INSTITUTE", "低温等离子轴承涂层"),
}


def settle() -> dict[str, User]:
    """Write who there is before the fair: its organizer, a reviewer, six who will come."""
    index_everything()
    with transaction.atomic():
        create_site_tree()
        organizer = OrganizationFactory(
            name="湖城会展服务中心",
            kind=OrganizationKind.INTERMEDIARY,
            verification_level=VerificationLevel.LICENCE,
        )
        people = {"organizer": _member(organizer, "顾桥"), "reviewer": _reviewer()}
        for name, guest in GUESTS.items():
            people[name] = _guest(guest)
        return people


def _member(organization, name: str) -> User:
    user = MembershipFactory(organization=organization, role=MembershipRole.OWNER).user
    User.objects.filter(pk=user.pk).update(name=name)
    return user


def _guest(guest: Guest) -> User:
    """Companies have an office; institutes also a published achievement that they will offer."""
    if guest.role == "ENTERPRISE":
        kind = OrganizationKind.ENTERPRISE
        return _member(OrganizationFactory(name=guest.organization, kind=kind), guest.name)
    institute = Institute(guest.organization)
    institute.published(title=guest.title)
    User.objects.filter(pk=institute.owner.pk).update(name=guest.name)
    return institute.owner


def _reviewer() -> User:
    user = UserFactory(name="审核员")
    TOTP.activate(user, SECRET)
    RoleGrant.objects.create(user=user, role=PortalRole.REVIEWER)
    return user


def own_fair() -> Fair:
    return Fair.objects.get()


def desk(path: str = "") -> str:
    return f"/workspace/fairs/{own_fair().code}/{path}"


def hall(path: str = "") -> str:
    return f"/fairs/{own_fair().code}/{path}"


def registration_of(guest: str) -> Registration:
    return Registration.objects.get(name=GUESTS[guest].name)


def plans(organizer: Person) -> None:
    """From six facts to a plan in which nothing is missing."""
    organizer.visit("/workspace/fairs/new/")
    organizer.fill_in(
        "保存并继续",
        title=TITLE,
        kind="MATCHMAKING",
        starts_at=f"{DAY}T09:00",
        ends_at=f"{DAY}T17:00",
        venue="会展中心二号厅",
        district={"label": "拱墅区"},
    )
    organizer.visit(desk("plan/basics/"))
    organizer.fill_in(
        "保存并继续", summary=SUMMARY, body="先约后谈，每场二十分钟。", industries=[0]
    )
    organizer.fill_in("保存并继续", address="湖墅南路1号")
    organizer.visit(desk("plan/dates/"))
    organizer.fill_in(
        "保存并继续",
        registration_opens_at="2025-03-04T09:00",
        registration_closes_at="2025-04-01T18:00",
        requests_open_at="2025-03-10T09:00",
        requests_close_at="2025-04-03T18:00",
        schedule_publish_at="2025-04-05T18:00",
        scheduling_mode="ORGANIZER",
        request_mode="OPT_IN",
    )
    organizer.visit(desk("plan/people/"))
    organizer.fill_in("保存并继续", capacity="20", places_ENTERPRISE="2")
    organizer.visit(desk("grid/"))
    organizer.fill_in(
        "生成时段",
        name="上午场",
        starts_at=f"{DAY}T09:15",
        slot_minutes="20",
        gap_minutes="5",
        count="4",
    )
    organizer.visit(desk("tables/"))
    organizer.fill_in("批量添加洽谈位", letter="A", count="3", accessible="1")
    organizer.visit(desk("check/"))
    press(organizer.page, "提交审核")
    press(organizer.page, "提交审核")


def announces(reviewer: Person) -> None:
    reviewer.visit(desk())
    press(reviewer.page, "审核通过并发布")
    press(reviewer.page, "审核通过并发布")
    reviewer.reads("已发布")


def registers(person: Person, guest: Guest) -> None:
    person.visit(hall("register/"))
    press(person.page, "开始填写")
    person.fill_in("保存并继续", role=guest.role, name=guest.name, post="工程师")
    person.fill_in("保存并继续", headline=guest.title)
    person.fill_in("保存并继续", **guest.entry)
    person.visit(hall("register/check/"))
    person.fill_in("提交报名", FAIR_ORGANIZER=[0], FAIR_PEERS=[0])


def decides(organizer: Person, button: str, *guests: str) -> None:
    organizer.visit(desk("people/"))
    for guest in guests:
        organizer.page.check(f"input[name=registration][value='{registration_of(guest).pk}']")
    press(organizer.page, button)


def gives_up(person: Person) -> None:
    person.visit(hall("registration/"))
    press(person.page, "撤回报名")


def takes_the_place(person: Person) -> None:
    person.visit(hall("registration/"))
    press(person.page, "确认席位")


def asks(person: Person, guest: str, wish: str, *reasons: str) -> None:
    """Follow a suggestion, with its reasons, to a request."""
    person.visit(hall("meetings/"))
    person.reads(GUESTS[guest].name, *reasons)
    press(person.page, f"发起约谈 {GUESTS[guest].name}")
    person.page.check(f"input[name=priority][value={wish}]")
    person.fill_in("发出约谈", message="想看样品")
    person.reads("约谈已发出")


def answers(person: Person, guest: str) -> None:
    request = MeetingRequest.objects.get(from_registration=registration_of(guest))
    person.visit(f"/meetings/requests/{request.pk}/")
    press(person.page, "接受约谈")


def sweep() -> None:
    """What the clock does every few minutes."""
    for task in (sweep_fairs, sweep_registrations, sweep_meetings, sweep_timetables):
        task()


def finds_no_obstacle(organizer: Person, requests: int) -> None:
    organizer.visit(desk())
    press(organizer.page, "截止约谈并开始排程")
    press(organizer.page, "截止约谈并开始排程")
    organizer.visit(desk("schedule/check/"))
    organizer.reads("可行性检查", f"{requests} 已同意的约谈", "没有障碍")


def calculates(organizer: Person, comment: str) -> None:
    """The job runs as soon as the form is sent; the page says how good the schedule is."""
    organizer.visit(desk("schedule/new/"))
    organizer.fill_in("开始", seconds="5", comment=comment)
    organizer.reads("已证明最优，校验通过")


def moves_by_hand(organizer: Person, guest: str, slot: int) -> None:
    """Copy the last version, and put a guest's meeting into the last slot by the form."""
    press(organizer.page, "复制后人工调整")
    organizer.page.get_by_role("link", name=GUESTS[guest].organization).first.click()
    organizer.page.select_option("select[name=slot]", index=slot)
    press(organizer.page, "移动")
    organizer.reads("已保存")
    organizer.visit(desk(f"schedule/{last_version().number}/"))


def publishes(organizer: Person, told: int) -> None:
    press(organizer.page, "发布并通知")
    organizer.reads(f"立即通知{told}人")
    press(organizer.page, "发布并通知")
    organizer.reads(f"正在通知{told}人")


def last_version() -> ScheduleVersion:
    return own_fair().schedule_versions.order_by("number").last()


def reports_ill(organizer: Person, guest: str) -> None:
    organizer.visit(desk("schedule/changes/"))
    organizer.fill_in(
        "登记", kind="ABSENT", registration=str(registration_of(guest).pk), note="发烧"
    )


def opens_a_door(organizer: Person) -> str:
    """Set up a gate, and make the link for those who will stand there."""
    organizer.visit(desk("check-in/gates/0/"))
    organizer.fill_in("保存", name="东门")
    organizer.visit(desk("check-in/duties/"))
    organizer.page.fill("input[name=l-name]", "东门志愿者")
    press(organizer.page, "生成链接")
    return organizer.page.locator("main a[href*='/door/enter/']").get_attribute("href")


def checks_in_without_network(volunteer, link: str, *guests: str) -> None:
    """The list is on the phone; the network goes, tickets are held up, and later it is sent."""
    volunteer.goto(link)
    press(volunteer, "开始")
    volunteer.wait_for_selector("[data-ready]")
    volunteer.context.set_offline(True)
    for number, guest in enumerate(guests, start=1):
        volunteer.fill("#code", registration_of(guest).ticket)
        press(volunteer, "核验")
        volunteer.locator("[data-queue]").get_by_text(f"{number}条记录待上传").wait_for()
    volunteer.context.set_offline(False)
    press(volunteer, "立即上传")
    volunteer.locator("[data-queue]").get_by_text("记录已全部上传").wait_for()


def sees_a_cooperation(company: Person, other: str) -> None:
    """Two taps, the outcome and done, lead to an interest that is filled in for the most part."""
    company.visit(hall("meetings/feedback/"))
    panel = company.page.locator("section.after", has_text=GUESTS[other].name)
    panel.locator("input[name=outcome][value=COOPERATION]").check()
    panel.get_by_role("button", name="完成").click()
    company.reads("有合作可能：发出意向", GUESTS[other].title)
    company.fill_in("发出意向", purpose="在手机散热模组上试用。")
    company.reads("2025-04-16")


def agrees_to_talk(office: Person) -> None:
    office.visit(Interest.objects.get().get_absolute_url())
    press(office.page, "同意洽谈")
    office.fill_in("同意洽谈", text="样品本周寄出。")


def opens_the_case(office: Person) -> None:
    office.visit(Interest.objects.get().get_absolute_url())
    press(office.page, "转化案例立案")
    press(office.page, "立案")
    office.reads("案例已建立", TITLE)
