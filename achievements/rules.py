from portal.accounts.enums import PortalRole

from .enums import Disclosure

PLATFORM_READERS = (PortalRole.COMMISSION, PortalRole.REVIEWER, PortalRole.AUDITOR)


def is_owner_side(user, listing) -> bool:
    """Tell whether ``user`` belongs to the organization that published ``listing``."""
    return user.is_authenticated and listing.institute.organization_id in user.organization_ids


def can_read_listing(user, listing) -> bool:
    """Tell whether ``user`` may read the published text of ``listing``."""
    if user.is_authenticated and user.has_role(*PLATFORM_READERS):
        return True
    if is_owner_side(user, listing):
        return True
    if not listing.is_current:
        return False
    if listing.disclosure == Disclosure.PUBLIC:
        return True
    return listing.disclosure == Disclosure.REGISTERED and user.is_authenticated
