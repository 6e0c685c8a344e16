"""What is to be done after a meeting: made by either side, seen by both."""

from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _, gettext_lazy

from events.meetings.models import Meeting
from events.meetings.services.changes import tell
from events.registration.models import Registration
from portal.accounts.models import User
from portal.audit.services import record

from ..enums import FollowUpKind, FollowUpState
from ..models import FollowUp
from ..rules import can_end_follow_up, can_follow_up
from .changes import UnableToConclude, lock_meeting, require
from .links import feedback_url


@transaction.atomic
def add_follow_up(
    *,
    actor: User,
    meeting: Meeting,
    owner: Registration,
    kind: str,
    due_on: date,
    note: str = "",
) -> FollowUp:
    """Note what one side does until when; who has to do it is told, unless it was their own idea.

    Raises ``UnableToConclude`` for a day that is past, and for an owner who was not there.
    """
    meeting, people = lock_meeting(meeting)
    require(can_follow_up(actor, meeting, timezone.now()))
    by_pk = {each.pk: each for each in people}
    if owner.pk not in by_pk:
        raise UnableToConclude(_("One of those who met has to do it."))
    if due_on < timezone.localdate():
        raise UnableToConclude(_("The day is over: choose a later one."))
    follow_up = FollowUp.objects.create(
        meeting=meeting,
        owner=owner,
        kind=FollowUpKind(kind),
        due_on=due_on,
        note=note.strip(),
        created_by=actor,
    )
    _record(follow_up, actor, "aftermath.add_follow_up")
    if by_pk[owner.pk].person_id != actor.pk:
        tell_owner(
            follow_up,
            by_pk[owner.pk],
            kind="follow-up-new",
            title=format_lazy(
                gettext_lazy("Agreed at the fair: {what}, until {day}"), **naming(follow_up)
            ),
            key=f"follow-up:{follow_up.pk}:new",
        )
    return follow_up


def naming(follow_up: FollowUp) -> dict[str, str | Promise]:
    what = FollowUpKind(follow_up.kind).label
    return {"what": what, "day": f"{follow_up.due_on:%Y-%m-%d}"}


def tell_owner(
    follow_up: FollowUp, owner: Registration, *, kind: str, title: str | Promise, key: str
) -> None:
    has_account = owner.person_id is not None
    tell(
        owner,
        kind=kind,
        title=title,
        lines=[follow_up.note],
        key=key,
        url=reverse("aftermath:follow-ups") if has_account else feedback_url(owner),
    )


@transaction.atomic
def end_follow_up(*, actor: User, follow_up: FollowUp, state: str) -> FollowUp:
    """Say that it is done, or dropped, or to be done after all."""
    follow_up = (
        FollowUp.objects.select_for_update(of=("self",))
        .select_related("meeting__fair")
        .get(pk=follow_up.pk)
    )
    require(can_end_follow_up(actor, follow_up, state))
    follow_up.state = FollowUpState(state)
    follow_up.ended_at = None if follow_up.is_open else timezone.now()
    follow_up.save(update_fields=["state", "ended_at"])
    _record(follow_up, actor, "aftermath.end_follow_up")
    return follow_up


def _record(follow_up: FollowUp, actor: User, action: str) -> None:
    record(
        actor=actor,
        action=action,
        target=follow_up.meeting,
        organization_id=follow_up.meeting.fair.organizer_id,
        kind=follow_up.kind,
        state=follow_up.state,
    )
