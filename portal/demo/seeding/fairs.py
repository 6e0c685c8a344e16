"""Fairs behind the announcements: one over, one taking requests, one tomorrow, exhibitions."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone

from achievements.models import AchievementPage
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
    AvailabilityState,
    BusyReason,
    EntryKind,
    QuestionKind,
    RegistrationState as State,
    Source,
)
from events.registration.models import (
    Answer,
    Availability,
    Entry,
    Question,
    Registration,
    WaitEntry,
)
from matchmaking.enums import Confidentiality
from matchmaking.models import Need
from portal.accounts.enums import FAIR_PURPOSES, OrganizationKind
from portal.accounts.models import Consent, ConsentText, Membership, Organization, User
from portal.taxonomy.services import assign_code

from ..signins import DOMAIN
from .guests import OFFERING_WORDS, SEEKING_WORDS, guest_name, guest_organization

ROLES = {
    OrganizationKind.ENTERPRISE: Role.ENTERPRISE,
    OrganizationKind.INSTITUTE: Role.INSTITUTE,
    OrganizationKind.UNIVERSITY: Role.UNIVERSITY,
    OrganizationKind.BANK_OR_FUND: Role.INVESTOR,
    OrganizationKind.INTERMEDIARY: Role.INTERMEDIARY,
}
MORNING, AFTERNOON, SLOTS, TEA_BREAK = time(9, 15), time(13, 30), 8, 4
AGREES = (1.0, 0.8, 0.4)  # how often people agree to each of FAIR_PURPOSES


@dataclass(frozen=True)
class Plan:
    """How one announced fair is run: its state, how many come, its places, where it opens."""

    state: FairState
    people: int
    capacity: int | None = None
    enterprises: int | None = None
    opens: int = 60  # days before it begins
    tables: int = 24
    is_approved_by_hand: bool = True


PLANS = {
    "fair-textile-green-dyeing": Plan(FairState.CLOSED, 64),
    "fair-county-food-exhibition": Plan(FairState.CLOSED, 48, tables=0),
    "fair-fibre-materials-day": Plan(FairState.SCHEDULING, 120, capacity=150, tables=36),
    "fair-auto-parts-day": Plan(FairState.BOOKING, 84, capacity=90, enterprises=36),
    "fair-creative-tools-show": Plan(
        FairState.REG_OPEN, 40, capacity=200, tables=0, is_approved_by_hand=False
    ),
    "fair-lake-tourism-matchmaking": Plan(FairState.REG_OPEN, 16, capacity=64, tables=8),
    "fair-finance-ip-pledge": Plan(FairState.PUBLISHED, 0, opens=40, tables=10),
}


def seed_fairs(organizations: dict[str, Organization]) -> int:
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
        people = self._people(members)
        self._waits(people)
        self._industries(people)
        self._consents(people)
        self._entries(people)
        self._availability(people, slots)
        self._answers(people)

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
            address=f"{self.page.district.name}{self.page.venue}",
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
            list_public=ListVisibility.WITH_CONSENT,
            list_participants=ListVisibility.SHOW_ALL,
            display_after_days=120,
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

    def _people(self, members: list[Membership]) -> list[Registration]:
        """Members of fitting organizations first, then guests without an account."""
        industries = {term.pk for term in self.page.industries.all()}
        order = list(members)
        self.chance.shuffle(order)
        order.sort(
            key=lambda member: industries.isdisjoint(
                term.pk for term in member.organization.industries.all()
            )
        )
        one_each = {member.user_id: member for member in reversed(order)}
        chosen = [m for m in order if one_each[m.user_id] is m][: self.plan.people * 3 // 4]
        rows = [self._member(number, member) for number, member in enumerate(chosen)]
        rows += [self._guest(number) for number in range(self.plan.people - len(rows))]
        self._settle(rows)
        return Registration.objects.bulk_create(rows)

    def _registration(self, **values) -> Registration:
        """Sent some day between the opening and yesterday, more towards the end."""
        fair = self.fair
        until = min(fair.registration_closes_at or self.now, self.now - timedelta(hours=2))
        span = until - (fair.registration_opens_at or until)
        words = SEEKING_WORDS if values["role"] in SEEKING else OFFERING_WORDS
        sent = until - span * self.chance.random() ** 2
        return Registration(
            fair=fair,
            ticket=f"{self.chance.getrandbits(128):032x}",
            headline=self.chance.choice(words),
            submitted_at=sent,
            created_at=sent - timedelta(minutes=20),
            needs_accessible_table=self.chance.random() < 0.03,
            **values,
        )

    def _member(self, number: int, member: Membership) -> Registration:
        role = ROLES.get(OrganizationKind(member.organization.kind), Role.VISITOR)
        if role in {Role.INSTITUTE, Role.UNIVERSITY} and number % 6 == 0:
            role = Role.EXPERT
        return self._registration(
            person=member.user,
            name=member.user.name,
            email=member.user.email,
            organization=member.organization,
            post=member.title,
            role=role,
        )

    def _guest(self, number: int) -> Registration:
        role = self.chance.choice((*SEEKING, Role.ENTERPRISE, *OFFERING, Role.VISITOR, Role.MEDIA))
        return self._registration(
            name=guest_name(self.chance),
            email=f"guest{number:03d}.{self.fair.code.lower()}@{DOMAIN}",
            organization_name=guest_organization(self.chance, role),
            post=self.chance.choice(("技术负责人", "项目经理", "采购经理", "研究员", "总经理")),
            role=role,
            source=Source.GUEST_LIST,
        )

    def _settle(self, rows: list[Registration]) -> None:
        """Give each its state: of those who come too late for a full role some wait."""
        places = self.plan.enterprises
        enterprises = 0
        for number, row in enumerate(sorted(rows, key=lambda each: str(each.submitted_at))):
            enterprises += row.role == Role.ENTERPRISE
            row.state = self._state(
                number,
                is_late=bool(places and enterprises > places and row.role == Role.ENTERPRISE),
            )
            if row.state == State.REJECTED:
                row.reject_reason = "本场只面向有明确需求或可转化成果的单位，欢迎关注后续活动。"
            if row.state in {State.APPROVED, State.CHECKED_IN, State.NO_SHOW}:
                assert row.submitted_at is not None
                row.approved_at = row.decided_at = row.submitted_at + timedelta(hours=1)
                row.decided_by = self.owner if self.plan.is_approved_by_hand else None

    def _state(self, number: int, *, is_late: bool) -> State:
        if self.plan.state == FairState.CLOSED:
            return State.NO_SHOW if number % 8 == 7 else State.CHECKED_IN
        if self.plan.state == FairState.SCHEDULING:
            return State.APPROVED
        if is_late:
            return State.WAITLISTED
        if self.plan.is_approved_by_hand and number % 9 == 8:
            return State.PENDING
        return State.REJECTED if number % 23 == 22 else State.APPROVED

    def _waits(self, people: list[Registration]) -> None:
        WaitEntry.objects.bulk_create(
            WaitEntry(registration=row, joined_at=row.submitted_at or self.now)
            for row in people
            if row.state == State.WAITLISTED
        )

    def _industries(self, people: list[Registration]) -> None:
        own = [term.pk for term in self.page.industries.all()]
        through = Registration.industries.through
        through._default_manager.bulk_create(
            through(registration_id=row.pk, industry_id=pk)
            for row in people
            for pk in self.chance.sample(own, k=min(len(own), 1 + (row.pk or 0) % 2))
        )

    def _consents(self, people: list[Registration]) -> None:
        texts = {
            purpose: ConsentText.objects.filter(purpose=purpose).latest("version")
            for purpose in FAIR_PURPOSES
        }
        Consent.objects.bulk_create(
            Consent(
                user=row.person,
                text=texts[purpose],
                recipient=self.fair.organizer if share == 1 else None,
                subject=self.fair.code,
                channel="demo",
            )
            for row in people
            if row.person
            for purpose, share in zip(FAIR_PURPOSES, AGREES, strict=True)
            if self.chance.random() < share
        )

    def _entries(self, people: list[Registration]) -> None:
        """Listings and needs of the people's own organizations, up to two each."""
        of_organization: dict[int, list[Entry]] = {}
        pages = AchievementPage.objects.current().select_related("institute").order_by("pk")
        for page in pages:
            entry = Entry(kind=EntryKind.OFFER, page=page, title=page.title[:120])
            of_organization.setdefault(page.institute.organization_id, []).append(entry)
        needs = Need.objects.published().filter(confidentiality=Confidentiality.PUBLIC)
        for need in needs.order_by("pk"):
            entry = Entry(kind=EntryKind.SEEK, need=need, title=need.title[:120])
            of_organization.setdefault(need.organization_id, []).append(entry)
        Entry.objects.bulk_create(self._chosen(people, of_organization))

    def _chosen(
        self, people: list[Registration], of_organization: dict[int, list[Entry]]
    ) -> Iterator[Entry]:
        for row in people:
            own = of_organization.get(row.organization_id or 0, [])
            for entry in self.chance.sample(own, k=min(len(own), 2)):
                yield Entry(
                    registration=row,
                    kind=entry.kind,
                    page_id=entry.page_id,
                    need_id=entry.need_id,
                    title=entry.title,
                )

    def _availability(self, people: list[Registration], slots: list[Slot]) -> None:
        """Every fourth person leaves for part of the day."""
        meetings = [slot for slot in slots if slot.kind == SlotKind.MEETING]
        half = len(meetings) // 2
        rows = []
        for number, row in enumerate(people):
            if not meetings or number % 4:
                continue
            gone = meetings[:half] if number % 8 else meetings[half + 2 :]
            rows += [
                Availability(
                    registration=row,
                    slot=slot,
                    state=AvailabilityState.BUSY if number % 12 else AvailabilityState.PREFER_NOT,
                    reason=BusyReason.OWN_CHOICE if number % 12 else "",
                )
                for slot in gone
            ]
        Availability.objects.bulk_create(rows)

    def _answers(self, people: list[Registration]) -> None:
        lunch = self.fair.questions.order_by("order")[0]
        Answer.objects.bulk_create(
            Answer(registration=row, question=lunch, value=self.chance.choice(lunch.choices))
            for row in people
            if row.person_id
        )
