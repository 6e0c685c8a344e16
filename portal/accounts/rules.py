from .enums import MembershipRole, PortalRole
from .models import Organization, Visitor


def can_manage_members(user: Visitor, organization: Organization) -> bool:
    """Tell whether ``user`` is an active owner of the organization."""
    return user.is_authenticated and any(
        membership.organization_id == organization.pk and membership.role == MembershipRole.OWNER
        for membership in user.active_memberships
    )


def can_edit_organization(user: Visitor, organization: Organization) -> bool:
    """Tell whether ``user`` acts for the organization as owner or editor."""
    return user.is_authenticated and organization.pk in user.office_organization_ids


def can_check_papers(user: Visitor) -> bool:
    return user.is_authenticated and user.has_role(PortalRole.REVIEWER)
