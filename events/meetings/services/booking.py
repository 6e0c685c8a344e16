"""Times and tables: a person has one seat in a slot, a table one meeting, by unique rows."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _, gettext_lazy

from events.fairs.models import Fair, Slot
from events.registration.models import Registration
from portal.accounts.models import User
from portal.audit.services import record, recorded_last

from ..enums import MEETING_TRANSITIONS, MeetingSource, MeetingState, RequestState
from ..models import Meeting, MeetingRequest, Seat
from ..rules import PRESENT_STATES, can_arrange, can_cancel_meeting, is_on_the_spot
from ..times import free_slots, free_tables
from .changes import UnableToMeet, lock_people, lock_request, move, naming, require, tell

TAKEN = gettext_lazy("This time has just been taken: choose another one.")


def check_quota(people: Sequence[Registration]) -> None:
    """Raise when one of the locked people has as many meetings as the fair allows."""
    for person in people:
        held = Seat.objects.filter(registration=person, is_held=True).count()
        if held >= person.fair.max_meetings:
            raise UnableToMeet(
                _("%(who)s has as many meetings as this fair allows.")
                % {"who": person.organization_label or person.name}
            )


def seat(
    people: Sequence[Registration],
    slot: Slot,
    *,
    request: MeetingRequest | None = None,
    source: MeetingSource = MeetingSource.REQUEST,
) -> Meeting:
    """Write a meeting of locked people into a slot at the first table that is free.

    Others write at the same moment: the unique rows refuse the second one, who tries the next
    table. Raises ``UnableToMeet`` when a person or the last table is taken.
    """
    fair = people[0].fair
    for table in free_tables(fair, slot, people):
        try:
            with transaction.atomic():
                meeting = Meeting.objects.create(
                    fair=fair,
                    request=request,
                    slot=slot,
                    table=table,
                    starts_at=slot.starts_at,
                    online_url=table.online_url,
                    source=source,
                )
                Seat.objects.bulk_create(
                    Seat(meeting=meeting, registration=person, slot=slot) for person in people
                )
        except IntegrityError:
            if Seat.objects.filter(registration__in=people, slot=slot, is_held=True).exists():
                raise UnableToMeet(str(TAKEN)) from None
        else:
            return meeting
    raise UnableToMeet(_("All tables are taken at this time: choose another one."))


def book(request: MeetingRequest, slot: Slot, *, actor: User | None, action: str) -> Meeting:
    """Give a locked request its time: the slot is booked by accepting."""
    people = (request.from_registration, request.to_registration)
    check_quota(people)
    if not free_slots(people, timezone.now()).filter(pk=slot.pk).exists():
        raise UnableToMeet(str(TAKEN))
    source = MeetingSource.ONSITE if is_on_the_spot(request.fair) else MeetingSource.REQUEST
    meeting = seat(people, slot, request=request, source=source)
    move(request, RequestState.SCHEDULED, actor=actor, action=action, slot=slot.pk)
    return meeting


@transaction.atomic
@recorded_last()
def arrange_meeting(
    *,
    actor: User,
    fair: Fair,
    registrations: Sequence[Registration],
    slot: Slot,
    source: MeetingSource = MeetingSource.ORGANIZER,
) -> Meeting:
    """Let people meet by the organizer's hand, as on the spot; they are told at once.

    Raises where one of them has said no to another, without saying who of whom.
    """
    require(can_arrange(actor, fair))
    people = lock_people(*registrations)
    if len(people) < 2 or any(each.fair_id != fair.pk for each in people):
        raise UnableToMeet(_("A meeting takes two people of this fair at least."))
    if any(each.state not in PRESENT_STATES for each in people):
        raise UnableToMeet(_("Only admitted people can meet."))
    if any(each.no_meets_out.filter(to_registration__in=people).exists() for each in people):
        raise UnableToMeet(_("These people cannot be put at one table at this fair."))
    if not free_slots(people, timezone.now()).filter(pk=slot.pk).exists():
        raise UnableToMeet(str(TAKEN))
    check_quota(people)
    meeting = seat(people, slot, source=source)
    record(
        actor=actor,
        action="meetings.arrange_meeting",
        target=meeting,
        organization_id=fair.organizer_id,
        slot=slot.pk,
    )
    tell_arranged(meeting, people)
    return meeting


def place_of(meeting: Meeting) -> str:
    """Time and table, for those who are told."""
    if meeting.starts_at is None:
        return ""
    begins = timezone.localtime(meeting.starts_at)
    table = meeting.table.code if meeting.table else ""
    return f"{begins:%Y-%m-%d %H:%M} {table}".strip()


TITLES = {
    "meeting-arranged": gettext_lazy("You meet {who}"),
    "meeting-moved": gettext_lazy("New time or place: your meeting with {who}"),
    "meeting-cancelled": gettext_lazy("Cancelled: your meeting with {who}"),
}


def tell_arranged(meeting: Meeting, people: Sequence[Registration]) -> None:
    """Tell each of the people whom they meet, when, and where."""
    _tell(meeting, people, people, "meeting-arranged")


def tell_moved(meeting: Meeting, people: Sequence[Registration], *, before: str) -> None:
    """Tell each of the people the old time and place, and the new one."""
    _tell(meeting, people, people, "meeting-moved", before)


def tell_cancelled(meeting: Meeting, people: Sequence[Registration], *, actor: User | None) -> None:
    """Tell those who did not do it themselves."""
    told = [each for each in people if actor is None or each.person_id != actor.pk]
    _tell(meeting, people, told, "meeting-cancelled")


def _tell(
    meeting: Meeting,
    people: Sequence[Registration],
    told: Sequence[Registration],
    kind: str,
    before: str = "",
) -> None:
    place = " → ".join(filter(None, (before, place_of(meeting))))
    for person in told:
        others = "、".join(naming(other) for other in people if other.pk != person.pk)
        tell(
            person,
            kind=kind,
            title=format_lazy(TITLES[kind], who=others),
            lines=[place, meeting.cancel_reason],
            key=f"meeting:{meeting.pk}:{meeting.sequence}",
            url=reverse("meetings:mine", args=[person.fair.code]),
        )


@transaction.atomic
@recorded_last()
def cancel_meeting(*, actor: User, meeting: Meeting, reason: str) -> Meeting:
    """Call a meeting off: its slot and table are free at once, the others are told why."""
    people = lock_people(*meeting.seats.values_list("registration", flat=True))
    meeting = lock_meeting(meeting, people)
    require(can_cancel_meeting(actor, meeting))
    if not reason.strip():
        raise UnableToMeet(_("Say why: the other side reads it."))
    free(meeting, actor=actor, reason=reason.strip())
    if meeting.request:
        request = lock_request(meeting.request)
        if request.is_agreed:
            move(request, RequestState.CANCELLED, actor=actor, action="meetings.call_off")
    tell_cancelled(meeting, people, actor=actor)
    return meeting


def lock_meeting(meeting: Meeting, people: Sequence[Registration]) -> Meeting:
    found = Meeting.objects.select_for_update(of=("self",), no_key=True)
    meeting = found.select_related("slot", "table", "request").get(pk=meeting.pk)
    meeting.fair = people[0].fair
    return meeting


def free(meeting: Meeting, *, actor: User | None, reason: str = "") -> None:
    """Cancel a locked meeting and give its seats up. Raises once it has begun."""
    if MeetingState.CANCELLED not in MEETING_TRANSITIONS[meeting.state]:
        raise UnableToMeet(_("A meeting that has begun cannot be cancelled."))
    meeting.state = MeetingState.CANCELLED
    meeting.cancelled_by, meeting.cancel_reason = actor, reason
    meeting.sequence, meeting.changed_at = meeting.sequence + 1, timezone.now()
    meeting.save()
    meeting.seats.update(is_held=False)
    record(
        actor=actor,
        action="meetings.cancel_meeting",
        target=meeting,
        organization_id=meeting.fair.organizer_id,
    )


def free_meetings_of(request: MeetingRequest, *, actor: User | None, reason: str = "") -> int:
    """Cancel what was arranged for a locked request that comes to nothing, and tell the people."""
    people = [request.from_registration, request.to_registration]
    found = list(request.meetings.filter(state=MeetingState.ARRANGED))
    for row in found:
        meeting = lock_meeting(row, people)
        free(meeting, actor=actor, reason=reason)
        tell_cancelled(meeting, people, actor=actor)
    return len(found)


def tell_called_off(request: MeetingRequest, own: Registration, other: Registration) -> None:
    """Tell the other side that nothing comes of what was agreed without a time yet."""
    tell(
        other,
        kind="meeting-called-off",
        title=format_lazy(gettext_lazy("{who} cannot meet you after all"), who=naming(own)),
        lines=[],
        key=f"request:{request.pk}:called-off",
        url=request.get_absolute_url(),
    )
