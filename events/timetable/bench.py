"""Calendars of ten thousand people, fetched in a burst."""

import time
from statistics import median

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.fairs.models import Fair, Slot
from events.meetings.bench.market import ROLES
from events.meetings.models import Meeting, MeetingRequest, Seat
from events.registration.enums import RegistrationState
from events.registration.models import Registration
from portal.accounts.models import User

from .models import DayFeed

MEETINGS = 6  # of each person
AT_ONCE = 200  # the cache in the process's memory keeps 300 entries, Redis has no such limit
AT_MOST = 0.5


def make_feeds(fair: Fair, count: int) -> list[DayFeed]:
    """So many people in pairs that meet in every slot, and the address of each one's calendar."""
    count -= count % 2
    users = User.objects.bulk_create(
        User(email=f"reader{number}@bench.example", name=f"读者{number}") for number in range(count)
    )
    people = Registration.objects.bulk_create(
        Registration(
            fair=fair,
            person=user,
            name=user.name,
            role=ROLES[number % 2],
            organization_name=f"单位{number}",
            state=RegistrationState.APPROVED,
        )
        for number, user in enumerate(users)
    )
    slots = list(Slot.objects.filter(session__fair=fair).order_by("starts_at")[:MEETINGS])
    pairs = [
        (people[number], people[(number + 1 + 2 * place) % count], slot)
        for place, slot in enumerate(slots)
        for number in range(0, count, 2)
    ]
    requests = MeetingRequest.objects.bulk_create(
        MeetingRequest(
            fair=fair,
            from_registration=one,
            to_registration=other,
            state="SCHEDULED",
            message="聊聊导热膜的中试",
            expires_at=fair.page.starts_at,
        )
        for one, other, _slot in pairs
    )
    meetings = Meeting.objects.bulk_create(
        Meeting(fair=fair, request=request, slot=slot, starts_at=slot.starts_at)
        for request, (_one, _other, slot) in zip(requests, pairs, strict=True)
    )
    Seat.objects.bulk_create(
        Seat(meeting=meeting, registration=person, slot=slot)
        for meeting, (one, other, slot) in zip(meetings, pairs, strict=True)
        for person in (one, other)
    )
    return DayFeed.objects.bulk_create(DayFeed(registration=person) for person in people)


def measure_feeds(feeds: list[DayFeed]) -> dict[str, float | int | bool | str]:
    """Fetch every feed anew, then once more as a calendar does that holds it already."""
    client = Client()
    anew: list[float] = []
    again: list[float] = []
    unchanged = 0
    addresses = [reverse("timetable:feed", args=[feed.token]) for feed in feeds]
    for start in range(0, len(addresses), AT_ONCE):
        cache.clear()
        part = addresses[start : start + AT_ONCE]
        tags = {}
        for address in part:
            began = time.perf_counter()
            tags[address] = client.get(address)["ETag"]
            anew.append(time.perf_counter() - began)
        for address in part:
            began = time.perf_counter()
            response = client.get(address, headers={"If-None-Match": tags[address]})
            again.append(time.perf_counter() - began)
            unchanged += response.status_code == 304
    with CaptureQueriesContext(connection) as queries:
        client.get(addresses[-1])
    ratio = median(again) / median(anew)
    is_met = ratio <= AT_MOST and unchanged == len(feeds) and len(queries) == 1
    return {
        "value": round(ratio, 3),
        "at_most": AT_MOST,
        "unit": "ratio",
        "feeds": len(feeds),
        "anew_ms": round(median(anew) * 1000, 2),
        "cached_ms": round(median(again) * 1000, 2),
        "cached_per_second": round(len(again) / sum(again)),
        "not_modified": unchanged / len(feeds),
        "queries": len(queries),
        "is_met": is_met,
    }
