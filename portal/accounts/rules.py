from .enums import OFFICE_ROLES, OVERSEERS, MembershipRole, PortalRole
from .models import Organization, User, Visitor


def can_manage_members(user: Visitor, organization: Organization) -> bool:
    """Tell whether ``user`` is an active owner of the organization."""
    return user.is_authenticated and any(
        membership.organization_id == organization.pk and membership.role == MembershipRole.OWNER
        for membership in user.active_memberships
    )


def can_edit_organization(user: Visitor, organization: Organization) -> bool:
    """Tell whether ``user`` is an active owner or editor, also of one that may not act yet."""
    return user.is_authenticated and any(
        membership.organization_id == organization.pk and membership.role in OFFICE_ROLES
        for membership in user.active_memberships
    )


def can_oversee(user: Visitor) -> bool:
    """The commission and the auditors read what the organizations do on the portal."""
    return user.is_authenticated and user.has_role(*OVERSEERS)


def can_check_papers(user: Visitor) -> bool:
    return user.is_authenticated and user.has_role(PortalRole.REVIEWER)


def can_check_organization(user: User, organization: Organization) -> bool:
    """A reviewer checks every organization but the own ones."""
    return can_check_papers(user) and not any(
        membership.organization_id == organization.pk for membership in user.active_memberships
    )
