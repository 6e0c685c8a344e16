from portal.accounts.enums import PortalRole
from portal.accounts.models import Organization, Visitor

from .enums import Disclosure
from .models import InstitutePage, ListingPage

PLATFORM_READERS = (PortalRole.COMMISSION, PortalRole.REVIEWER, PortalRole.AUDITOR)


def is_owner_side(user: Visitor, listing: ListingPage) -> bool:
    """Tell whether ``user`` belongs to the organization that published ``listing``."""
    return user.is_authenticated and listing.institute.organization_id in user.organization_ids


def can_read_listing(user: Visitor, listing: ListingPage) -> bool:
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


def can_import(user: Visitor, organization: Organization) -> bool:
    """Tell whether ``user`` belongs to the organization's office (owners and editors)."""
    return user.is_authenticated and organization.pk in user.office_organization_ids


def can_publish_under(user: Visitor, institute: InstitutePage) -> bool:
    """Tell whether ``user`` is a member of the institute and may write for it."""
    return user.is_authenticated and institute.organization_id in user.organization_ids


def can_edit_listing(user: Visitor, listing: ListingPage) -> bool:
    """Tell whether ``user`` may change the text: its author, or the institute's office."""
    if not user.is_authenticated:
        return False
    organization_id = listing.institute.organization_id
    if organization_id in user.office_organization_ids:
        return True
    return listing.owner_id == user.pk and organization_id in user.organization_ids


def can_change_facts(user: Visitor, listing: ListingPage) -> bool:
    """Tell whether ``user`` may change validity and disclosure, outside review."""
    return can_edit_listing(user, listing)
