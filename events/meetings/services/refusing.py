"""Saying whom one does not want to meet: absolute, and never told to the other."""

from django.db import transaction

from events.registration.models import Registration
from events.registration.rules import is_own
from portal.accounts.models import User
from portal.audit.services import record, recorded_last

from ..enums import RequestState
from ..models import MeetingRequest, NoMeet
from .booking import free_meetings_of, tell_called_off
from .changes import lock_people, lock_request, move, require


@transaction.atomic
@recorded_last()
def refuse_to_meet(*, actor: User, registration: Registration, other: Registration) -> NoMeet:
    """Rule out every way in which the two could be put together at this fair.

    A request of the other stays unanswered and runs out by the clock. What was agreed is called
    off without a reason.
    """
    own, other = lock_people(registration, other)
    require(is_own(actor, own) and own.fair_id == other.fair_id and own.pk != other.pk)
    refusal, is_new = NoMeet.objects.get_or_create(
        fair=own.fair, from_registration=own, to_registration=other
    )
    if not is_new:
        return refusal
    for found in MeetingRequest.objects.of(own).of(other).open():
        _end(lock_request(found), own, other, actor)
    record(
        actor=actor,
        action="meetings.refuse_to_meet",
        target=refusal,
        organization_id=own.fair.organizer_id,
    )
    return refusal


def _end(request: MeetingRequest, own: Registration, other: Registration, actor: User) -> None:
    if request.is_agreed:
        move(request, RequestState.CANCELLED, actor=actor, action="meetings.call_off")
        if not free_meetings_of(request, actor=actor):
            tell_called_off(request, own, other)
    elif request.from_registration_id == own.pk:
        move(request, RequestState.WITHDRAWN, actor=actor, action="meetings.withdraw_request")


@transaction.atomic
def lift_refusal(*, actor: User, registration: Registration, other: Registration) -> None:
    """Take back that one does not want to meet somebody."""
    [own] = lock_people(registration)
    require(is_own(actor, own))
    for refusal in NoMeet.objects.filter(from_registration=own, to_registration=other):
        record(
            actor=actor,
            action="meetings.lift_refusal",
            target=refusal,
            organization_id=own.fair.organizer_id,
        )
        refusal.delete()
