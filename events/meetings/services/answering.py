"""Answering a request: in the portal, or by the signed link of its mail."""

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _, gettext_lazy

from events.fairs.models import Slot
from events.registration.rules import is_own
from portal.accounts.models import User
from portal.audit.services import recorded_last

from ..enums import DeclineReason, RequestState
from ..models import MeetingRequest, NoMeet
from ..rules import PRESENT_STATES, can_turn_down, is_answerable, picks_time
from .booking import book, free_meetings_of, tell_arranged
from .changes import UnableToMeet, lock_request, move, naming, require, tell
from .links import find_by_token


@transaction.atomic
@recorded_last()
def accept_request(
    *, actor: User, request: MeetingRequest, priority: str = "", slot: Slot | None = None
) -> MeetingRequest:
    """Say yes; where people pick the time, ``slot`` is booked by it.

    With a ``priority`` the wish is mutual. Raises ``UnableToMeet`` when the time is taken.
    """
    request = lock_request(request)
    require(is_own(actor, request.to_registration))
    return _accept(request, actor, priority, slot, via="portal")


@transaction.atomic
@recorded_last()
def decline_request(
    *, actor: User, request: MeetingRequest, reason: str, note: str = ""
) -> MeetingRequest:
    """Say no with a coded reason, also to what counted as accepted by itself."""
    request = lock_request(request)
    require(is_own(actor, request.to_registration))
    return _decline(request, actor, reason, note, via="portal")


@transaction.atomic
@recorded_last()
def answer_by_link(
    *, token: str, accepts: bool, slot: Slot | None = None, reason: str = "", note: str = ""
) -> MeetingRequest:
    """Answer as the asked person, who holds the mail's link, as long as an answer is due.

    Guests without an account have no other way.
    """
    found = find_by_token(token)
    if found is None:
        raise UnableToMeet(_("This link is not complete: copy it whole from the mail."))
    request = lock_request(found)
    actor = request.to_registration.person
    if accepts:
        return _accept(request, actor, "", slot, via="link")
    return _decline(request, actor, reason, note, via="link")


def _check_open(request: MeetingRequest) -> None:
    if request.state != RequestState.SENT:
        raise UnableToMeet(
            _("This request is no longer open: %(state)s.") % {"state": request.get_state_display()}
        )
    if not is_answerable(request, timezone.now()):
        raise UnableToMeet(_("The time for an answer is over."))


def _accept(
    request: MeetingRequest, actor: User | None, priority: str, slot: Slot | None, *, via: str
) -> MeetingRequest:
    _check_open(request)
    own, other = request.to_registration, request.from_registration
    if NoMeet.objects.filter(from_registration=own, to_registration=other).exists():
        raise UnableToMeet(_("You said that you do not want to meet: take that back first."))
    is_refused = NoMeet.objects.filter(from_registration=other, to_registration=own).exists()
    if is_refused or any(each.state not in PRESENT_STATES for each in (own, other)):
        raise UnableToMeet(_("This person can no longer be met at this fair."))
    request.answer_priority = priority
    if picks_time(request.fair):
        if slot is None:
            raise UnableToMeet(_("Pick a time for the meeting."))
        meeting = book(request, slot, actor=actor, action="meetings.accept_request")
        tell_arranged(meeting, (own, other))
        return request
    move(request, RequestState.ACCEPTED, actor=actor, action="meetings.accept_request", via=via)
    tell(
        other,
        kind="meeting-agreed",
        title=format_lazy(gettext_lazy("{who} will meet you"), who=naming(own)),
        lines=[gettext_lazy("Time and table follow with the schedule.")],
        key=f"request:{request.pk}:agreed",
        url=request.get_absolute_url(),
    )
    return request


def _decline(
    request: MeetingRequest, actor: User | None, reason: str, note: str, *, via: str
) -> MeetingRequest:
    if actor is None or not can_turn_down(actor, request):
        _check_open(request)
    if reason not in DeclineReason.values:
        raise UnableToMeet(_("Choose a reason: it helps the other side to go on."))
    request.decline_reason, request.decline_note = DeclineReason(reason), note.strip()
    move(
        request,
        RequestState.DECLINED,
        actor=actor,
        action="meetings.decline_request",
        reason=reason,
        via=via,
    )
    free_meetings_of(request, actor=actor)
    who = request.to_registration.organization_label
    tell(
        request.from_registration,
        kind="meeting-declined",
        title=format_lazy(gettext_lazy("{who} has declined a meeting"), who=who),
        lines=[DeclineReason(reason).label, request.decline_note],
        key=f"request:{request.pk}:declined",
        url=request.get_absolute_url(),
    )
    return request
