"""What came of the demo's fair half a year ago: meetings, feedback twice, interests and cases."""

import random
from collections import defaultdict
from datetime import date, datetime, timedelta

from django.utils import timezone

from achievements.models import AchievementPage
from events.aftermath.enums import FollowUpKind, FollowUpState, Outcome, Stage
from events.aftermath.models import Feedback, FollowUp, MeetingOutcome
from events.aftermath.rules import second_stage_at
from events.fairs.enums import ParticipantRole as Role, SlotKind
from events.fairs.models import Fair, MeetingTable, Slot
from events.fairs.services.planning import OFFERING, SEEKING
from events.meetings.enums import MeetingState, Priority, RequestState
from events.meetings.models import Meeting, MeetingRequest, Seat
from events.meetings.services.asking import answer_due
from events.registration.enums import RegistrationState
from events.registration.models import Delivery, Entry, Registration
from matchmaking.cases.enums import ConversionMode as Mode, EventKind
from matchmaking.cases.services import CaseDraft, add_cases
from matchmaking.interests.clock import due_date, term_of
from matchmaking.interests.enums import InterestState, TargetKind
from matchmaking.interests.models import Interest
from portal.accounts.models import User
from portal.taxonomy.services import assign_code
from portal.workdays.queries import add_working_days

from ..signins import SIGN_INS
from .cases import live_case, offices_of_all, that_afternoon

HELD, NO_BUTTON, MISSED, CALLED_MISSED = 44, 3, 2, 1
PROMISING, INTERESTS, CASES = 11, 5, 3
SAYS_AT_ONCE, SAYS_LATER, COMMENTS = 0.85, 0.6, 0.12
AT_ONCE = {Outcome.NO_INTEREST: 3, Outcome.INFORMATIVE: 7}
LATER = {Outcome.NO_CONTACT: 5, Outcome.KNOWLEDGE: 3, Outcome.VALUABLE: 3}
WORDS = (
    "对方准备充分，带了样布和检测数据。",
    "二十分钟偏短，工艺细节没谈完。",
    "需求描述和现场说的不一样，希望会前多核实。",
    "邻桌声音大，建议拉开桌距。",
    "很实在，当场约了去车间看定形机。",
)
TASKS = (
    (FollowUpKind.SAMPLE, "深色坯布三米，先做小样"),
    (FollowUpKind.VISIT, "到车间看定形机烟气温度"),
    (FollowUpKind.NDA, "工艺参数前先签保密协议"),
    (FollowUpKind.QUOTE, "按年处理量两千吨报价"),
    (FollowUpKind.CONTRACT, "合同文本发法务"),
)
Pair = tuple[Registration, Registration]


class AftermathSeeder:
    """Writes the meetings of one past fair and what came of them; the same city every time."""

    def __init__(self, fair: Fair, broker: User) -> None:
        self.fair, self.broker = fair, broker
        self.chance = random.Random(f"{fair.code}:after")  # noqa: S311  a demo
        self.later = second_stage_at(fair)
        self.entries: dict[int, list[Entry]] = defaultdict(list)
        entries = Entry.objects.filter(registration__fair=fair).select_related("need")
        for entry in entries.order_by("pk"):
            self.entries[entry.registration_id].append(entry)
        named = [entry.page_id for entry in entries if entry.page_id]
        pages = AchievementPage.objects.filter(pk__in=named)
        self.pages = {page.pk: page for page in pages.select_related("institute__organization")}

    def seed(self) -> None:
        meetings = self._meetings()
        held = [each for each in meetings if self.word[each.pk]]
        drafts = self._cases(held)
        promising = [meeting for meeting, _draft in drafts]
        promising += [each for each in held if each not in promising][: PROMISING - len(promising)]
        self._feedback(meetings, promising, [meeting for meeting, _draft in drafts])
        self._interests(promising[len(drafts) :])
        cases = add_cases(
            actor=None, drafts=[draft for _meeting, draft in drafts], recorded_at=that_afternoon
        )
        for (meeting, draft), case in zip(drafts, cases, strict=True):
            MeetingOutcome.objects.create(
                meeting=meeting,
                case=case,
                linked_by=self.people[meeting.pk][1].person,
                linked_at=that_afternoon(draft.opened_on),
            )
        self._follow_ups(promising)
        self._asked(meetings)

    def _meetings(self) -> list[Meeting]:
        """Who sought and who offered, by slot and table; those who can agree come first."""
        pairs = self._pairs()
        slots = list(
            Slot.objects.filter(session__fair=self.fair, kind=SlotKind.MEETING).order_by(
                "starts_at"
            )
        )
        tables = list(MeetingTable.objects.filter(fair=self.fair).order_by("code"))
        taken: set[tuple[int, int]] = set()
        used: dict[int, int] = defaultdict(int)
        rows: list[tuple[Pair, Slot, MeetingTable]] = []
        for pair in pairs[: HELD + NO_BUTTON + MISSED + CALLED_MISSED]:
            for slot in slots:
                seats = {(slot.pk, each.pk) for each in pair}
                if not seats & taken and used[slot.pk] < len(tables):
                    rows.append((pair, slot, tables[used[slot.pk]]))
                    taken |= seats
                    used[slot.pk] += 1
                    break
        requests = MeetingRequest.objects.bulk_create(
            self._request(pair, slot) for pair, slot, _table in rows
        )
        states = [MeetingState.HELD] * HELD + [MeetingState.ARRANGED] * NO_BUTTON
        states += [MeetingState.NOT_HELD] * MISSED + [MeetingState.ARRANGED] * CALLED_MISSED
        meetings = Meeting.objects.bulk_create(
            Meeting(
                fair=self.fair,
                request=request,
                slot=slot,
                table=table,
                starts_at=slot.starts_at,
                state=state,
                arranged_at=request.created_at,
                changed_at=request.created_at,
                started_at=slot.starts_at if state == MeetingState.HELD else None,
                ended_at=slot.ends_at if state != MeetingState.ARRANGED else None,
            )
            for request, state, (_pair, slot, table) in zip(requests, states, rows, strict=True)
        )
        self.people = {each.pk: pair for each, (pair, _s, _t) in zip(meetings, rows, strict=True)}
        self.word = {each.pk: place < HELD + NO_BUTTON for place, each in enumerate(meetings)}
        Seat.objects.bulk_create(
            Seat(
                meeting=meeting,
                registration=person,
                slot=meeting.slot,
                is_absent=meeting.state == MeetingState.NOT_HELD and place == 0,
            )
            for meeting in meetings
            for place, person in enumerate(self.people[meeting.pk])
        )
        return meetings

    def _pairs(self) -> list[Pair]:
        """Each seeking person with some who offer, never of one organization, once a pair."""
        people = Registration.objects.filter(
            fair=self.fair, state=RegistrationState.CHECKED_IN
        ).select_related("person", "organization")
        found: list[Pair] = []
        seeking = [each for each in people.order_by("pk") if each.role in SEEKING]
        offering = [each for each in people.order_by("pk") if each.role in OFFERING]
        for one in seeking:
            others = [each for each in offering if self._may_meet(one, each)]
            wanted = self.chance.sample(others, k=min(len(others), 4))
            found += [(one, other) for other in wanted]
        self.chance.shuffle(found)
        return sorted(found, key=lambda pair: not self._may_agree(pair))

    def _may_meet(self, one: Registration, other: Registration) -> bool:
        same = one.organization_id and one.organization_id == other.organization_id
        return not same and one.role != other.role

    def _may_agree(self, pair: Pair) -> bool:
        one, other = pair
        buys = one.role == Role.ENTERPRISE and one.person_id and one.organization_id
        return bool(buys and other.person_id and self._page_of(other))

    def _page_of(self, person: Registration) -> AchievementPage | None:
        """What somebody brought to the fair, the first of it."""
        named = (self.pages.get(each.page_id or 0) for each in self.entries[person.pk])
        return next(filter(None, named), None)

    def _request(self, pair: Pair, slot: Slot) -> MeetingRequest:
        one, other = pair
        sent = slot.starts_at - timedelta(days=self.chance.randint(5, 15), hours=3)
        entries = self.entries[one.pk]
        return MeetingRequest(
            fair=self.fair,
            from_registration=one,
            to_registration=other,
            priority=self.chance.choice(Priority.values),
            about=entries[0] if entries else None,
            state=RequestState.SCHEDULED,
            created_at=sent,
            expires_at=answer_due(self.fair, sent),
            decided_at=sent + timedelta(hours=20),
        )

    def _cases(self, held: list[Meeting]) -> list[tuple[Meeting, CaseDraft]]:
        """Some of the meetings went on to a contract, each between others."""
        self.offices = offices_of_all()
        found: list[tuple[Meeting, CaseDraft]] = []
        organizations: set[int | None] = set()
        for meeting in held:
            one, other = self.people[meeting.pk]
            sides = {one.organization_id, other.organization_id}
            if len(found) < CASES and not sides & organizations:
                draft = self._signed_case(meeting, len(found))
                if draft:
                    found.append((meeting, draft))
                    organizations |= sides
        return found

    def _signed_case(self, meeting: Meeting, place: int) -> CaseDraft | None:
        """A case between those who met that was signed within half a year, if they can have one."""
        one, other = self.people[meeting.pk]
        page = self._page_of(other)
        if not (self._may_agree((one, other)) and page and page.price_max and one.organization):
            return None
        limit = timezone.localdate(self.later)
        for attempt in range(60):
            draft = live_case(
                random.Random(f"after-{place}-{attempt}"),  # noqa: S311  a demo
                201 + place,
                (Mode.LICENCE, Mode.DEVELOPMENT, Mode.SERVICE)[place % 3],
                page=page,
                taker=one.organization,
                opened=timezone.localdate(meeting.starts_at) + timedelta(days=6),
                offices=self.offices,
                broker=self.broker,
            )
            signed = (each.on for each in draft.steps if each.kind == EventKind.CONTRACT_SIGNED)
            if next(signed, date.max) <= limit:
                return draft
        return None

    def _feedback(
        self, meetings: list[Meeting], promising: list[Meeting], agreed: list[Meeting]
    ) -> None:
        rows = []
        for meeting in meetings:
            for place, person in enumerate(self.people[meeting.pk]):
                for stage in Stage:
                    outcome = self._outcome(meeting, place, stage, promising, agreed)
                    if outcome:
                        rows.append(self._said(meeting, person, stage, outcome))
        Feedback.objects.bulk_create(rows)

    def _outcome(
        self,
        meeting: Meeting,
        place: int,
        stage: Stage,
        promising: list[Meeting],
        agreed: list[Meeting],
    ) -> Outcome | None:
        """What one side says, if it says anything; who saw an interest has always said so."""
        says = self.chance.random()
        if not self.word[meeting.pk]:
            unsaid = meeting.state == MeetingState.NOT_HELD or stage == Stage.SECOND
            return None if unsaid else Outcome.NOT_HELD
        if stage == Stage.FIRST:
            if meeting in promising and (place == 0 or meeting in agreed):
                return Outcome.COOPERATION
            no_button = meeting.state == MeetingState.ARRANGED
            return self._drawn(AT_ONCE) if says < SAYS_AT_ONCE or no_button else None
        if meeting in agreed:
            return Outcome.AGREEMENT if place == 1 else Outcome.NEGOTIATION
        if meeting in promising[:6] and place == 0:
            return Outcome.NEGOTIATION
        return self._drawn(LATER) if says < SAYS_LATER else None

    def _drawn(self, shares: dict[Outcome, int]) -> Outcome:
        return self.chance.choices(list(shares), list(shares.values()))[0]

    def _said(
        self, meeting: Meeting, person: Registration, stage: Stage, outcome: Outcome
    ) -> Feedback:
        comments = self.chance.random() < COMMENTS
        return Feedback(
            meeting=meeting,
            registration=person,
            stage=stage,
            outcome=outcome,
            rating=self.chance.randint(3, 5) if outcome != Outcome.NOT_HELD and comments else None,
            comment=self.chance.choice(WORDS) if comments else "",
            shares_comment=comments and self.chance.random() < 0.4,
            given_at=self._moment(meeting, stage),
        )

    def _moment(self, meeting: Meeting, stage: Stage) -> datetime:
        if stage == Stage.FIRST:
            begins = meeting.starts_at or self.fair.page.starts_at
            return begins + timedelta(minutes=self.chance.randint(20, 1500))
        return self.later + timedelta(hours=self.chance.randint(1, 24 * 14))

    def _interests(self, meetings: list[Meeting]) -> None:
        """Expressed the day after by who saw something in it, and answered long since."""
        rows: list[Interest] = []
        begun_at: list[Meeting] = []
        for meeting in meetings:
            one, other = self.people[meeting.pk]
            page = self._page_of(other)
            if len(rows) < INTERESTS and page and self._may_agree((one, other)):
                rows.append(self._interest(meeting, one, other, page))
                begun_at.append(meeting)
        for year in {timezone.localdate(each.sent_at).year for each in rows}:
            of_year = [each for each in rows if timezone.localdate(each.sent_at).year == year]
            codes = assign_code(prefix="YX", year=year, count=len(of_year))
            for interest, code in zip(of_year, codes, strict=True):
                interest.code = code
        interests = Interest.objects.bulk_create(rows)
        MeetingOutcome.objects.bulk_create(
            MeetingOutcome(
                meeting=meeting,
                interest=interest,
                linked_by=interest.sender,
                linked_at=interest.sent_at,
            )
            for meeting, interest in zip(begun_at, interests, strict=True)
        )

    def _interest(
        self, meeting: Meeting, one: Registration, other: Registration, page: AchievementPage
    ) -> Interest:
        begins = meeting.starts_at or self.fair.page.starts_at
        sent_at, days = begins + timedelta(days=1), term_of(TargetKind.ACHIEVEMENT)
        sent_on = timezone.localdate(sent_at)
        answered_on = add_working_days(sent_on, 2)
        answered_at = sent_at + (answered_on - sent_on)
        return Interest(
            kind=TargetKind.ACHIEVEMENT,
            page=page,
            sender_organization=one.organization,
            sender=one.person,
            receiver_organization=page.institute.organization,
            purpose=f"我们在“{self.fair.page.title}”上当面谈过：{page.title}。",
            ask="希望先做一批小样，再看车间条件。",
            state=InterestState.CLOSED,
            sent_at=sent_at,
            term_days=days,
            due_on=due_date(sent_on, days),
            first_reply_at=answered_at,
            answered_at=answered_at,
            accepted_at=answered_at,
            answered_in=2,
            answered_by=other.person,
            ended_at=answered_at + timedelta(days=90),
            ended_by=one.person,
            closing_note="小样做过，先按现有工艺用着。",
        )

    def _follow_ups(self, promising: list[Meeting]) -> None:
        """Most are done; a few are due soon, by those who sign in to the demo first."""
        today, rows = timezone.localdate(), []
        on_the_day = self.fair.page.ends_at
        known = {sign_in.email for sign_in in SIGN_INS}
        owners = {
            meeting.pk: min(self.people[meeting.pk], key=lambda each: each.email not in known)
            for meeting in promising
        }
        first = sorted(promising, key=lambda meeting: owners[meeting.pk].email not in known)
        for place, meeting in enumerate(first[:8]):
            owner = owners[meeting.pk]
            kind, note = TASKS[place % len(TASKS)]
            is_open = place < 3
            due_on = today + timedelta(days=3 + place * 4)
            if not is_open:
                due_on = timezone.localdate(on_the_day) + timedelta(days=14)
            rows.append(
                FollowUp(
                    meeting=meeting,
                    owner=owner,
                    kind=kind,
                    due_on=due_on,
                    note=note,
                    state=FollowUpState.OPEN if is_open else FollowUpState.DONE,
                    created_by=owner.person,
                    created_at=on_the_day,
                    ended_at=None if is_open else that_afternoon(due_on),
                )
            )
        FollowUp.objects.bulk_create(rows)

    def _asked(self, meetings: list[Meeting]) -> None:
        """Everybody has been asked at both times, and reminded."""
        people = {person.pk for meeting in meetings for person in self.people[meeting.pk]}
        times = {
            "feedback:1": self.fair.page.ends_at,
            "feedback:1:again": self.fair.page.ends_at + timedelta(days=3),
            "feedback:2": self.later,
            "feedback:2:again": self.later + timedelta(days=10),
        }
        Delivery.objects.bulk_create(
            Delivery(registration_id=person, key=key, title="洽谈回访", sent_at=sent_at)
            for person in sorted(people)
            for key, sent_at in times.items()
        )
