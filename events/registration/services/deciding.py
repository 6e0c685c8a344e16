"""What the organizer decides: admit, refuse with a reason, put on the waiting list."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _, gettext_lazy

from events.fairs.models import Fair
from portal.accounts.models import User

from ..enums import RegistrationState, WaitOutcome
from ..models import Registration
from ..places import places_of
from ..rules import can_decide
from .changes import UnableToRegister, lock, move, require, tell
from .waiting import end_wait, join_waiting_list, offer_places


@transaction.atomic
def approve_registration(*, actor: User, registration: Registration) -> Registration:
    """Admit somebody who waits. Raises when no place is left for the role."""
    registration = _lock_for_decision(actor, registration)
    keeps_place = registration.approved_at is not None
    if not keeps_place and not places_of(registration.fair).has_place(registration.role):
        raise UnableToRegister(
            _("No place is left for “%(role)s”: use the waiting list, or add places.")
            % {"role": registration.get_role_display()}
        )
    _decide(registration, actor)
    registration.approved_at = registration.approved_at or timezone.now()
    end_wait(registration, WaitOutcome.ADMITTED)
    move(
        registration,
        RegistrationState.APPROVED,
        actor=actor,
        action="registration.approve_registration",
    )
    tell(
        registration,
        kind="fair-approved-person",
        title=gettext_lazy("You are admitted"),
        body=registration.fair.page.lazy_label,
        key=f"approved:{registration.decided_at:%Y%m%d%H%M%S}",
    )
    return registration


@transaction.atomic
def reject_registration(*, actor: User, registration: Registration, reason: str) -> Registration:
    """Refuse with a reason that the person reads; a place that was kept goes to the next."""
    registration = _lock_for_decision(actor, registration)
    if not reason.strip():
        raise UnableToRegister(_("Say why: the person reads it."))
    _decide(registration, actor)
    registration.reject_reason, registration.approved_at = reason.strip(), None
    end_wait(registration, WaitOutcome.REJECTED)
    move(
        registration,
        RegistrationState.REJECTED,
        actor=actor,
        action="registration.reject_registration",
    )
    tell(
        registration,
        kind="fair-rejected-person",
        title=gettext_lazy("Your registration was not admitted"),
        body=format_lazy("{}\n{}", registration.fair.page.lazy_label, registration.reject_reason),
        key=f"rejected:{registration.decided_at:%Y%m%d%H%M%S}",
    )
    offer_places(registration.fair, timezone.now())
    return registration


@transaction.atomic
def waitlist_registration(*, actor: User, registration: Registration) -> Registration:
    """Put somebody at the end of the waiting list; where a place is free it is offered at once."""
    registration = _lock_for_decision(actor, registration)
    _decide(registration, actor)
    registration.approved_at = None
    join_waiting_list(registration)
    move(
        registration,
        RegistrationState.WAITLISTED,
        actor=actor,
        action="registration.waitlist_registration",
    )
    tell(
        registration,
        kind="fair-waitlisted",
        title=gettext_lazy("You are on the waiting list"),
        body=registration.fair.page.lazy_label,
        key=f"waitlisted:{registration.decided_at:%Y%m%d%H%M%S}",
    )
    offer_places(registration.fair, timezone.now())
    registration.refresh_from_db(fields=["state"])
    return registration


def _lock_for_decision(actor: User, registration: Registration) -> Registration:
    registration = lock(registration)
    is_sent = registration.state != RegistrationState.DRAFT
    require(is_sent and can_decide(actor, registration.fair))
    return registration


def _decide(registration: Registration, actor: User) -> None:
    registration.decided_by, registration.decided_at = actor, timezone.now()


@dataclass
class Decided:
    """How many were moved, and who could not be, by name and why."""

    moved: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


DOORS: dict[str, Callable[..., Registration]] = {
    "approve": approve_registration,
    "reject": reject_registration,
    "waitlist": waitlist_registration,
}


@transaction.atomic
def decide_many(
    *, actor: User, fair: Fair, registrations: Iterable[int], decision: str, reason: str = ""
) -> Decided:
    """Decide on several by their ids, each on its own: what cannot be is told, the rest is done."""
    require(can_decide(actor, fair))
    more: dict[str, Any] = {"reason": reason} if decision == "reject" else {}
    decided = Decided()
    chosen = Registration.objects.filter(fair=fair, pk__in=list(registrations)).sent()
    for registration in chosen.order_by("submitted_at", "pk"):
        try:
            with transaction.atomic():
                DOORS[decision](actor=actor, registration=registration, **more)
        except UnableToRegister as error:
            decided.refused.append((registration.name, str(error)))
        else:
            decided.moved += 1
    return decided
