"""The door through which a schedule becomes meetings: the whole of it in one transaction."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from events.fairs.models import Fair, Slot
from events.fairs.services.changes import lock as lock_fair
from portal.accounts.models import User
from portal.audit.services import record

from ..enums import MeetingSource, MeetingState, RequestState
from ..models import Meeting, MeetingRequest, NoMeet, Seat
from ..rules import can_arrange
from .changes import UnableToMeet, require


@dataclass(frozen=True)
class Placed:
    """One meeting of a schedule, by ids: of a request, of a meeting there is, or of new people."""

    slot: int
    table: int | None
    request: int | None = None
    meeting: int | None = None
    registrations: tuple[int, ...] = ()


@dataclass(frozen=True)
class Moved:
    """A meeting with the slot and table that it had before."""

    meeting: Meeting
    slot: int | None
    table: int | None


@dataclass
class Published:
    """What a publication changed; whoever published it tells the people."""

    arranged: list[Meeting] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    cancelled: list[Meeting] = field(default_factory=list)


@transaction.atomic
def publish_meetings(*, actor: User, fair: Fair, placed: Iterable[Placed]) -> Published:
    """Bring the meetings of a fair that have not begun to a schedule, all of it or nothing.

    What stands there already and is placed the same stays untouched; what is not in the schedule
    is cancelled and its request counts as without a time. Agreed requests that are not placed
    count so too. Raises ``UnableToMeet`` when the database refuses a double booking, or people
    are put together of whom one does not want to.
    """
    fair = lock_fair(fair)
    require(can_arrange(actor, fair))
    plan = list(placed)
    known = list(Meeting.objects.filter(fair=fair, state=MeetingState.ARRANGED))
    by_request = {each.request_id: each for each in known if each.request_id}
    by_pk = {each.pk: each for each in known}
    changes, kept, new = Published(), set(), []
    for each in plan:
        meeting = by_request.get(each.request) if each.request else by_pk.get(each.meeting or 0)
        if meeting is None:
            new.append(each)
            continue
        kept.add(meeting.pk)
        if (meeting.slot_id, meeting.table_id) != (each.slot, each.table):
            changes.moved.append(Moved(meeting, meeting.slot_id, meeting.table_id))
            meeting.slot_id, meeting.table_id = each.slot, each.table
    changes.cancelled = [each for each in known if each.pk not in kept]
    try:
        with transaction.atomic():
            _cancel(changes.cancelled, actor)
            _move([each.meeting for each in changes.moved])
            changes.arranged = _arrange(fair, new)
            _note_times([*changes.arranged, *(each.meeting for each in changes.moved)])
    except IntegrityError:
        raise UnableToMeet(
            _("The schedule puts somebody, or a table, into two meetings at once.")
        ) from None
    _check_refusals(fair)
    _settle_requests(fair)
    record(
        actor=actor,
        action="meetings.publish_meetings",
        target=fair,
        organization_id=fair.organizer_id,
        arranged=len(changes.arranged),
        moved=len(changes.moved),
        cancelled=len(changes.cancelled),
    )
    return changes


def _cancel(meetings: list[Meeting], actor: User) -> None:
    now = timezone.now()
    for meeting in meetings:
        meeting.state, meeting.cancelled_by = MeetingState.CANCELLED, actor
        meeting.sequence, meeting.changed_at = meeting.sequence + 1, now
    Meeting.objects.bulk_update(meetings, ["state", "cancelled_by", "sequence", "changed_at"])
    Seat.objects.filter(meeting__in=meetings).update(is_held=False)


def _move(meetings: list[Meeting]) -> None:
    """First give up all old places, so that two meetings may change theirs."""
    now = timezone.now()
    pks = [meeting.pk for meeting in meetings]
    Meeting.objects.filter(pk__in=pks).update(slot=None, table=None)
    Seat.objects.filter(meeting__in=pks).update(slot=None)
    for meeting in meetings:
        meeting.sequence, meeting.changed_at = meeting.sequence + 1, now
    Meeting.objects.bulk_update(meetings, ["slot", "table", "sequence", "changed_at"])
    slots = {meeting.pk: meeting.slot_id for meeting in meetings}
    seats = list(Seat.objects.filter(meeting__in=pks))
    for each in seats:
        each.slot_id = slots[each.meeting_id]
    Seat.objects.bulk_update(seats, ["slot"])


def _arrange(fair: Fair, new: list[Placed]) -> list[Meeting]:
    asked = MeetingRequest.objects.filter(fair=fair).agreed()
    wanted = {each.request for each in new if each.request}
    sides = {
        pk: (one, other)
        for pk, one, other in asked.filter(pk__in=wanted).values_list(
            "pk", "from_registration", "to_registration"
        )
    }
    if wanted - sides.keys():
        raise UnableToMeet(_("The schedule holds a request that is no longer agreed: solve anew."))
    meetings = Meeting.objects.bulk_create(
        Meeting(
            fair=fair,
            request_id=each.request,
            slot_id=each.slot,
            table_id=each.table,
            source=MeetingSource.REQUEST if each.request else MeetingSource.ORGANIZER,
        )
        for each in new
    )
    Seat.objects.bulk_create(
        Seat(meeting=meeting, registration_id=pk, slot_id=each.slot)
        for meeting, each in zip(meetings, new, strict=True)
        for pk in (sides[each.request] if each.request else each.registrations)
    )
    return meetings


def _note_times(meetings: list[Meeting]) -> None:
    """What people are told now; where only the slot's time has changed, the sweep tells it."""
    begins = Slot.objects.filter(pk=OuterRef("slot")).values("starts_at")
    pks = [meeting.pk for meeting in meetings]
    Meeting.objects.filter(pk__in=pks).update(starts_at=Subquery(begins))


def _check_refusals(fair: Fair) -> None:
    rows = NoMeet.objects.filter(fair=fair)
    refused = set(rows.values_list("from_registration", "to_registration"))
    seated: dict[int, list[int]] = {}
    seats = Seat.objects.filter(meeting__fair=fair, is_held=True)
    for meeting, registration in seats.values_list("meeting", "registration"):
        seated.setdefault(meeting, []).append(registration)
    for people in seated.values():
        if any((one, other) in refused for one in people for other in people):
            raise UnableToMeet(
                _("The schedule puts people together of whom one does not want to: solve anew.")
            )


def _settle_requests(fair: Fair) -> None:
    """Agreed requests have a time or none, by what stands there now."""
    timed = Meeting.objects.active().filter(fair=fair, request__isnull=False).values("request")
    agreed = MeetingRequest.objects.filter(fair=fair).agreed()
    agreed.filter(pk__in=timed).update(state=RequestState.SCHEDULED)
    agreed.exclude(pk__in=timed).update(state=RequestState.UNSCHEDULABLE)
