"""Two people exchange contacts: one asks, the other confirms, and each consent is in the ledger.

Giving personal data to another needs a consent of its own that names to whom (PIPL art. 23).
"""

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _, gettext_lazy

from events.registration.models import Registration
from events.registration.services import tell
from portal.accounts.enums import ConsentPurpose
from portal.accounts.models import User
from portal.accounts.queries import current_text
from portal.accounts.services import give_consent
from portal.audit.services import record

from ..enums import ALLOWED_TRANSITIONS, ExchangeState
from ..models import ContactExchange
from ..queries import shares_contact
from ..rules import can_answer_exchange, can_exchange


class UnableToExchange(Exception):
    """Contacts cannot be exchanged so; the message says why and what to do."""


@transaction.atomic
def ask_contact(
    *, actor: User, own: Registration, other: Registration, ip_address: str | None = None
) -> ContactExchange:
    """Offer the own contact and ask for the other's; where the other has asked, both are given.

    The consent of who asks is written at once; nothing is shown before the other agrees. Raises
    ``UnableToExchange``.
    """
    now = timezone.now()
    if own.person_id != actor.pk or own.fair_id != other.fair_id or own.pk == other.pk:
        raise UnableToExchange(_("You can exchange contacts with others of the same fair only."))
    if not (can_exchange(own, now) and can_exchange(other, now)):
        raise UnableToExchange(_("Contacts are exchanged at the fair, by people who take part."))
    low, high = sorted((own.pk, other.pk))
    exchange, is_new = ContactExchange.objects.select_for_update(of=("self",)).get_or_create(
        fair=own.fair, low=low, high=high, defaults={"asking": own, "asked": other}
    )
    if not is_new:
        if can_answer_exchange(actor, exchange):
            return confirm_exchange(actor=actor, exchange=exchange, ip_address=ip_address)
        return exchange
    _consent(exchange, actor, other, ip_address)
    record(
        actor=actor,
        action="gates.ask_contact",
        target=exchange,
        organization_id=own.fair.organizer_id,
    )
    tell(
        other,
        kind="fair-contact",
        title=gettext_lazy("Somebody wants to exchange contacts with you"),
        body=format_lazy("{} · {}", own.name, own.organization_label),
        key=f"contact:{exchange.pk}",
    )
    return exchange


@transaction.atomic
def confirm_exchange(
    *, actor: User, exchange: ContactExchange, ip_address: str | None = None
) -> ContactExchange:
    """Agree: now each sees the other's contact."""
    exchange = _answer(actor, exchange, ExchangeState.CONFIRMED)
    _consent(exchange, actor, exchange.asking, ip_address)
    tell(
        exchange.asking,
        kind="fair-contact",
        title=gettext_lazy("Contacts exchanged"),
        body=format_lazy("{} · {}", exchange.asked.name, exchange.asked.organization_label),
        key=f"exchanged:{exchange.pk}",
    )
    return exchange


@transaction.atomic
def decline_exchange(*, actor: User, exchange: ContactExchange) -> ContactExchange:
    """Turn it down; the other is not told, and keeps nothing."""
    return _answer(actor, exchange, ExchangeState.DECLINED)


@transaction.atomic
def hand_out_card(*, actor: User, exchange: ContactExchange, own: Registration) -> None:
    """Write down that somebody took the other's card. Raises where it may not be read."""
    other = exchange.other_than(own)
    if own.person_id != actor.pk or not shares_contact(exchange, other):
        raise UnableToExchange(_("This contact is not shared, or no longer."))
    record(
        actor=actor,
        action="gates.hand_out_card",
        target=exchange,
        organization_id=exchange.fair.organizer_id,
    )


def _answer(actor: User, exchange: ContactExchange, state: ExchangeState) -> ContactExchange:
    found = ContactExchange.objects.select_for_update(of=("self",)).select_related(
        "fair__page", "asking__person", "asked__person"
    )
    exchange = found.get(pk=exchange.pk)
    is_allowed = state in ALLOWED_TRANSITIONS[exchange.state]
    if not (is_allowed and can_answer_exchange(actor, exchange)):
        raise UnableToExchange(_("This has been answered already, or it is not yours to answer."))
    exchange.state, exchange.answered_at = state, timezone.now()
    exchange.save(update_fields=["state", "answered_at"])
    record(
        actor=actor,
        action="gates.answer_contact",
        target=exchange,
        organization_id=exchange.fair.organizer_id,
        state=state,
    )
    return exchange


def _consent(
    exchange: ContactExchange, actor: User, to: Registration, ip_address: str | None
) -> None:
    give_consent(
        actor=actor,
        text=current_text(ConsentPurpose.SHARE_CONTACT),
        recipient=to.organization,
        subject=exchange.consent_subject,
        ip_address=ip_address,
    )
