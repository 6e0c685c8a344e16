"""Consent to disclosure and confidentiality agreements, asked for in the thread."""

from datetime import date

from portal.accounts.models import Organization, User
from portal.disclosure import services as disclosure
from portal.disclosure.enums import Basis, FieldGroup
from portal.disclosure.models import ConfidentialityAgreement, DisclosureConsent

from ..disclosure import listing_of, listings_of
from ..enums import Party
from ..models import Interest, InterestMessage
from ..rules import (
    can_ask_consent,
    can_propose_agreement,
    is_of_either_side,
    organization_of,
    side_of,
)
from .changes import UnableToChangeInterest, require


def _own_and_other(actor: User, interest: Interest) -> tuple[Organization, Organization, Party]:
    if side_of(actor, interest) == Party.SENDER:
        return interest.sender_organization, interest.receiver_organization, Party.RECEIVER
    return interest.receiver_organization, interest.sender_organization, Party.SENDER


def ask_consent(*, actor: User, interest: Interest, purpose: str) -> DisclosureConsent:
    """Ask the other side to open what it has closed. Raises ``UnableToChangeInterest``."""
    require(can_ask_consent(actor, interest))
    own, _other, side = _own_and_other(actor, interest)
    listing = listing_of(interest, side)
    require(listing is not None)
    try:
        return disclosure.ask_consent(
            actor=actor,
            organization=own,
            listing=listing,
            purpose=purpose,
            origin=interest.get_absolute_url(),
        )
    except disclosure.UnableToDisclose as error:
        raise UnableToChangeInterest(str(error)) from error


def propose_agreement(
    *, actor: User, interest: Interest, purpose: str, starts_on: date, ends_on: date
) -> ConfidentialityAgreement:
    """Propose a confidentiality agreement on what the interest is about."""
    require(can_propose_agreement(actor, interest))
    own, other, _side = _own_and_other(actor, interest)
    try:
        return disclosure.propose_agreement(
            actor=actor,
            organization=own,
            counterparty=other,
            listings=listings_of(interest),
            purpose=purpose,
            starts_on=starts_on,
            ends_on=ends_on,
            origin=interest.get_absolute_url(),
        )
    except disclosure.UnableToDisclose as error:
        raise UnableToChangeInterest(str(error)) from error


def record_confidential_reading(*, user: User, messages: list[InterestMessage]) -> None:
    """Put on record that the authority read confidential messages, once for each organization."""
    opened = [each for each in messages if each.is_confidential and each.sent_at]
    if not opened or is_of_either_side(user, opened[0].interest):
        return
    for owner_id in {organization_of(each) for each in opened if each.body_is_open} - {None}:
        assert owner_id is not None
        disclosure.record_reading(
            user=user,
            listing=opened[0].interest.code,
            owner_id=owner_id,
            groups=[FieldGroup.THREAD],
            basis=Basis.REQUEST,
        )
