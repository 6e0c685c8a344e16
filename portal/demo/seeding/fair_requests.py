"""Requests for meetings of the demo's fairs: popular people, answers, a few refusals."""

import random
from collections import defaultdict
from datetime import datetime, timedelta

from django.utils import timezone

from events.fairs.enums import FairState, SlotKind
from events.fairs.models import Fair, Slot
from events.meetings.enums import DeclineReason, Priority, RequestState as State
from events.meetings.models import MeetingRequest, NoMeet
from events.meetings.services.asking import answer_due
from events.registration.enums import AvailabilityState
from events.registration.models import Availability, Entry, Registration

FEWEST, MOST = 2, 7  # requests that one person sends
MUST_SHARE, MUTUAL_SHARE, MESSAGE_SHARE = 0.3, 0.35, 0.4
# How requests stand while they are open, and once answers are in.
OPEN = {State.SENT: 4, State.ACCEPTED: 4, State.DECLINED: 2}
ANSWERED = {State.ACCEPTED: 7, State.DECLINED: 2, State.EXPIRED: 1}
MESSAGES = (
    "想了解中试进度和样品价格，方便的话带一份检测报告。",
    "我们有一条产线可以试用，想谈谈试用条件。",
    "看到贵方的介绍，想当面聊聊联合申报的可能。",
    "关心量产后的稳定性和成本，希望见见技术负责人。",
    "正在找合作单位，想先听听贵方的要求。",
)


def seed_requests(fair: Fair) -> int:
    """Let the people of a fair ask each other; the same people give the same requests."""
    chance = random.Random(f"{fair.code}:requests")  # noqa: S311  a demo, the same every time
    people = list(
        Registration.objects.filter(fair=fair, state="APPROVED")
        .select_related("fair__page")
        .order_by("pk")
    )
    asked_by = _who_may_be_asked(fair, people)
    popularity = {each.pk: chance.paretovariate(1.4) for each in people}
    entries = _entries(fair)
    pairs: set[frozenset[int]] = set()
    rows = []
    for person in people:
        others = asked_by[person.pk]
        wanted = chance.randint(FEWEST, MOST) if others else 0
        weights = [popularity[other.pk] for other in others]
        for other in chance.choices(others, weights, k=wanted) if others else []:
            pair = frozenset({person.pk, other.pk})
            if pair not in pairs:
                pairs.add(pair)
                rows.append(_request(fair, person, other, entries[person.pk], chance))
    MeetingRequest.objects.bulk_create(rows)
    _refusals(fair, people, asked_by, pairs, chance)
    return len(rows)


def _who_may_be_asked(fair: Fair, people: list[Registration]) -> dict[int, list[Registration]]:
    """By role, never within an organization, and only with a slot in common."""
    slots = Slot.objects.filter(session__fair=fair, kind=SlotKind.MEETING)
    all_slots = set(slots.values_list("pk", flat=True))
    busy: dict[int, set[int]] = defaultdict(set)
    away = Availability.objects.filter(registration__fair=fair, state=AvailabilityState.BUSY)
    for registration, slot in away.values_list("registration", "slot"):
        busy[registration].add(slot)
    roles = set(fair.pairs.values_list("asking", "asked"))
    return {
        one.pk: [
            other
            for other in people
            if (one.role, other.role) in roles
            and (one.organization_id is None or one.organization_id != other.organization_id)
            and all_slots - busy[one.pk] - busy[other.pk]
        ]
        for one in people
    }


def _entries(fair: Fair) -> dict[int, list[Entry]]:
    found: dict[int, list[Entry]] = defaultdict(list)
    for entry in Entry.objects.filter(registration__fair=fair).order_by("pk"):
        found[entry.registration_id].append(entry)
    return found


def _request(
    fair: Fair,
    person: Registration,
    other: Registration,
    entries: list[Entry],
    chance: random.Random,
) -> MeetingRequest:
    shares = OPEN if fair.state == FairState.BOOKING else ANSWERED
    state = chance.choices(list(shares), list(shares.values()))[0]
    created = _moment(fair, chance)
    is_mutual = state == State.ACCEPTED and chance.random() < MUTUAL_SHARE
    return MeetingRequest(
        fair=fair,
        from_registration=person,
        to_registration=other,
        priority=_wish(chance),
        answer_priority=_wish(chance) if is_mutual else "",
        message=chance.choice(MESSAGES) if chance.random() < MESSAGE_SHARE else "",
        about=chance.choice(entries) if entries else None,
        state=state,
        created_at=created,
        expires_at=answer_due(fair, created),
        decided_at=None if state == State.SENT else created + timedelta(hours=5),
        decline_reason=chance.choice(DeclineReason.values) if state == State.DECLINED else "",
    )


def _wish(chance: random.Random) -> Priority:
    return Priority.MUST if chance.random() < MUST_SHARE else Priority.WANT


def _moment(fair: Fair, chance: random.Random) -> datetime:
    """Within the last days as long as requests are open, so that answers are still due."""
    until = min(timezone.now(), fair.requests_close_at or timezone.now())
    return until - timedelta(hours=chance.uniform(6, 72))


def _refusals(
    fair: Fair,
    people: list[Registration],
    asked_by: dict[int, list[Registration]],
    pairs: set[frozenset[int]],
    chance: random.Random,
) -> None:
    """Every twelfth person does not want to meet somebody, who has not asked so far."""
    rows = []
    for person in people[::12]:
        free = [each for each in asked_by[person.pk] if {person.pk, each.pk} not in pairs]
        if free:
            rows.append(
                NoMeet(fair=fair, from_registration=person, to_registration=chance.choice(free))
            )
    NoMeet.objects.bulk_create(rows)
