from collections.abc import Collection

from portal.accounts.enums import OVERSEERS, PortalRole
from portal.accounts.models import Organization, Visitor
from portal.accounts.rules import can_oversee
from portal.disclosure.queries import opened_by_request
from portal.disclosure.rules import is_of_office

from .enums import InterestState, Party, TargetKind
from .models import Interest, InterestFile, InterestMessage


def owner_id_of(interest: Interest) -> int | None:
    """The person who wrote what the interest is about."""
    if interest.kind == TargetKind.NEED:
        return interest.need.author_id if interest.need else None
    return interest.page.owner_id if interest.page else None


def _speaks_for(user: Visitor, organization_id: int, person_id: int | None) -> bool:
    """The organization's office does, and the person concerned as long as a member."""
    if not user.is_authenticated:
        return False
    return organization_id in user.office_organization_ids or (
        user.pk == person_id and organization_id in user.organization_ids
    )


def side_of(user: Visitor, interest: Interest) -> Party | None:
    """For whom ``user`` may act; who sent an interest never answers it for the other side."""
    if user.pk is not None and user.pk == interest.sender_id:
        is_member = interest.sender_organization_id in user.organization_ids
        return Party.SENDER if is_member else None
    if _speaks_for(user, interest.receiver_organization_id, owner_id_of(interest)):
        return Party.RECEIVER
    if _speaks_for(user, interest.sender_organization_id, interest.sender_id):
        return Party.SENDER
    return Party.BROKER if is_broker_of(user, interest) else None


def is_broker_of(user: Visitor, interest: Interest) -> bool:
    return (
        user.is_authenticated and user.has_role(PortalRole.BROKER) and interest.broker_id == user.pk
    )


def is_of_either_side(user: Visitor, interest: Interest) -> bool:
    return user.is_authenticated and not user.organization_ids.isdisjoint(
        {interest.sender_organization_id, interest.receiver_organization_id}
    )


def can_accept(user: Visitor, interest: Interest) -> bool:
    return interest.state == InterestState.SENT and side_of(user, interest) == Party.RECEIVER


def can_decline(user: Visitor, interest: Interest) -> bool:
    """The receiver at any time, the sender once both are in talks."""
    side = side_of(user, interest)
    if interest.state == InterestState.SENT:
        return side == Party.RECEIVER
    return interest.state == InterestState.ANSWERED and side in {Party.SENDER, Party.RECEIVER}


def can_withdraw(user: Visitor, interest: Interest) -> bool:
    return interest.state == InterestState.SENT and side_of(user, interest) == Party.SENDER


def can_close(user: Visitor, interest: Interest) -> bool:
    return interest.state == InterestState.ANSWERED and side_of(user, interest) in {
        Party.SENDER,
        Party.RECEIVER,
    }


def can_write(user: Visitor, interest: Interest) -> bool:
    return interest.is_open and side_of(user, interest) is not None


def can_start_case(user: Visitor, interest: Interest) -> bool:
    """Either side's office, or the broker, once both are in talks."""
    if not user.is_authenticated or interest.state != InterestState.ANSWERED:
        return False
    sides = {interest.sender_organization_id, interest.receiver_organization_id}
    return is_broker_of(user, interest) or not sides.isdisjoint(user.office_organization_ids)


def can_introduce(user: Visitor, interest: Interest) -> bool:
    return interest.is_open and is_broker_of(user, interest)


def can_hand_over(user: Visitor, interest: Interest) -> bool:
    """The broker, and those who run the service when the broker is away."""
    if not (user.is_authenticated and interest.is_open and interest.broker_id):
        return False
    return is_broker_of(user, interest) or user.has_role(PortalRole.COMMISSION)


def can_read_body(
    user: Visitor, message: InterestMessage, opened: Collection[int] | None = None
) -> bool:
    """Confidential bodies are for the two organizations, drafts for their author.

    A granted access request opens those of one organization to the authority's person for a time;
    ``opened`` are these organizations where they are known already.
    """
    if message.sent_at is None:
        return user.pk is not None and message.author_id == user.pk
    interest = message.interest
    if not message.is_confidential or is_of_either_side(user, interest):
        return True
    if opened is None:
        opened = opened_by_request(user, interest.code)
    return organization_of(message) in opened


def organization_of(message: InterestMessage) -> int | None:
    """In whose name a message was written; None for a broker's."""
    interest = message.interest
    return {
        Party.SENDER: interest.sender_organization_id,
        Party.RECEIVER: interest.receiver_organization_id,
    }.get(Party(message.side))


def can_ask_consent(user: Visitor, interest: Interest) -> bool:
    """Either side, as long as the interest is open and both know each other's names."""
    is_side = side_of(user, interest) in {Party.SENDER, Party.RECEIVER}
    return is_side and interest.is_open and interest.names_receiver


def can_propose_agreement(user: Visitor, interest: Interest) -> bool:
    """An officer of either side."""
    parties = {Party.SENDER: interest.sender_organization_id}
    parties[Party.RECEIVER] = interest.receiver_organization_id
    side = side_of(user, interest)
    is_officer = side in parties and is_of_office(user, parties[side])
    return is_officer and can_ask_consent(user, interest)


def can_read_file(user: Visitor, file: InterestFile) -> bool:
    readable = Interest.objects.for_user(user).filter(pk=file.message.interest_id)
    return readable.exists() and can_read_body(user, file.message)


def can_see_receiver(user: Visitor, interest: Interest) -> bool:
    """Tell whether the receiver's name is shown: a withheld one not to the sender's side."""
    if interest.names_receiver or not user.is_authenticated:
        return interest.names_receiver
    return interest.sender_organization_id not in user.organization_ids


def can_read_records(user: Visitor, organization: Organization) -> bool:
    """The interests behind an organization's figures: who sent one learns nothing more of it."""
    if not user.is_authenticated:
        return False
    return can_oversee(user) or organization.pk in user.organization_ids


def can_see_desk(user: Visitor) -> bool:
    """Brokers, who oversees them, and operators, who appoint more of them."""
    return user.is_authenticated and user.has_role(
        PortalRole.BROKER, PortalRole.OPERATOR, *OVERSEERS
    )
