"""What the clock does with requests and meetings: all of it follows from the database."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _, gettext_lazy

from events.fairs.enums import FairState, NewsKind, SchedulingMode, SlotKind
from events.fairs.models import Fair
from events.registration.models import Registration
from portal.audit.services import record

from ..enums import MeetingSource, MeetingState, RequestState
from ..models import Meeting, MeetingRequest, NoMeet
from ..queries import gone_people
from ..rules import ASKING_STATES, RUNNING_STATES, last_answer
from ..times import free_tables
from .booking import (
    free,
    free_meetings_of,
    lock_meeting,
    place_of,
    tell_called_off,
    tell_cancelled,
    tell_moved,
)
from .changes import lock_people, lock_request, move, tell


def sweep_meetings(*, now: datetime | None = None) -> None:
    """End what ran out, release those who are gone, clear up after cancelled and erased fairs.

    Run twice or late it does nothing twice.
    """
    now = now or timezone.now()
    for fair in Fair.objects.filter(state__in=ASKING_STATES).select_related("page"):
        bring_answers_forward(fair=fair)
    is_over = Q(expires_at__lte=now) | ~Q(fair__state__in=ASKING_STATES)
    for request in MeetingRequest.objects.filter(is_over, state=RequestState.SENT).order_by("pk"):
        expire_request(request=request, now=now)
    for registration in gone_people():
        release(registration=registration)
    for meeting in _adrift():
        follow_slot(meeting=meeting)
    for meeting in _without_table():
        find_table(meeting=meeting)
    arranged = Meeting.objects.filter(state=MeetingState.ARRANGED).values("fair")
    agreed = MeetingRequest.objects.agreed().values("fair")
    has_some = Q(pk__in=arranged) | Q(pk__in=agreed)
    for fair in Fair.objects.filter(has_some, state=FairState.CANCELLED).order_by("pk"):
        clear_cancelled(fair=fair)
    written = MeetingRequest.objects.exclude(message="", decline_note="").values("fair")
    has_words = Q(pk__in=written) | Q(pk__in=NoMeet.objects.values("fair"))
    for fair in Fair.objects.filter(has_words, purged_at__isnull=False).order_by("pk"):
        erase_words(fair=fair)


def bring_answers_forward(*, fair: Fair) -> int:
    """Let nobody wait for an answer beyond the fair's own last moment, which may be new."""
    last = last_answer(fair)
    late = fair.meeting_requests.filter(state=RequestState.SENT, expires_at__gt=last)
    return late.update(expires_at=last)


def _adrift() -> QuerySet[Meeting]:
    """Meetings to come whose slot has another time than people were told, or is gone."""
    gone = Q(slot=None) | ~Q(slot__kind=SlotKind.MEETING)
    moved = ~Q(slot__starts_at=F("starts_at"))
    arranged = Meeting.objects.filter(state=MeetingState.ARRANGED, starts_at__isnull=False)
    return arranged.exclude(fair__state=FairState.CANCELLED).filter(gone | moved).order_by("pk")


@transaction.atomic
def follow_slot(*, meeting: Meeting) -> bool:
    """Tell people of the new time of their slot; without a slot the meeting is cancelled.

    Where everybody was told already that the whole fair moves, the calendars follow in silence.
    Where people picked the time they may ask anew; else the request waits for the organizer.
    Tells whether there was something to do.
    """
    people = lock_people(*meeting.seats.values_list("registration", flat=True))
    meeting = lock_meeting(meeting, people)
    if not _adrift().filter(pk=meeting.pk).exists():
        return False
    slot = meeting.slot
    if slot is None or slot.kind != SlotKind.MEETING:
        free(meeting, actor=None, reason=_("The time of this meeting is no longer there."))
        if meeting.request:
            request = lock_request(meeting.request)
            mode, source = meeting.fair.scheduling_mode, meeting.source
            picked = mode == SchedulingMode.PARTICIPANT or source == MeetingSource.ONSITE
            state = RequestState.CANCELLED if picked else RequestState.UNSCHEDULABLE
            move(request, state, actor=None, action="meetings.lose_time")
        tell_cancelled(meeting, people, actor=None)
        return True
    before, place = meeting.starts_at, place_of(meeting)
    is_news = meeting.fair.news.filter(kind=NewsKind.MOVED, made_at__gte=meeting.changed_at)
    is_told = is_news.exists()
    meeting.starts_at = slot.starts_at
    meeting.sequence, meeting.changed_at = meeting.sequence + 1, timezone.now()
    meeting.save()
    record(
        actor=None,
        action="meetings.follow_slot",
        target=meeting,
        organization_id=meeting.fair.organizer_id,
        before=before.isoformat() if before else "",
        after=slot.starts_at.isoformat(),
    )
    if not is_told:
        tell_moved(meeting, people, before=place)
    return True


def _without_table() -> QuerySet[Meeting]:
    """Meetings to come whose table was taken out, without those that a schedule places."""
    picked = Q(fair__scheduling_mode=SchedulingMode.PARTICIPANT)
    is_ours = picked | Q(request=None) | Q(source=MeetingSource.ONSITE)
    arranged = Meeting.objects.filter(is_ours, state=MeetingState.ARRANGED, table=None)
    to_come = Q(fair__state__in=RUNNING_STATES, slot__starts_at__gt=timezone.now())
    return arranged.filter(to_come).order_by("pk")


@transaction.atomic
def find_table(*, meeting: Meeting) -> bool:
    """Give a meeting another table that is free, and tell its people; tell whether there is one."""
    people = lock_people(*meeting.seats.values_list("registration", flat=True))
    meeting = lock_meeting(meeting, people)
    if not _without_table().filter(pk=meeting.pk).exists():
        return False
    assert meeting.slot is not None
    place = place_of(meeting)
    meeting.sequence, meeting.changed_at = meeting.sequence + 1, timezone.now()
    for table in free_tables(meeting.fair, meeting.slot, people):
        meeting.table, meeting.online_url = table, table.online_url
        try:
            with transaction.atomic():
                meeting.save()
        except IntegrityError:  # somebody has just booked it
            continue
        record(
            actor=None,
            action="meetings.find_table",
            target=meeting,
            organization_id=meeting.fair.organizer_id,
            table=table.code,
        )
        tell_moved(meeting, people, before=place)
        return True
    return False


@transaction.atomic
def expire_request(*, request: MeetingRequest, now: datetime) -> bool:
    """End a request that nobody answered in time, and tell who asked; tell whether it was open."""
    request = lock_request(request)
    is_over = request.expires_at <= now or request.fair.state not in ASKING_STATES
    if request.state != RequestState.SENT or not is_over:
        return False
    move(request, RequestState.EXPIRED, actor=None, action="meetings.expire_request")
    if request.fair.state != FairState.CANCELLED:
        who = request.to_registration.organization_label
        tell(
            request.from_registration,
            kind="meeting-expired",
            title=format_lazy(gettext_lazy("No answer from {who} in time"), who=who),
            lines=[gettext_lazy("The request counts no longer; you may ask somebody else.")],
            key=f"request:{request.pk}:expired",
            url=request.get_absolute_url(),
        )
    return True


def release(*, registration: Registration) -> None:
    """End what was open with somebody who gave the place up or lost it; the others are told.

    Each in a transaction of its own: it locks two people, then the log's chain, in that order.
    """
    for request in MeetingRequest.objects.of(registration).open().order_by("pk"):
        _release_request(request, registration)
    for meeting in Meeting.objects.of(registration).filter(state=MeetingState.ARRANGED):
        _release_meeting(meeting, is_told=True)


@transaction.atomic
def _release_request(request: MeetingRequest, gone: Registration) -> None:
    request = lock_request(request)
    if request.is_agreed:
        move(request, RequestState.CANCELLED, actor=None, action="meetings.release")
        if not free_meetings_of(request, actor=None):
            sides = (request.from_registration, request.to_registration)
            own, other = sides if sides[0].pk == gone.pk else sides[::-1]
            tell_called_off(request, own, other)
    elif request.state == RequestState.SENT:
        is_asking = request.from_registration_id == gone.pk
        state = RequestState.WITHDRAWN if is_asking else RequestState.EXPIRED
        move(request, state, actor=None, action="meetings.release")


@transaction.atomic
def _release_meeting(meeting: Meeting, *, is_told: bool) -> None:
    people = lock_people(*meeting.seats.values_list("registration", flat=True))
    meeting = lock_meeting(meeting, people)
    if meeting.state == MeetingState.ARRANGED:
        free(meeting, actor=None)
        if is_told:
            tell_cancelled(meeting, people, actor=None)


def clear_cancelled(*, fair: Fair) -> None:
    """Cancel the meetings of a fair that was called off; the fair's own news tells everybody."""
    for meeting in Meeting.objects.filter(fair=fair, state=MeetingState.ARRANGED):
        _release_meeting(meeting, is_told=False)
    for request in MeetingRequest.objects.filter(fair=fair).agreed().order_by("pk"):
        _cancel_request(request)


@transaction.atomic
def _cancel_request(request: MeetingRequest) -> None:
    request = lock_request(request)
    if request.is_agreed:
        move(request, RequestState.CANCELLED, actor=None, action="meetings.release")


@transaction.atomic
def erase_words(*, fair: Fair) -> int:
    """Take out what people wrote and whom they refused, once the fair's retention is over."""
    written = fair.meeting_requests.exclude(message="", decline_note="")
    number = written.update(message="", decline_note="")
    number += NoMeet.objects.filter(fair=fair).delete()[0]
    if number:
        record(
            actor=None,
            action="meetings.erase_words",
            target=fair,
            organization_id=fair.organizer_id,
            count=number,
        )
    return number
