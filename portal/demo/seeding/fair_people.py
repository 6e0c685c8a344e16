"""The people of the demo's fairs: members of its organizations, and guests without an account."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from achievements.models import AchievementPage
from events.fairs.enums import FairState, ParticipantRole as Role, SlotKind
from events.fairs.models import Fair, Slot
from events.fairs.services.planning import OFFERING, SEEKING
from events.registration.enums import (
    AvailabilityState,
    BusyReason,
    EntryKind,
    RegistrationState as State,
    Source,
)
from events.registration.models import (
    Answer,
    Availability,
    Delivery,
    Entry,
    Mailing,
    Registration,
    WaitEntry,
)
from matchmaking.enums import Confidentiality
from matchmaking.models import Need
from portal.accounts.enums import FAIR_PURPOSES, OrganizationKind
from portal.accounts.models import Consent, Membership, User
from portal.accounts.queries import current_text

from ..signins import DOMAIN
from .guests import (
    OFFERING_WORDS,
    PARKING,
    SCHEDULE,
    SEEKING_WORDS,
    guest_name,
    guest_organization,
)

ROLES = {
    OrganizationKind.ENTERPRISE: Role.ENTERPRISE,
    OrganizationKind.INSTITUTE: Role.INSTITUTE,
    OrganizationKind.UNIVERSITY: Role.UNIVERSITY,
    OrganizationKind.BANK_OR_FUND: Role.INVESTOR,
    OrganizationKind.INTERMEDIARY: Role.INTERMEDIARY,
}
AGREES = (1.0, 0.8, 0.4)  # how often people agree to each of FAIR_PURPOSES


@dataclass(frozen=True)
class Plan:
    """How one announced fair is run: its state, how many come, its places, where it opens."""

    state: FairState
    people: int
    address: str
    capacity: int | None = None
    enterprises: int | None = None
    opens: int = 60  # days before it begins
    tables: int = 24
    is_approved_by_hand: bool = True
    with_exhibition: bool = False


class PeopleSeeder:
    """Writes the registrations of one fair in a few bulk inserts."""

    def __init__(self, fair: Fair, plan: Plan, owner: User, chance: random.Random) -> None:
        self.fair, self.page, self.plan, self.owner = fair, fair.page, plan, owner
        self.chance, self.now = chance, timezone.now()

    def seed(self, members: list[Membership], slots: list[Slot]) -> None:
        people = self._people(members)
        self._waits(people)
        self._industries(people)
        self._consents(people)
        self._entries(people)
        self._availability(people, slots)
        self._answers(people)
        if self.plan.state in {FairState.BOOKING, FairState.SCHEDULING}:
            self._mails(people)

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
        texts = {purpose: current_text(purpose) for purpose in FAIR_PURPOSES}
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

    def _mails(self, people: list[Registration]) -> None:
        """A mail that all who are admitted have, and one that waits to be looked at."""
        yesterday = self.now - timedelta(days=1)
        sent = Mailing.objects.create(
            fair=self.fair, author=self.owner, sent_at=yesterday, done_at=yesterday, **PARKING
        )
        Mailing.objects.create(fair=self.fair, author=self.owner, **SCHEDULE)
        Delivery.objects.bulk_create(
            Delivery(
                registration=row, key=f"mailing:{sent.pk}", title=sent.subject, sent_at=yesterday
            )
            for row in people
            if row.state == State.APPROVED
        )
