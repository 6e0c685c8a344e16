from typing import Any

from portal.accounts.models import Visitor
from portal.accounts.rules import can_oversee

from .enums import AgreementState, ConsentState, RequestState
from .kinds import kind_of
from .models import AccessRequest, ConfidentialityAgreement, DisclosureConsent


def can_set_levels(user: Visitor, listing: Any) -> bool:
    """Whoever may change the listing says from whom on it is open."""
    return user.is_authenticated and kind_of(listing).can_manage(user, listing)


def is_of_office(user: Visitor, organization_id: int | None) -> bool:
    return user.is_authenticated and organization_id in user.office_organization_ids


def can_ask_consent(user: Visitor, listing: Any, organization_id: int) -> bool:
    """Any member asks for the own organization, never its own listing."""
    return (
        user.is_authenticated
        and organization_id in user.organization_ids
        and listing.organization.pk not in user.organization_ids
    )


def can_answer_consent(user: Visitor, consent: DisclosureConsent, listing: Any) -> bool:
    """The owner's office, and whoever may change the listing, as long as nobody has answered."""
    return consent.state == ConsentState.ASKED and _answers_for(user, consent, listing)


def can_end_consent(user: Visitor, consent: DisclosureConsent, listing: Any) -> bool:
    return consent.state == ConsentState.GRANTED and _answers_for(user, consent, listing)


def _answers_for(user: Visitor, consent: DisclosureConsent, listing: Any) -> bool:
    if is_of_office(user, consent.owner_organization_id):
        return True
    return listing is not None and can_set_levels(user, listing)


def can_propose_agreement(user: Visitor, organization_id: int) -> bool:
    """An officer (owner or editor) binds the organization."""
    return is_of_office(user, organization_id)


def side_in(user: Visitor, agreement: ConfidentialityAgreement) -> int | None:
    """The party for which ``user`` may sign, as an officer; None: for neither."""
    for party in (agreement.proposer_id, agreement.counterparty_id):
        if is_of_office(user, party):
            return party
    return None


def has_confirmed(agreement: ConfidentialityAgreement, organization_id: int) -> bool:
    if organization_id == agreement.proposer_id:
        return agreement.proposer_confirmed_at is not None
    return agreement.counterparty_confirmed_at is not None


def can_confirm_agreement(user: Visitor, agreement: ConfidentialityAgreement) -> bool:
    """An officer of a side that has not confirmed yet."""
    side = side_in(user, agreement)
    is_open = agreement.state == AgreementState.PROPOSED
    return is_open and side is not None and not has_confirmed(agreement, side)


def can_upload_copy(user: Visitor, agreement: ConfidentialityAgreement) -> bool:
    return agreement.state == AgreementState.PROPOSED and side_in(user, agreement) is not None


def can_accept_copy(user: Visitor, agreement: ConfidentialityAgreement) -> bool:
    """An officer of the other side than the one that handed the signed copy in."""
    side = side_in(user, agreement)
    return (
        agreement.state == AgreementState.PROPOSED
        and agreement.copy_organization_id is not None
        and side not in {None, agreement.copy_organization_id}
    )


def can_decline_agreement(user: Visitor, agreement: ConfidentialityAgreement) -> bool:
    """Either side, as long as it is not signed: the proposer takes it back."""
    return agreement.state == AgreementState.PROPOSED and side_in(user, agreement) is not None


def can_end_agreement(user: Visitor, agreement: ConfidentialityAgreement) -> bool:
    """Either side, as far as access goes; the duty of secrecy outlasts it (see the template)."""
    return agreement.is_in_force and side_in(user, agreement) is not None


def can_read_agreement(user: Visitor, agreement: ConfidentialityAgreement) -> bool:
    """Text and signed copy are for both parties; those who oversee see that it exists."""
    return user.is_authenticated and not user.organization_ids.isdisjoint(
        {agreement.proposer_id, agreement.counterparty_id}
    )


def can_request_access(user: Visitor) -> bool:
    return can_oversee(user)


def can_answer_request(user: Visitor, request: AccessRequest) -> bool:
    return request.state == RequestState.ASKED and is_of_office(user, request.owner_organization_id)


def may_see_lists(user: Visitor) -> bool:
    """Members of organizations, and those who oversee."""
    return user.is_authenticated and (bool(user.organization_ids) or can_request_access(user))
