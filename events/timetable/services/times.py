"""Slots that got another time after people were told: calendars and people follow."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from events.fairs.enums import NewsKind
from events.fairs.models import Fair, Slot
from events.meetings.enums import MeetingState
from events.meetings.models import Meeting
from events.registration.models import Registration
from events.registration.services import tell

from ..models import ToldTime
from ..rules import SCHEDULING_STATES
from .changes import lock_fair


@dataclass(frozen=True)
class _Shift:
    meeting: Meeting
    slot: Slot
    told: ToldTime
    before: datetime


def sweep_times() -> None:
    """Find slots whose time has changed since it was published."""
    fairs = Fair.objects.filter(publications__isnull=False, state__in=SCHEDULING_STATES)
    for fair in fairs.distinct().order_by("pk"):
        settle_times(fair=fair)


@transaction.atomic
def settle_times(*, fair: Fair) -> int:
    """Keep the times of all meetings as told; returns how many were at another time before.

    Who is concerned is told in the same transaction, once; not where everybody has been told
    already that the whole fair moves.
    """
    fair = lock_fair(fair)
    meetings = Meeting.objects.filter(fair=fair, state=MeetingState.ARRANGED)
    told = {each.meeting_id: each for each in ToldTime.objects.filter(meeting__fair=fair)}
    shifts, new, now = [], [], timezone.now()
    for meeting in meetings.select_related("slot").order_by("slot__starts_at", "pk"):
        slot, row = meeting.slot, told.get(meeting.pk)
        if slot is None:
            continue
        if row is None:
            times = {"starts_at": slot.starts_at, "ends_at": slot.ends_at}
            new.append(ToldTime(meeting=meeting, slot=slot, set_at=now, **times))
        elif row.is_other_than(slot):
            shifts.append(_Shift(meeting, slot, row, row.starts_at))
            row.changes += 1
            _set(row, slot, row.set_at)
        elif row.slot_id != slot.pk:
            _set(row, slot, now)
    ToldTime.objects.bulk_create(new)
    _tell(fair, shifts)
    for shift in shifts:
        _set(shift.told, shift.slot, now)
    return len(shifts)


def _set(row: ToldTime, slot: Slot, now: datetime) -> None:
    row.slot, row.starts_at, row.ends_at, row.set_at = slot, slot.starts_at, slot.ends_at, now
    row.save()


def _tell(fair: Fair, shifts: list[_Shift]) -> None:
    if not shifts:
        return
    since = min(shift.told.set_at for shift in shifts)
    if fair.news.filter(kind=NewsKind.MOVED, made_at__gte=since).exists():
        return
    by_meeting = {shift.meeting.pk: shift for shift in shifts}
    theirs: dict[int, list[_Shift]] = defaultdict(list)
    people = Registration.objects.filter(seats__meeting__in=by_meeting)
    rows = people.values_list("pk", "seats__meeting").order_by("seats__meeting__slot__starts_at")
    for person, meeting in rows:
        if meeting in by_meeting:
            theirs[person].append(by_meeting[meeting])
    found = Registration.objects.filter(pk__in=theirs).select_related("person", "fair__page")
    for registration in found.order_by("pk"):
        mine = theirs[registration.pk]
        tell(
            registration,
            kind="fair-schedule",
            title=format_lazy(
                gettext_lazy("Your meetings begin at another time: {fair}"),
                fair=fair.page.lazy_label,
            ),
            body=format_lazy("\n".join(["{}"] * len(mine)), *map(_say, mine)),
            key=f"time:{mine[0].meeting.pk}:{mine[0].told.changes}",
            url=reverse("timetable:my-day", args=[fair.code]),
        )


def _say(shift: _Shift) -> str | Promise:
    before, after = timezone.localtime(shift.before), timezone.localtime(shift.slot.starts_at)
    return f"{before:%m-%d %H:%M} → {after:%m-%d %H:%M}"
