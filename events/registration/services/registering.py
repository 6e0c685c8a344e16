"""A person's own registration: begun, filled in step by step, sent, changed, withdrawn."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from events.fairs.models import Fair, Slot
from portal.accounts.enums import ConsentPurpose
from portal.accounts.models import User
from portal.accounts.queries import consents_in_force, current_texts, has_confirmed_address
from portal.accounts.services import give_consent, withdraw_consent
from portal.audit.services import record, recorded_last

from ..checks import missing_parts
from ..enums import (
    REOPENED_STATES,
    AvailabilityState,
    RegistrationState,
    WaitOutcome,
)
from ..models import Availability, Entry, Registration
from ..places import places_of
from ..queries import needs_of, offers_of
from ..rules import can_edit_registration, can_register, can_withdraw, is_own
from .changes import UnableToRegister, lock, lock_row, move, require, tell
from .waiting import end_wait, is_somebody_waiting, join_waiting_list, offer_places

FIELDS = [
    "name",
    "organization",
    "organization_name",
    "post",
    "headline",
    "introduction",
    "needs_accessible_table",
]
OPTIONAL_CONSENTS = (ConsentPurpose.FAIR_PEERS, ConsentPurpose.FAIR_PUBLIC)


@transaction.atomic
def begin_registration(*, actor: User, fair: Fair) -> Registration:
    """Give the person's registration for a fair, begun now if there is none.

    A guest's place is claimed by the confirmed address that it was made out to; what came to
    nothing before begins anew.
    """
    fair = Fair.objects.select_related("page").get(pk=fair.pk)
    found = Registration.objects.filter(fair=fair, person=actor).first() or _claim(actor, fair)
    if found and found.state not in REOPENED_STATES:
        return found
    if not can_register(actor, fair):
        raise UnableToRegister(_("Registration for this fair is not open."))
    if found:
        found = lock_row(found)
        move(found, RegistrationState.DRAFT, actor=actor, action="registration.begin_anew")
        return found
    memberships = actor.active_memberships
    registration, is_new = Registration.objects.get_or_create(
        fair=fair,
        person=actor,
        defaults={
            "name": actor.name,
            "email": actor.email.lower(),
            "organization": memberships[0].organization if memberships else None,
            "post": memberships[0].title if memberships else "",
        },
    )
    if is_new:
        record(
            actor=actor,
            action="registration.begin_registration",
            target=registration,
            organization_id=fair.organizer_id,
        )
    return registration


def _claim(actor: User, fair: Fair) -> Registration | None:
    guest = Registration.objects.filter(fair=fair, person=None, email=actor.email.lower()).first()
    if guest is None:
        return None
    if not has_confirmed_address(actor):
        raise UnableToRegister(_("Confirm your e-mail address first: a place is kept for it."))
    guest.person = actor
    guest.save(update_fields=["person"])
    record(
        actor=actor,
        action="registration.claim_registration",
        target=guest,
        organization_id=fair.organizer_id,
    )
    return guest


@transaction.atomic
def edit_registration(
    *, actor: User, registration: Registration, values: Mapping[str, Any]
) -> Registration:
    """Store what a step says. Raises when the role would change after sending.

    ``industries`` may be among the values. A changed profile waits for approval again where the
    fair says so; its place is kept meanwhile.
    """
    registration = lock_row(registration)
    require(can_edit_registration(actor, registration))
    organization = values.get("organization")
    if organization and organization.pk not in actor.organization_ids:
        raise UnableToRegister(_("You may only speak for an organization of your own."))
    role = values.get("role", registration.role)
    if role != registration.role:
        if registration.state != RegistrationState.DRAFT:
            raise UnableToRegister(
                _("The role is fixed once the registration is sent: withdraw and register again.")
            )
        if not registration.fair.roles.filter(role=role).exists():
            raise UnableToRegister(_("This fair does not admit that role."))
        registration.role = role
    changed = [
        name for name in FIELDS if name in values and getattr(registration, name) != values[name]
    ]
    for name in changed:
        setattr(registration, name, values[name])
    registration.save()
    if "industries" in values:
        before = set(registration.industries.values_list("pk", flat=True))
        registration.industries.set(values["industries"])
        changed += ["industries"] * (before != {each.pk for each in values["industries"]})
    if changed:
        note_change(registration, actor)
    return registration


def note_change(registration: Registration, actor: User) -> None:
    """Let an approved profile wait anew, if that is the fair's rule."""
    fair = registration.fair
    resets = fair.needs_approval and fair.change_resets_approval
    if resets and registration.state == RegistrationState.APPROVED:
        move(
            registration, RegistrationState.PENDING, actor=actor, action="registration.change_again"
        )


@transaction.atomic
def set_entries(
    *, actor: User, registration: Registration, entries: Sequence[Mapping[str, Any]]
) -> Registration:
    """Replace what the person offers and seeks, each ``{kind, title, summary, page, need}``.

    Raises where a listing or need is not open to all, or another organization's.
    """
    registration = lock_row(registration)
    require(can_edit_registration(actor, registration))
    pages = {page.pk for page in offers_of(actor)}
    needs = {need.pk for need in needs_of(actor)}
    for entry in entries:
        page, need = entry.get("page"), entry.get("need")
        if (page and page.pk not in pages) or (need and need.pk not in needs):
            raise UnableToRegister(_("Only published listings and needs of your own can be named."))
    before = _as_set(registration.entries.all().values())
    registration.entries.all().delete()
    Entry.objects.bulk_create(Entry(registration=registration, **entry) for entry in entries)
    if before != _as_set(registration.entries.all().values()):
        note_change(registration, actor)
    return registration


def _as_set(rows: Any) -> set[tuple]:
    names = ("kind", "page_id", "need_id", "title", "summary")
    return {tuple(row[name] for name in names) for row in rows}


@transaction.atomic
def set_availability(
    *, actor: User, registration: Registration, states: Mapping[int, tuple[str, str]]
) -> Registration:
    """Store slot → (state, reason); slots that are left out or free need no row."""
    registration = lock_row(registration)
    require(can_edit_registration(actor, registration))
    known = set(Slot.objects.filter(session__fair=registration.fair).values_list("pk", flat=True))
    registration.availabilities.all().delete()
    Availability.objects.bulk_create(
        Availability(registration=registration, slot_id=slot, state=state, reason=reason)
        for slot, (state, reason) in states.items()
        if slot in known and state != AvailabilityState.FREE
    )
    return registration


@transaction.atomic
@recorded_last()
def submit_registration(
    *,
    actor: User,
    registration: Registration,
    consents: Collection[str],
    ip_address: str | None = None,
) -> Registration:
    """Send a complete registration: it waits for the organizer, is admitted, or waits for a place.

    Of two people for the last place one is admitted, the other waits: the fair's row is locked,
    for what others may change alone; whether the answers are complete is seen before.
    Raises with what is missing; the consent to the organizer is asked of everybody (PIPL art. 23).
    """
    require(is_own(actor, registration))
    if ConsentPurpose.FAIR_ORGANIZER not in consents:
        raise UnableToRegister(
            _("Without your consent the organizer may not receive the registration.")
        )
    missing = missing_parts(registration)
    if missing:
        names = "、".join(str(each.label) for each in missing)
        raise UnableToRegister(_("Not complete yet: %(what)s.") % {"what": names})
    registration = lock(registration)
    require(registration.state == RegistrationState.DRAFT)
    if not can_register(actor, registration.fair):
        raise UnableToRegister(_("Registration for this fair is not open."))
    registration.submitted_at = timezone.now()
    registration.reject_reason = ""
    state = _place(registration)
    set_consents(actor=actor, registration=registration, consents=consents, ip_address=ip_address)
    move(registration, state, actor=actor, action="registration.submit_registration")
    return registration


def _place(registration: Registration) -> RegistrationState:
    """Where it goes to, and tell the person; the log's one chain is locked after that only."""
    fair, role = registration.fair, registration.role
    if fair.needs_approval:
        state = RegistrationState.PENDING
    elif places_of(fair).has_place(role) and not is_somebody_waiting(fair, role):
        state = RegistrationState.APPROVED
        registration.approved_at = timezone.now()
    else:
        state = RegistrationState.WAITLISTED
        join_waiting_list(registration)
    titles = {
        RegistrationState.PENDING: gettext_lazy("Your registration has arrived"),
        RegistrationState.APPROVED: gettext_lazy("You are admitted"),
        RegistrationState.WAITLISTED: gettext_lazy("You are on the waiting list"),
    }
    tell(
        registration,
        kind="fair-registration",
        title=titles[state],
        body=fair.page.lazy_label,
        key=f"sent:{registration.submitted_at:%Y%m%d%H%M%S}",
    )
    return state


@transaction.atomic(savepoint=False)
def set_consents(
    *,
    actor: User,
    registration: Registration,
    consents: Collection[str],
    ip_address: str | None = None,
) -> None:
    """Bring the ledger to what the person agrees to for this fair; unchanged lines stay."""
    require(is_own(actor, registration))
    fair = registration.fair
    held = consents_in_force(actor, subject=fair.code)
    texts = {text.purpose: text for text in current_texts()}
    for purpose in (ConsentPurpose.FAIR_ORGANIZER, *OPTIONAL_CONSENTS):
        if purpose in consents and purpose not in held:
            named = purpose == ConsentPurpose.FAIR_ORGANIZER
            give_consent(
                actor=actor,
                text=texts[purpose],
                recipient=fair.organizer if named else None,
                subject=fair.code,
                ip_address=ip_address,
            )
        elif purpose in OPTIONAL_CONSENTS and purpose not in consents and purpose in held:
            withdraw_consent(actor=actor, purpose=purpose, subject=fair.code)


@transaction.atomic
@recorded_last()
def withdraw_registration(*, actor: User, registration: Registration) -> Registration:
    """Give the place up, with the consents for this fair; the next one is offered it at once."""
    registration = lock(registration)
    require(can_withdraw(actor, registration))
    registration.approved_at = None
    end_wait(registration, WaitOutcome.LEFT)
    move(
        registration,
        RegistrationState.WITHDRAWN,
        actor=actor,
        action="registration.withdraw_registration",
    )
    for purpose in consents_in_force(actor, subject=registration.fair.code):
        withdraw_consent(actor=actor, purpose=purpose, subject=registration.fair.code)
    offer_places(registration.fair, timezone.now())
    return registration
