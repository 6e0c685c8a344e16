from dataclasses import dataclass, field
from typing import Any

from portal.accounts.models import User
from portal.accounts.rules import can_oversee
from portal.disclosure.queries import Access, agreements_between, consents_between, parts_for

from ..disclosure import listing_of, listings_of
from ..enums import Party
from ..models import Interest
from ..rules import is_of_either_side, side_of


@dataclass(frozen=True)
class Disclosure:
    """What the two sides of an interest have opened to each other, as one of their people sees it.

    ``own`` is the reader's listing, ``other`` the other side's with what of it stays closed.
    """

    own: Any = None
    other: Any = None
    access: Access = field(default_factory=Access)
    consents: list = field(default_factory=list)
    agreements: list = field(default_factory=list)


def disclosure_of(interest: Interest, user: User) -> Disclosure | None:
    """None for whoever is of neither side and does not oversee."""
    if not (is_of_either_side(user, interest) or can_oversee(user)):
        return None
    parties = [interest.sender_organization_id, interest.receiver_organization_id]
    listings = listings_of(interest)
    consents = list(consents_between([each.code for each in listings], parties))
    agreements = list(agreements_between(*parties)) if interest.names_receiver else []
    side = side_of(user, interest)
    if side not in {Party.SENDER, Party.RECEIVER}:
        return Disclosure(consents=consents, agreements=agreements)
    other_side = Party.RECEIVER if side == Party.SENDER else Party.SENDER
    other, access = listing_of(interest, other_side), Access()
    if other is not None:
        [other] = parts_for(user, [other])
        access = other.access
    return Disclosure(listing_of(interest, side), other, access, consents, agreements)
