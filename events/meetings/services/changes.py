"""What every door shares: the locks, the allowed moves, who is told."""

from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _

from events.registration.models import Registration
from events.registration.services import tell as tell_registration
from portal.accounts.models import User
from portal.audit.services import record

from ..enums import ALLOWED_TRANSITIONS, RequestState
from ..models import MeetingRequest


class UnableToMeet(Exception):
    """The request or meeting cannot be made or changed so; the message says what to do."""


def require(allowed: bool) -> None:
    if not allowed:
        raise UnableToMeet(_("You may not do this, or it has been moved on meanwhile."))


def lock_people(*people: Registration | int) -> list[Registration]:
    """Lock registrations, always in the same order, and give them in the order asked for.

    Not their fair: two pairs of people book at the same time, and the unique rows decide.
    """
    pks = [each.pk if isinstance(each, Registration) else each for each in people]
    found = Registration.objects.select_for_update(of=("self",), no_key=True).select_related(
        "person", "organization", "fair__page", "fair__organizer"
    )
    rows = {row.pk: row for row in found.filter(pk__in=pks).order_by("pk")}
    return [rows[pk] for pk in pks]


def lock_request(request: MeetingRequest) -> MeetingRequest:
    """Lock both people, then the request between them."""
    one, other = lock_people(request.from_registration_id, request.to_registration_id)
    found = MeetingRequest.objects.select_for_update(of=("self",), no_key=True)
    request = found.select_related("about").get(pk=request.pk)
    request.fair, request.from_registration, request.to_registration = one.fair, one, other
    return request


def move(
    request: MeetingRequest,
    state: RequestState,
    *,
    actor: User | None,
    action: str,
    **payload: Any,
) -> None:
    """Save a locked request in its new state. Raises ``UnableToMeet``."""
    if state not in ALLOWED_TRANSITIONS[request.state]:
        raise UnableToMeet(
            _("“%(before)s” cannot become “%(after)s”.")
            % {"before": request.get_state_display(), "after": RequestState(state).label}
        )
    before, request.state = request.state, state
    request.decided_at = timezone.now()
    request.save()
    record(
        actor=actor,
        action=action,
        target=request,
        organization_id=request.fair.organizer_id,
        before=before,
        after=state,
        **payload,
    )


def tell(
    registration: Registration,
    *,
    kind: str,
    title: str | Promise,
    lines: list[str | Promise],
    key: str,
    url: str,
) -> None:
    """Tell one side once for each ``key``; the fair's name stands above the lines."""
    said = [registration.fair.page.lazy_label, *(line for line in lines if line)]
    tell_registration(
        registration,
        kind=kind,
        title=title,
        body=format_lazy("\n".join(["{}"] * len(said)), *said),
        key=key,
        url=url,
    )


def naming(registration: Registration) -> str:
    """The person with the organization, for those who are told of it."""
    return " · ".join(part for part in (registration.name, registration.organization_label) if part)
