"""What the demo's past fair is reported with: requests that came to nothing, costs, its series."""

import random
from datetime import timedelta
from itertools import product

from events.fairs.models import Fair
from events.fairs.services.planning import OFFERING, SEEKING
from events.meetings.enums import DeclineReason, Priority, RequestState
from events.meetings.models import MeetingRequest
from events.registration.enums import RegistrationState
from events.registration.models import Registration
from events.reports.models import FairCost, FairSeries
from portal.accounts.models import User

DECLINED, EXPIRED, WITHDRAWN = 21, 14, 4
COSTS = (("场地与布展", 18_000), ("印刷与胸牌", 4_200), ("餐饮茶歇", 9_600), ("志愿者补贴", 3_000))
SERIES = ("纺织与新材料供需对接会", "Textiles and new materials: matchmaking")


def seed_reports(owner: User) -> None:
    """Give the past fair what its report counts beside its meetings, and the next one its place."""
    past = Fair.objects.get(page__slug="fair-textile-green-dyeing")
    _seed_requests(past)
    FairCost.objects.bulk_create(
        FairCost(
            fair=past,
            what=what,
            amount=amount,
            entered_by=owner,
            entered_at=past.page.ends_at + timedelta(days=5),
        )
        for what, amount in COSTS
    )
    name, name_en = SERIES
    series = FairSeries.objects.create(name=name, name_en=name_en, organizer=past.organizer)
    series.fairs.set([past, Fair.objects.get(page__slug="fair-fibre-materials-day")])


def _seed_requests(fair: Fair) -> None:
    chance = random.Random(f"{fair.code}:report")  # noqa: S311  a demo, the same every time
    people = Registration.objects.filter(fair=fair, state=RegistrationState.CHECKED_IN)
    asked = MeetingRequest.objects.filter(fair=fair)
    known = set(asked.values_list("from_registration_id", "to_registration_id"))
    pairs = [
        (one, other)
        for one, other in product(
            people.filter(role__in=SEEKING).order_by("pk"),
            people.filter(role__in=OFFERING).order_by("pk"),
        )
        if (one.pk, other.pk) not in known and one.role != other.role
    ]
    chance.shuffle(pairs)
    states = [RequestState.DECLINED] * DECLINED + [RequestState.EXPIRED] * EXPIRED
    states += [RequestState.WITHDRAWN] * WITHDRAWN
    reasons = [each for each in DeclineReason if each != DeclineReason.OTHER]
    rows = []
    for (one, other), state in zip(pairs, states, strict=False):
        sent = fair.page.starts_at - timedelta(days=chance.randint(6, 18), hours=2)
        answered = sent + timedelta(days=2)
        declined = state == RequestState.DECLINED
        rows.append(
            MeetingRequest(
                fair=fair,
                from_registration=one,
                to_registration=other,
                priority=chance.choice(Priority.values),
                state=state,
                created_at=sent,
                expires_at=sent + timedelta(days=5),
                decided_at=None if state == RequestState.EXPIRED else answered,
                decline_reason=chance.choice(reasons) if declined else "",
            )
        )
    MeetingRequest.objects.bulk_create(rows)
