"""The grid of a fair: sessions, their slots, and the tables."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import Organization, User
from portal.audit.services import record

from ..enums import SlotKind, TableKind
from ..models import Fair, MeetingSession, MeetingTable, Slot
from ..rules import can_edit_plan
from ..ties import meetings_in
from .changes import UnableToChangeFair, lock, require

MOST_SLOTS, MOST_TABLES = 60, 500


def _record(actor: User, fair: Fair, action: str, **payload: Any) -> None:
    record(actor=actor, action=action, target=fair, organization_id=fair.organizer_id, **payload)


def lay_out(
    starts_at: datetime, *, minutes: int, gap: int, count: int
) -> list[tuple[datetime, datetime]]:
    """Begin and end of ``count`` slots one after the other."""
    step = timedelta(minutes=minutes + gap)
    return [
        (starts_at + step * place, starts_at + step * place + timedelta(minutes=minutes))
        for place in range(count)
    ]


@transaction.atomic
def add_session(
    *,
    actor: User,
    fair: Fair,
    name: str,
    name_en: str = "",
    starts_at: datetime,
    slot_minutes: int,
    gap_minutes: int,
    count: int,
) -> MeetingSession:
    """Add a session with its slots. Raises where one of another session overlaps them."""
    fair = lock(fair)
    require(can_edit_plan(actor, fair))
    session = MeetingSession.objects.create(
        fair=fair,
        name=name,
        name_en=name_en,
        starts_at=starts_at,
        slot_minutes=slot_minutes,
        gap_minutes=gap_minutes,
    )
    _write_slots(session, count)
    _record(actor, fair, "fairs.add_session", label=name)
    return session


@transaction.atomic
def generate_slots(
    *,
    actor: User,
    session: MeetingSession,
    starts_at: datetime,
    slot_minutes: int,
    gap_minutes: int,
    count: int,
    is_confirmed: bool = False,
) -> MeetingSession:
    """Lay the slots of a session out anew; the kinds of the first ones are kept.

    Raises where meetings stand in the session, unless the organizer has said to go on: those in
    slots that end lose their time.
    """
    fair = lock(session.fair)
    require(can_edit_plan(actor, fair))
    meetings = meetings_in(session)
    if meetings and not is_confirmed:
        raise UnableToChangeFair(
            _("%(count)d meetings stand in these slots and would lose or change their time.")
            % {"count": meetings}
        )
    session = MeetingSession.objects.select_for_update().get(pk=session.pk)
    session.starts_at, session.slot_minutes = starts_at, slot_minutes
    session.gap_minutes = gap_minutes
    session.save()
    _write_slots(session, count)
    _record(actor, fair, "fairs.generate_slots", label=session.name, meetings=meetings)
    return session


def _write_slots(session: MeetingSession, count: int) -> None:
    """Keep rows by index, so that what is said of the third slot stays with the third slot."""
    if not 1 <= count <= MOST_SLOTS:
        raise UnableToChangeFair(
            _("A session has between 1 and %(most)d slots.") % {"most": MOST_SLOTS}
        )
    times = lay_out(
        session.starts_at, minutes=session.slot_minutes, gap=session.gap_minutes, count=count
    )
    others = Slot.objects.filter(session__fair=session.fair_id).exclude(session=session)
    if others.filter(starts_at__lt=times[-1][1], ends_at__gt=times[0][0]).exists():
        raise UnableToChangeFair(
            _("The slots of two sessions overlap: choose another time, or fewer slots.")
        )
    session.slots.filter(index__gt=count).delete()
    known = {slot.index: slot for slot in session.slots.all()}
    for index, (begins, ends) in enumerate(times, start=1):
        slot = known.get(index) or Slot(session=session, index=index)
        slot.starts_at, slot.ends_at = begins, ends
        slot.save()


@transaction.atomic
def set_slot(
    *, actor: User, slot: Slot, kind: str, label: str = "", is_confirmed: bool = False
) -> Slot:
    """Make a slot one for meetings, a break, or keep it free."""
    fair = lock(slot.session.fair)
    require(can_edit_plan(actor, fair))
    closes = slot.kind == SlotKind.MEETING and kind != SlotKind.MEETING
    meetings = meetings_in(slot.session) if closes else 0
    if meetings and not is_confirmed:
        raise UnableToChangeFair(
            _("%(count)d meetings stand in this session; look at the schedule first.")
            % {"count": meetings}
        )
    slot.kind, slot.label = SlotKind(kind), label
    slot.save(update_fields=["kind", "label"])
    _record(actor, fair, "fairs.set_slot", label=str(slot), kind=kind)
    return slot


@transaction.atomic
def remove_session(*, actor: User, session: MeetingSession) -> None:
    """Take a session out with its slots. Raises where meetings stand in it."""
    fair = lock(session.fair)
    require(can_edit_plan(actor, fair))
    if meetings_in(session):
        raise UnableToChangeFair(_("Meetings stand in this session: move or cancel them first."))
    name = session.name
    session.delete()
    _record(actor, fair, "fairs.remove_session", label=name)


@transaction.atomic
def add_tables(
    *,
    actor: User,
    fair: Fair,
    letter: str,
    count: int,
    kind: str = TableKind.TABLE,
    zone: str = "",
    accessible: int = 0,
) -> list[MeetingTable]:
    """Add ``count`` tables numbered on from the last of ``letter``; the first are accessible."""
    fair = lock(fair)
    require(can_edit_plan(actor, fair))
    if fair.tables.count() + count > MOST_TABLES:
        raise UnableToChangeFair(_("A fair has at most %(most)d tables.") % {"most": MOST_TABLES})
    taken = set(fair.tables.values_list("code", flat=True))
    numbers = (number for number in range(1, MOST_TABLES + 1))
    codes = [code for number in numbers if (code := f"{letter}{number:02d}") not in taken]
    tables = MeetingTable.objects.bulk_create(
        MeetingTable(fair=fair, code=code, kind=kind, zone=zone, is_accessible=place < accessible)
        for place, code in enumerate(codes[:count])
    )
    _record(actor, fair, "fairs.add_tables", count=count)
    return tables


@transaction.atomic
def edit_table(
    *,
    actor: User,
    table: MeetingTable,
    kind: str,
    zone: str,
    is_accessible: bool,
    owner: Organization | None,
    online_url: str = "",
) -> MeetingTable:
    fair = lock(table.fair)
    require(can_edit_plan(actor, fair))
    table.kind, table.zone, table.is_accessible = TableKind(kind), zone, is_accessible
    table.owner, table.online_url = owner, online_url
    table.save()
    _record(actor, fair, "fairs.edit_table", label=table.code)
    return table


@transaction.atomic
def remove_tables(*, actor: User, fair: Fair, tables: Sequence[int]) -> int:
    """Take tables out by their ids; return how many."""
    fair = lock(fair)
    require(can_edit_plan(actor, fair))
    removed, _models = fair.tables.filter(pk__in=tables).delete()
    _record(actor, fair, "fairs.remove_tables", count=removed)
    return removed
