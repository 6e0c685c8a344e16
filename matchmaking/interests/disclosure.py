"""What the two sides of an interest may open to each other, and a thread to the authority."""

from typing import Any

from portal.accounts.models import Visitor
from portal.disclosure.enums import FieldGroup
from portal.disclosure.kinds import Subject, register_subject

from .enums import Party, TargetKind
from .models import Interest

CODE_PREFIX = "YX"


def listing_of(interest: Interest, side: Party) -> Any | None:
    """What one side has published: the receiver's target, or what the sender brings to the match.

    None where the sender brings nothing.
    """
    is_need = (interest.kind == TargetKind.NEED) == (side == Party.RECEIVER)
    if is_need:
        return interest.need
    return interest.page.specific if interest.page else None


def listings_of(interest: Interest) -> list[Any]:
    found = (listing_of(interest, side) for side in (Party.RECEIVER, Party.SENDER))
    return [listing for listing in found if listing is not None]


def find_thread(user: Visitor, code: str) -> Subject | None:
    """The thread whose confidential messages an access request may be about."""
    interest = Interest.objects.for_user(user).with_names().filter(code=code).first()
    if interest is None:
        return None
    return Subject(
        code,
        interest.target_label,
        interest.get_absolute_url(),
        (interest.sender_organization, interest.receiver_organization),
        (FieldGroup.THREAD,),
    )


register_subject(CODE_PREFIX, find_thread)
