"""The waiting list: places are offered in the order of coming, for a time, then to the next."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _, gettext_lazy

from events.fairs.enums import ENDED_STATES, FairState
from events.fairs.models import Fair
from portal.accounts.models import User
from portal.audit.services import recorded_last

from ..enums import RegistrationState, WaitOutcome
from ..models import Registration, WaitEntry
from ..places import places_of
from ..rules import can_take_offer
from .changes import UnableToRegister, lock, move, require, tell


def join_waiting_list(registration: Registration) -> WaitEntry:
    return WaitEntry.objects.create(registration=registration)


def end_wait(registration: Registration, outcome: WaitOutcome) -> None:
    open_waits = registration.waits.filter(outcome="")
    open_waits.update(outcome=outcome, ended_at=timezone.now())


def is_somebody_waiting(fair: Fair, role: str) -> bool:
    """Whether a newcomer of this role would overtake somebody."""
    waiting = Registration.objects.filter(fair=fair, role=role)
    return waiting.filter(state=RegistrationState.WAITLISTED).exists()


def offer_places(fair: Fair, now: datetime) -> int:
    """Offer free places of a locked fair to those who wait longest; return how many.

    Who waits for a full role is passed over: another role's place is of no use to them.
    """
    if fair.state in ENDED_STATES or fair.page.starts_at <= now:
        return 0
    places, offered = places_of(fair), 0
    waiting = WaitEntry.objects.filter(
        registration__fair=fair, registration__state=RegistrationState.WAITLISTED, outcome=""
    ).select_related("registration__person", "registration__organization")
    for entry in waiting.order_by("joined_at", "pk"):
        registration = entry.registration
        if places.left == 0:
            break
        if not places.has_place(registration.role):
            continue
        places.take(registration.role)
        registration.fair = fair
        _offer(entry, registration, now)
        offered += 1
    return offered


def _offer(entry: WaitEntry, registration: Registration, now: datetime) -> None:
    fair = registration.fair
    entry.offered_at = now
    entry.expires_at = min(now + timedelta(hours=fair.offer_hours), fair.page.starts_at)
    entry.save(update_fields=["offered_at", "expires_at"])
    move(registration, RegistrationState.OFFERED, actor=None, action="registration.offer_place")
    until = timezone.localtime(entry.expires_at)
    tell(
        registration,
        kind="fair-offer",
        title=format_lazy(
            gettext_lazy("A place is free for you until {until}"), until=f"{until:%Y-%m-%d %H:%M}"
        ),
        body=fair.page.lazy_label,
        key=f"offer:{entry.pk}",
    )


@transaction.atomic
@recorded_last()
def accept_offer(*, actor: User, registration: Registration) -> Registration:
    """Take the offered place. Raises once the offer has run out."""
    registration = lock(registration)
    require(can_take_offer(actor, registration))
    now = timezone.now()
    if registration.waits.filter(outcome="", expires_at__lte=now).exists():
        raise UnableToRegister(
            _("The offer has run out and the place goes to the next. You may register again.")
        )
    registration.approved_at = now
    end_wait(registration, WaitOutcome.ADMITTED)
    move(registration, RegistrationState.APPROVED, actor=actor, action="registration.accept_offer")
    return registration


@transaction.atomic
@recorded_last()
def decline_offer(*, actor: User, registration: Registration) -> Registration:
    """Say no to the offered place; the next one is asked at once."""
    registration = lock(registration)
    require(can_take_offer(actor, registration))
    end_wait(registration, WaitOutcome.LEFT)
    move(
        registration, RegistrationState.WITHDRAWN, actor=actor, action="registration.decline_offer"
    )
    offer_places(registration.fair, timezone.now())
    return registration


@transaction.atomic
def expire_offer(*, registration: Registration, now: datetime) -> bool:
    """End an offer that nobody took in time; tell whether it was still open."""
    registration = lock(registration)
    due = registration.waits.filter(outcome="", expires_at__lte=now)
    if registration.state != RegistrationState.OFFERED or not due.exists():
        return False
    end_wait(registration, WaitOutcome.EXPIRED)
    move(registration, RegistrationState.EXPIRED, actor=None, action="registration.expire_offer")
    tell(
        registration,
        kind="fair-offer-expired",
        title=gettext_lazy("The place that was offered to you went to the next"),
        body=registration.fair.page.lazy_label,
        key=f"expired:{registration.waits.order_by('-pk').values_list('pk', flat=True)[0]}",
    )
    return True


@transaction.atomic
def pass_places_on(*, fair: Fair, now: datetime) -> int:
    """Offer whatever is free: after a withdrawal, a refusal, or when places were added."""
    locked = Fair.objects.select_for_update(of=("self",), no_key=True).select_related(
        "page", "organizer"
    )
    return offer_places(locked.get(pk=fair.pk), now)


def sweep_waiting_lists(*, now: datetime) -> None:
    """End offers that ran out and pass their places on; run twice it finds nothing to do."""
    due = Registration.objects.filter(
        state=RegistrationState.OFFERED, waits__outcome="", waits__expires_at__lte=now
    )
    for registration in due.order_by("pk"):
        expire_offer(registration=registration, now=now)
    waiting = Registration.objects.filter(state=RegistrationState.WAITLISTED).values("fair")
    fairs = Fair.objects.filter(pk__in=waiting).exclude(state__in=ENDED_STATES)
    for fair in fairs.exclude(state=FairState.DRAFT).order_by("pk"):
        pass_places_on(fair=fair, now=now)
