"""Asking others for a meeting, and what the asking side may do with a request later."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _, gettext_lazy

from events.fairs.enums import RequestMode
from events.fairs.models import Fair, Slot
from events.registration.models import Entry, Registration
from events.registration.rules import is_own
from portal.accounts.models import User
from portal.audit.services import record, recorded_last

from ..enums import OPEN_STATES, Priority, RequestState
from ..models import MeetingRequest, NoMeet
from ..queries import askable_people, quota_of
from ..rules import (
    can_ask,
    can_call_off,
    can_withdraw_request,
    last_answer,
    picks_time,
    takes_requests,
)
from .answering import accept_request
from .booking import book, check_quota, tell_arranged, tell_called_off
from .changes import UnableToMeet, lock_people, lock_request, move, naming, require, tell
from .links import answer_url


@transaction.atomic
@recorded_last()
def send_request(
    *,
    actor: User,
    registration: Registration,
    other: Registration,
    priority: str = Priority.WANT,
    message: str = "",
    about: Entry | None = None,
    slot: Slot | None = None,
) -> MeetingRequest:
    """Ask somebody for a meeting; the asked one is told with a link to answer by.

    Somebody who has asked already is answered instead: then both wish it. The asking one's name
    goes to the asked one by this act. A ``slot`` is needed where requests count as accepted and
    people pick the time. Raises ``UnableToMeet``; who is not to be asked, for whatever reason, is
    refused in the same words.
    """
    own, other = lock_people(registration, other)
    now = timezone.now()
    if is_own(actor, own) and not takes_requests(own.fair, now):
        raise UnableToMeet(_("Requests for this fair are not open."))
    require(can_ask(actor, own, now))
    if NoMeet.objects.filter(from_registration=own, to_registration=other).exists():
        raise UnableToMeet(_("You said that you do not want to meet: take that back first."))
    theirs = MeetingRequest.objects.filter(
        from_registration=other, to_registration=own, state=RequestState.SENT
    ).first()
    if theirs:
        return _answer_instead(theirs, own.fair, actor=actor, priority=priority)
    _check(actor, own, other, now)
    try:
        with transaction.atomic():
            request = MeetingRequest.objects.create(
                fair=own.fair,
                from_registration=own,
                to_registration=other,
                priority=Priority(priority),
                message=message.strip(),
                about=about,
                expires_at=answer_due(own.fair, now),
            )
    except IntegrityError:
        raise UnableToMeet(_("There is an open request between you two already.")) from None
    if own.fair.request_mode == RequestMode.OPT_OUT:
        _accept_by_itself(request, slot, actor)
    record(
        actor=actor,
        action="meetings.send_request",
        target=request,
        organization_id=own.fair.organizer_id,
    )
    if request.state == RequestState.SENT:
        _tell_asked(request)
    return request


def _answer_instead(
    theirs: MeetingRequest, fair: Fair, *, actor: User, priority: str
) -> MeetingRequest:
    if picks_time(fair):
        raise UnableToMeet(_("This person has asked you already: answer and pick a time."))
    return accept_request(actor=actor, request=theirs, priority=priority)


def _check(actor: User, own: Registration, other: Registration, now: datetime) -> None:
    between = MeetingRequest.objects.of(own).of(other)
    if between.open().exists():
        raise UnableToMeet(_("There is an open request between you two already."))
    if between.filter(from_registration=own, state=RequestState.DECLINED).exists():
        raise UnableToMeet(_("This person has declined already: only they can ask now."))
    if not askable_people(own, actor, now).filter(pk=other.pk).exists():
        raise UnableToMeet(_("This person cannot be asked at this fair."))
    if not quota_of(own).left:
        raise UnableToMeet(
            _("You have sent %(most)d requests, as many as this fair allows: take one back first.")
            % {"most": own.fair.max_requests_out}
        )
    if picks_time(own.fair):
        check_quota((own, other))


def answer_due(fair: Fair, now: datetime) -> datetime:
    return min(now + timedelta(days=settings.MEETING_ANSWER_DAYS), last_answer(fair))


def _accept_by_itself(request: MeetingRequest, slot: Slot | None, actor: User) -> None:
    """A request counts as accepted unless it is turned down (opt-out)."""
    people = (request.from_registration, request.to_registration)
    action = "meetings.accept_by_itself"
    if picks_time(request.fair):
        if slot is None:
            raise UnableToMeet(_("Pick a time for the meeting."))
        tell_arranged(book(request, slot, actor=actor, action=action), people)
        return
    move(request, RequestState.ACCEPTED, actor=actor, action=action)
    tell(
        request.to_registration,
        kind="meeting-request",
        title=_would_like(request),
        lines=[
            *_said(request),
            gettext_lazy("It counts as accepted; you can turn it down in the portal."),
        ],
        key=f"request:{request.pk}:sent",
        url=request.get_absolute_url(),
    )


def _would_like(request: MeetingRequest) -> str | Promise:
    who = naming(request.from_registration)
    return format_lazy(gettext_lazy("{who} would like to meet you"), who=who)


def _tell_asked(request: MeetingRequest) -> None:
    until = timezone.localtime(request.expires_at)
    answer = gettext_lazy("Answer until {until}: one click on this link, without signing in.")
    tell(
        request.to_registration,
        kind="meeting-request",
        title=_would_like(request),
        lines=[*_said(request), format_lazy(answer, until=f"{until:%Y-%m-%d %H:%M}")],
        key=f"request:{request.pk}:sent",
        url=answer_url(request),
    )


def _said(request: MeetingRequest) -> list[str]:
    about = request.about.title if request.about else ""
    return [part for part in (about, request.message) if part]


@transaction.atomic
def change_wish(*, actor: User, request: MeetingRequest, priority: str) -> MeetingRequest:
    """Say anew how much one wants it: the asking side, or the asked one of what is agreed."""
    request = lock_request(request)
    is_asking = is_own(actor, request.from_registration)
    is_asked = is_own(actor, request.to_registration) and request.is_agreed
    require(request.state in OPEN_STATES and (is_asking or is_asked))
    field = "priority" if is_asking else "answer_priority"
    setattr(request, field, Priority(priority))
    request.save(update_fields=[field])
    record(
        actor=actor,
        action="meetings.change_wish",
        target=request,
        organization_id=request.fair.organizer_id,
    )
    return request


@transaction.atomic
def withdraw_request(*, actor: User, request: MeetingRequest) -> MeetingRequest:
    """Take a request back that nobody has answered; it no longer counts."""
    request = lock_request(request)
    require(can_withdraw_request(actor, request))
    move(request, RequestState.WITHDRAWN, actor=actor, action="meetings.withdraw_request")
    return request


@transaction.atomic
@recorded_last()
def call_off(*, actor: User, request: MeetingRequest) -> MeetingRequest:
    """Give up what was agreed before it has a time; the other side is told."""
    request = lock_request(request)
    require(can_call_off(actor, request))
    move(request, RequestState.CANCELLED, actor=actor, action="meetings.call_off")
    own, other = request.from_registration, request.to_registration
    if not is_own(actor, own):
        own, other = other, own
    tell_called_off(request, own, other)
    return request
