"""When two people can meet, and at which tables: free as of now, by availability and seats."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from events.fairs.enums import SlotKind
from events.fairs.models import Fair, MeetingTable, Slot
from events.registration.enums import AvailabilityState
from events.registration.models import Availability, Registration

from .models import Meeting, Seat


def slots_for(people: Collection[Registration]) -> QuerySet[Slot]:
    """Slots for meetings in which none of these people has said to be away."""
    fair = next(iter(people)).fair_id
    away = Availability.objects.filter(
        slot=OuterRef("pk"), registration__in=people, state=AvailabilityState.BUSY
    )
    slots = Slot.objects.filter(session__fair=fair, kind=SlotKind.MEETING)
    return slots.filter(~Exists(away)).select_related("session").order_by("starts_at")


def free_slots(people: Collection[Registration], now: datetime) -> QuerySet[Slot]:
    """Those still to come in which none of them has a meeting already."""
    taken = Seat.objects.filter(slot=OuterRef("pk"), registration__in=people, is_held=True)
    return slots_for(people).filter(~Exists(taken), starts_at__gt=now)


def have_common_slot(one: Registration, people: QuerySet[Registration]) -> QuerySet[Registration]:
    """Of these people those who can meet ``one`` in some slot at least."""
    theirs = Availability.objects.filter(
        slot=OuterRef("pk"), registration=OuterRef(OuterRef("pk")), state=AvailabilityState.BUSY
    )
    return people.filter(Exists(slots_for([one]).order_by().filter(~Exists(theirs))))


def tables_for(fair: Fair, people: Collection[Registration]) -> QuerySet[MeetingTable]:
    """Tables where these people may sit: an owner meets at the own one, nobody else does there."""
    organizations = [each.organization_id for each in people if each.organization_id]
    tables = MeetingTable.objects.filter(fair=fair).order_by("code")
    own = tables.filter(owner__in=organizations)
    if organizations and own.exists():
        return own
    tables = tables.filter(owner=None)
    if any(each.needs_accessible_table for each in people):
        tables = tables.filter(is_accessible=True)
    return tables


def free_tables(fair: Fair, slot: Slot, people: Collection[Registration]) -> QuerySet[MeetingTable]:
    taken = Meeting.objects.active().filter(table=OuterRef("pk"), slot=slot)
    return tables_for(fair, people).filter(~Exists(taken))


def bookable_slots(fair: Fair, people: Collection[Registration], now: datetime) -> list[Slot]:
    """Slots in which these people and a table are free."""
    slots, tables = list(free_slots(people, now)), set(tables_for(fair, people))
    taken = Meeting.objects.active().filter(slot__in=slots, table__in=tables)
    full: dict[int | None, int] = {}
    for slot_id in taken.values_list("slot", flat=True):
        full[slot_id] = full.get(slot_id, 0) + 1
    return [slot for slot in slots if full.get(slot.pk, 0) < len(tables)]
