from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from portal.accounts.models import Organization, User
from portal.audit.services import record

from ..kinds import find_listing, kind_of
from ..models import DisclosureConsent
from ..queries import people_of
from ..rules import can_answer_consent, can_ask_consent, can_end_consent
from .changes import UnableToDisclose, require, require_text, tell

LONGEST = timedelta(days=3 * 365 + 1)


def _lock(consent: DisclosureConsent) -> tuple[DisclosureConsent, Any]:
    locked = DisclosureConsent.objects.select_for_update(of=("self",))
    found = locked.select_related("organization", "owner_organization").get(pk=consent.pk)
    return found, find_listing(found.listing)


def _note(actor: User, action: str, consent: DisclosureConsent, **payload: Any) -> None:
    record(
        actor=actor,
        action=f"disclosure.{action}",
        target=consent,
        organization_id=consent.owner_organization_id,
        reader=consent.organization_id,
        **payload,
    )


@transaction.atomic
def ask_consent(
    *, actor: User, organization: Organization, listing: Any, purpose: str, origin: str = ""
) -> DisclosureConsent:
    """Ask the owner to open a listing to one's organization.

    Raises ``UnableToDisclose`` while a question is open or a consent in force.
    """
    Organization.objects.select_for_update().get(pk=organization.pk)
    require(can_ask_consent(actor, listing, organization.pk))
    purpose = require_text(purpose, _("Please write what you need it for."))
    asked = DisclosureConsent.objects.filter(listing=listing.code, organization=organization)
    if asked.filter(granted_at=None, refused_at=None).exists() or asked.in_force().exists():
        raise UnableToDisclose(_("Your organization has asked already, or it is open to it."))
    consent = DisclosureConsent.objects.create(
        listing=listing.code,
        owner_organization=listing.organization,
        organization=organization,
        purpose=purpose[:500],
        origin=origin,
        asked_by=actor,
    )
    _note(actor, "ask_consent", consent)
    tell(
        people_of(listing.organization.pk, kind_of(listing).author(listing)),
        kind="consent-asked",
        title=gettext_lazy("Somebody asks to read what is closed"),
        about=listing.label,
        body=purpose,
        url=consent.get_absolute_url(),
    )
    return consent


def _tell_reader(consent: DisclosureConsent, kind: str, title: Any, body: str, label: str) -> None:
    tell(
        people_of(consent.organization_id, consent.asked_by),
        kind=kind,
        title=title,
        about=label,
        body=body,
        url=consent.get_absolute_url(),
    )


@transaction.atomic
def grant_consent(*, actor: User, consent: DisclosureConsent, until: date) -> DisclosureConsent:
    """Open a listing to the organization that asked, to the last day of ``until``."""
    consent, listing = _lock(consent)
    require(can_answer_consent(actor, consent, listing))
    today = timezone.localdate()
    if not today <= until <= today + LONGEST:
        raise UnableToDisclose(
            _("Choose a day between today and %(last)s.") % {"last": (today + LONGEST).isoformat()}
        )
    consent.granted_by, consent.granted_at, consent.until = actor, timezone.now(), until
    consent.save()
    _note(actor, "grant_consent", consent, until=until.isoformat())
    title = gettext_lazy("What you asked to read is open to you")
    _tell_reader(consent, "consent-granted", title, f"{until:%Y-%m-%d}", _label(listing, consent))
    return consent


@transaction.atomic
def refuse_consent(*, actor: User, consent: DisclosureConsent, reason: str) -> DisclosureConsent:
    consent, listing = _lock(consent)
    require(can_answer_consent(actor, consent, listing))
    consent.reason = require_text(reason, _("Please write why not; the other side reads it."))[:500]
    consent.refused_by, consent.refused_at = actor, timezone.now()
    consent.save()
    _note(actor, "refuse_consent", consent)
    title = gettext_lazy("What you asked to read stays closed")
    label = _label(listing, consent)
    _tell_reader(consent, "consent-refused", title, consent.reason, label)
    return consent


@transaction.atomic
def end_consent(*, actor: User, consent: DisclosureConsent) -> DisclosureConsent:
    """Close what was opened, from now on; what was read stays in the log."""
    consent, listing = _lock(consent)
    require(can_end_consent(actor, consent, listing))
    consent.ended_by, consent.ended_at = actor, timezone.now()
    consent.save()
    _note(actor, "end_consent", consent)
    title = gettext_lazy("The owner has closed what was open to you")
    _tell_reader(consent, "consent-ended", title, "", _label(listing, consent))
    return consent


def _label(listing: Any, consent: DisclosureConsent) -> str:
    return listing.label if listing else consent.listing
