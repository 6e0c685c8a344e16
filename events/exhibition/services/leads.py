"""Contacts at a booth: noted by the exhibitor, opened by the visitor's consent alone."""

import re
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _, gettext_lazy

from events.fairs.models import Fair
from events.registration.models import Registration
from portal.accounts.enums import ConsentPurpose
from portal.accounts.models import User
from portal.accounts.queries import current_text
from portal.accounts.services import give_consent, withdraw_consent
from portal.notifications.services import notify

from ..enums import LeadSource
from ..models import Exhibitor, Lead
from ..rules import can_export_leads, can_leave_card, can_note_leads, can_read_leads
from .changes import UnableToExhibit, lock, log, require

TICKET = re.compile(r"[0-9a-f]{32}")


def find_ticket(fair: Fair, text: str) -> Registration:
    """The admitted person of a ticket, typed with or without gaps. Raises ``UnableToExhibit``."""
    ticket = re.sub(r"[\s\-]", "", text).lower()
    people = Registration.objects.admitted().filter(fair=fair, ticket=ticket)
    found = people.select_related("person", "organization").first()
    if not TICKET.fullmatch(ticket) or found is None:
        raise UnableToExhibit(_("No ticket of this fair: look at the code again."))
    return found


@transaction.atomic
def note_lead(
    *,
    actor: User,
    exhibitor: Exhibitor,
    ticket: str,
    source: str = LeadSource.TYPED,
    note: str = "",
    rating: int | None = None,
) -> Lead:
    """Note a visitor by ticket, once: a second time adds to the note and keeps the rating given.

    The visitor is asked for consent; name and contact data stay closed until then.
    """
    exhibitor = lock(exhibitor)
    require(can_note_leads(actor, exhibitor))
    registration = find_ticket(exhibitor.fair, ticket)
    lead, is_new = Lead.objects.select_for_update().get_or_create(
        exhibitor=exhibitor,
        registration=registration,
        defaults={"source": LeadSource(source), "noted_by": actor},
    )
    lead.note = "\n".join(part for part in (lead.note, note.strip()) if part)[:500]
    lead.rating = rating or lead.rating
    lead.save()
    log(actor, exhibitor, "note_lead", lead=lead.pk, source=lead.source)
    if is_new:
        _ask_consent(lead)
    return lead


def _ask_consent(lead: Lead) -> None:
    registration, exhibitor = lead.registration, lead.exhibitor
    if registration.person:
        notify(
            user=registration.person,
            kind="exhibitor-card",
            title=format_lazy(
                gettext_lazy("May {name} have your contact data?"), name=exhibitor.label
            ),
            body=exhibitor.fair.page.lazy_label,
            url=reverse("exhibition:cards", args=[exhibitor.fair.code]),
            dedupe_key=f"lead:{lead.pk}",
        )


@transaction.atomic
def leave_card(
    *, actor: User, exhibitor: Exhibitor, registration: Registration, ip_address: str | None = None
) -> Lead:
    """Give the own contact data to an exhibitor: a lead and the consent in one act (PIPL art. 23).

    Also the answer to an exhibitor who asks for it.
    """
    exhibitor = lock(exhibitor)
    require(can_leave_card(actor, exhibitor, registration))
    require(registration.fair_id == exhibitor.fair_id)
    lead, _is_new = Lead.objects.select_for_update().get_or_create(
        exhibitor=exhibitor, registration=registration, defaults={"source": LeadSource.CARD}
    )
    lead.consent = give_consent(
        actor=actor,
        text=current_text(ConsentPurpose.SHARE_CONTACT),
        recipient=exhibitor.organization,
        subject=exhibitor.fair.code,
        ip_address=ip_address,
    )
    lead.save(update_fields=["consent"])
    log(actor, exhibitor, "leave_card", lead=lead.pk)
    return lead


@transaction.atomic
def take_card_back(*, actor: User, lead: Lead) -> Lead:
    """End the consent: the exhibitor sees organization and role alone again."""
    require(lead.registration.person_id == actor.pk)
    withdraw_consent(
        actor=actor,
        purpose=ConsentPurpose.SHARE_CONTACT,
        subject=lead.exhibitor.fair.code,
        recipient=lead.exhibitor.organization,
    )
    log(actor, lead.exhibitor, "take_card_back", lead=lead.pk)
    lead.refresh_from_db()
    return lead


@transaction.atomic
def rate_lead(*, actor: User, lead: Lead, rating: int | None, note: str) -> Lead:
    """Any member of the exhibitor's organization, also after the fair."""
    lead = Lead.objects.select_for_update(of=("self",)).select_related("exhibitor").get(pk=lead.pk)
    require(can_read_leads(actor, lead.exhibitor))
    lead.rating, lead.note = rating, note.strip()
    lead.save(update_fields=["rating", "note"])
    log(actor, lead.exhibitor, "rate_lead", lead=lead.pk)
    return lead


def record_export(*, actor: User, exhibitor: Exhibitor, kind: str) -> None:
    """Write down that personal data was handed out. Raises for all but the exhibitor's office."""
    require(can_export_leads(actor, exhibitor))
    log(actor, exhibitor, "export_leads", kind=kind)


def erase_leads(*, now: datetime | None = None) -> int:
    """Erase the leads of fairs whose retention is over (PIPL art. 47)."""
    now = now or timezone.now()
    over = Lead.objects.filter(exhibitor__fair__purged_at__lte=now)
    removed, _models = over.delete()
    return removed
