"""Fairs behind the announcements: one over, one taking requests, one tomorrow, exhibitions."""

import random
from datetime import datetime, time, timedelta

from django.utils import timezone

from events.enums import FairKind
from events.fairs.enums import (
    FairState,
    ListVisibility,
    ParticipantRole as Role,
    SlotKind,
    TableKind,
)
from events.fairs.models import (
    Fair,
    MeetingSession,
    MeetingTable,
    RoleCapacity,
    RolePair,
    Slot,
)
from events.fairs.services.grid import lay_out
from events.fairs.services.planning import CODE_PREFIX, FIRST_ROLES, OFFERING, SEEKING
from events.models import FairPage
from events.registration.enums import (
    QuestionKind,
)
from events.registration.models import (
    Question,
    Registration,
)
from portal.accounts.models import Membership, Organization, User
from portal.taxonomy.services import assign_code

from .fair_aftermath import AftermathSeeder
from .fair_doors import seed_doors
from .fair_people import PeopleSeeder, Plan
from .fair_reports import seed_reports
from .fair_requests import seed_requests
from .fair_schedule import seed_schedule

MORNING, AFTERNOON, SLOTS, TEA_BREAK = time(9, 15), time(13, 30), 8, 4


PLANS = {
    "fair-textile-green-dyeing": Plan(FairState.CLOSED, 64, address="临平区藕花洲大街西段"),
    "fair-county-food-exhibition": Plan(
        FairState.CLOSED, 48, tables=0, address="建德市新安江街道严州大道"
    ),
    "fair-fibre-materials-day": Plan(
        FairState.SCHEDULING,
        120,
        capacity=150,
        tables=36,
        with_exhibition=True,
        address="临平区东湖街道星河路",
    ),
    "fair-auto-parts-day": Plan(
        FairState.BOOKING, 84, capacity=90, enterprises=36, address="萧山区市心北路与建设三路口"
    ),
    "fair-creative-tools-show": Plan(
        FairState.REG_OPEN,
        40,
        capacity=200,
        tables=0,
        is_approved_by_hand=False,
        address="滨江区长河街道江南大道南侧",
    ),
    "fair-lake-tourism-matchmaking": Plan(
        FairState.REG_OPEN, 16, capacity=64, tables=8, address="淳安县千岛湖镇环湖北路"
    ),
    "fair-finance-ip-pledge": Plan(
        FairState.PUBLISHED, 0, opens=40, tables=10, address="上城区四季青街道富春路"
    ),
}


def seed_fairs(organizations: dict[str, Organization], broker: User) -> int:
    """Give every announced fair its plan and its people; return how many registered."""
    organizer = organizations["textile-inst-1"]
    owner = Membership.objects.owners().filter(organization=organizer).order_by("pk")[0].user
    members = list(
        Membership.objects.active()
        .select_related("user", "organization")
        .prefetch_related("organization__industries")
        .order_by("pk")
    )
    pages = FairPage.objects.filter(slug__in=PLANS).order_by("starts_at")
    for page in pages:
        seeder = FairSeeder(page, PLANS[page.slug], organizer, owner)
        seeder.seed(members)
        if seeder.fair.state == FairState.CLOSED and seeder.fair.has_meetings:
            AftermathSeeder(seeder.fair, broker).seed()
    seed_reports(owner)
    return Registration.objects.count()


class FairSeeder:
    """Writes one fair in a few bulk inserts; the same page and people give the same fair."""

    def __init__(self, page: FairPage, plan: Plan, organizer: Organization, owner: User) -> None:
        self.page, self.plan, self.owner = page, plan, owner
        self.chance = random.Random(page.slug)  # noqa: S311  a demo, the same every time
        self.now = timezone.now()
        self.fair = self._fair(organizer)

    def seed(self, members: list[Membership]) -> None:
        self._rules()
        slots = self._grid() if self.fair.has_meetings else []
        PeopleSeeder(self.fair, self.plan, self.owner, self.chance).seed(members, slots)
        seed_doors(self.fair, self.owner, self.chance)
        if self.plan.state in {FairState.BOOKING, FairState.SCHEDULING}:
            seed_requests(self.fair)
        if self.plan.state == FairState.SCHEDULING:
            seed_schedule(self.fair, self.owner)

    def _day(self, days: int) -> datetime:
        return self.page.starts_at + timedelta(days=days)

    def _fair(self, organizer: Organization) -> Fair:
        plan = self.plan
        [code] = assign_code(prefix=CODE_PREFIX)
        return Fair.objects.create(
            code=code,
            page=self.page,
            organizer=organizer,
            state=plan.state,
            address=plan.address,
            directions="地铁站步行约十分钟，东门有无障碍坡道，地下停车场免费停放。",
            languages=["zh", "en"],
            capacity=plan.capacity,
            registration_opens_at=self._day(-plan.opens),
            registration_closes_at=self._day(-1)
            if plan.state == FairState.SCHEDULING
            else self._day(-3),
            requests_open_at=self._day(-21) if self._has_meetings else None,
            requests_close_at=self._day(-2) if self._has_meetings else None,
            schedule_publish_at=self._day(-1) if self._has_meetings else None,
            needs_approval=plan.is_approved_by_hand,
            with_exhibition=plan.with_exhibition,
            list_public=ListVisibility.WITH_CONSENT,
            list_participants=ListVisibility.SHOW_ALL,
            display_after_days=240 if plan.state == FairState.CLOSED else 120,
            created_by=self.owner,
            submitted_by=self.owner,
            created_at=self._day(-plan.opens - 20),
        )

    @property
    def _has_meetings(self) -> bool:
        return self.page.kind == FairKind.MATCHMAKING

    def _rules(self) -> None:
        limits = {Role.ENTERPRISE: self.plan.enterprises}
        RoleCapacity.objects.bulk_create(
            RoleCapacity(fair=self.fair, role=role, capacity=limits.get(role))
            for role in (*FIRST_ROLES, Role.MEDIA)
        )
        pairs = [(one, other) for one in SEEKING for other in OFFERING]
        RolePair.objects.bulk_create(
            RolePair(fair=self.fair, asking=one, asked=other)
            for pair in pairs
            for one, other in (pair, pair[::-1])
        )
        Question.objects.bulk_create(
            [
                Question(
                    fair=self.fair,
                    order=1,
                    kind=QuestionKind.CHOICE,
                    label="午餐",
                    label_en="Lunch",
                    choices=["普通餐", "素食", "清真", "不用餐"],
                    is_required=True,
                ),
                Question(
                    fair=self.fair,
                    order=2,
                    label="希望带走什么结果",
                    label_en="What you want to leave with",
                ),
            ]
        )

    def _grid(self) -> list[Slot]:
        """A morning and an afternoon, each with a tea break in the middle."""
        day, slots = timezone.localtime(self.page.starts_at), []
        for name, name_en, start in (
            ("上午场", "Morning", MORNING),
            ("下午场", "Afternoon", AFTERNOON),
        ):
            starts_at = day.replace(hour=start.hour, minute=start.minute)
            session = MeetingSession.objects.create(
                fair=self.fair, name=name, name_en=name_en, starts_at=starts_at
            )
            times = lay_out(starts_at, minutes=20, gap=5, count=SLOTS)
            slots += [
                Slot(
                    session=session,
                    index=index,
                    starts_at=begins,
                    ends_at=ends,
                    kind=SlotKind.BREAK if index == TEA_BREAK else SlotKind.MEETING,
                    label="茶歇" if index == TEA_BREAK else "",
                )
                for index, (begins, ends) in enumerate(times, start=1)
            ]
        MeetingTable.objects.bulk_create(
            MeetingTable(
                fair=self.fair,
                code=f"{'AB'[number % 2]}{number // 2 + 1:02d}",
                kind=TableKind.TABLE,
                zone=("东侧", "西侧")[number % 2],
                is_accessible=number < 4,
            )
            for number in range(self.plan.tables)
        )
        return Slot.objects.bulk_create(slots)
