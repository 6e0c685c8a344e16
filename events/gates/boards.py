"""What hangs on the screens of the halls: now and next, table by table, and what runs late.

No names of people; an organization stands there only where its person agreed to be shown to the
other participants (PIPL art. 25), or where the fair's list shows all organizations.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from events.fairs.enums import ListVisibility
from events.fairs.models import Fair, Slot
from events.meetings.enums import MeetingState
from events.meetings.models import Meeting
from events.registration.models import Registration
from portal.accounts.enums import ConsentPurpose

from .queries import meetings_in

MOST_SLOTS = 5
LATE_AFTER, LONGEST_OVER = timedelta(minutes=3), timedelta(hours=1)


@dataclass(frozen=True)
class BoardMeeting:
    """One table: who meets there, and by how many minutes it is late or over."""

    meeting: Meeting
    parties: list[str]
    minutes_late: int
    minutes_over: int


@dataclass(frozen=True)
class ProgrammeItem:
    """A slot on the board: now, next, or later today; tables stand at now and next only."""

    slot: Slot
    is_now: bool
    is_next: bool
    meetings: list[BoardMeeting] = field(default_factory=list)


def programme_of(fair: Fair, now: datetime, zone: str = "") -> list[ProgrammeItem]:
    """The first few slots that are under way or to come; who runs over keeps theirs for an hour.

    With a ``zone`` only the tables there, as one screen of many shows them.
    """
    over = Meeting.objects.filter(fair=fair, state=MeetingState.STARTED, slot__ends_at__lte=now)
    own = Slot.objects.filter(session__fair=fair)
    slots = own.filter(ends_at__gt=now) | own.filter(
        pk__in=over.values("slot"), ends_at__gt=now - LONGEST_OVER
    )
    found = list(slots.select_related("session").order_by("starts_at", "pk")[:MOST_SLOTS])
    upcoming = min((slot.starts_at for slot in found if slot.starts_at > now), default=None)
    near = [slot for slot in found if slot.starts_at <= now or slot.starts_at == upcoming]
    meetings = _meetings_in(fair, near, now, zone)
    return [
        ProgrammeItem(
            slot, slot.starts_at <= now, slot.starts_at == upcoming, meetings.get(slot.pk, [])
        )
        for slot in found
    ]


def _meetings_in(
    fair: Fair, slots: list[Slot], now: datetime, zone: str
) -> dict[int, list[BoardMeeting]]:
    """Slot → its meetings by table; where a slot is over, only those that still go on."""
    shown, of_slot = set(_shown_people(fair)), {slot.pk: slot for slot in slots}
    found: dict[int, list[BoardMeeting]] = {}
    for row in meetings_in(slots):
        slot = of_slot[row.slot_id or 0]
        is_elsewhere = zone and (row.table is None or row.table.zone != zone)
        if is_elsewhere or (slot.ends_at <= now and row.state != MeetingState.STARTED):
            continue
        parties = [
            seat.registration.organization_label if seat.registration_id in shown else ""
            for seat in row.seats.all()
        ]
        found.setdefault(slot.pk, []).append(_on_board(row, slot, parties, now))
    return found


def _shown_people(fair: Fair) -> Iterable[int]:
    people = Registration.objects.filter(fair=fair).admitted()
    if fair.list_participants != ListVisibility.SHOW_ALL:
        people = people.with_consent(ConsentPurpose.FAIR_PEERS)
    return people.values_list("pk", flat=True)


def _on_board(row: Meeting, slot: Slot, parties: list[str], now: datetime) -> BoardMeeting:
    late = now - slot.starts_at if row.state == MeetingState.ARRANGED else timedelta(0)
    over = now - slot.ends_at if row.state == MeetingState.STARTED else timedelta(0)
    return BoardMeeting(
        row,
        parties,
        minutes_late=_minutes(late) if late >= LATE_AFTER else 0,
        minutes_over=_minutes(over),
    )


def _minutes(span: timedelta) -> int:
    return max(int(span.total_seconds() // 60), 0)
