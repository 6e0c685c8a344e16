"""What the clock does with fairs: all of it follows from the database, run twice or late."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from ..enums import ALLOWED_TRANSITIONS, FairState, SchedulingMode
from ..models import Fair, FairNews
from .changes import lock, tell_news
from .states import (
    archive_fair,
    begin_fair,
    close_fair,
    is_due,
    open_registration,
    open_requests,
    start_scheduling,
)

MOVED_BY_CLOCK = (
    FairState.PUBLISHED,
    FairState.REG_OPEN,
    FairState.BOOKING,
    FairState.SCHEDULING,
    FairState.SCHEDULE_PUBLISHED,
    FairState.LIVE,
    FairState.CLOSED,
)
MOST_MOVES = len(MOVED_BY_CLOCK)


def sweep_fairs(*, now: datetime | None = None) -> None:
    """Move fairs on by their dates, and tell what was not told."""
    now = now or timezone.now()
    for fair in Fair.objects.filter(state__in=MOVED_BY_CLOCK).order_by("pk"):
        for _step in range(MOST_MOVES):  # a late sweep makes up for several dates
            if not move_by_clock(fair=fair, now=now):
                break
    for news in FairNews.objects.filter(told_at=None).select_related("fair__page"):
        tell_news(news=news)


@transaction.atomic
def move_by_clock(*, fair: Fair, now: datetime) -> bool:
    """Make the one move that is due; tell whether there was one."""
    fair = lock(fair)
    page = fair.page
    begins = is_due(page.starts_at, now)
    doors = {
        FairState.PUBLISHED: (is_due(fair.registration_opens_at, now), open_registration),
        FairState.REG_OPEN: (
            fair.has_meetings and is_due(fair.requests_open_at, now) and not begins,
            open_requests,
        ),
        FairState.BOOKING: (
            fair.scheduling_mode == SchedulingMode.ORGANIZER
            and is_due(fair.requests_close_at, now)
            and not begins,
            start_scheduling,
        ),
        FairState.LIVE: (is_due(page.ends_at, now), close_fair),
        FairState.CLOSED: (
            is_due(page.ends_at + timedelta(days=fair.display_after_days), now),
            archive_fair,
        ),
    }
    is_next, door = doors.get(FairState(fair.state), (False, begin_fair))
    if not is_next and begins and FairState.LIVE in ALLOWED_TRANSITIONS[fair.state]:
        is_next, door = True, begin_fair
    if is_next:
        door(actor=None, fair=fair)
    return is_next
