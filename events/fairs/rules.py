from portal.accounts.enums import OVERSEERS, PortalRole, VerificationLevel
from portal.accounts.models import Organization, Visitor

from .enums import FairState
from .models import Fair


def can_plan_fairs(user: Visitor) -> bool:
    """The commission, operators, and the office of any organization whose licence was checked."""
    if not user.is_authenticated:
        return False
    return user.has_role(PortalRole.COMMISSION, PortalRole.OPERATOR) or any(
        can_organize(user, membership.organization) for membership in user.active_memberships
    )


def can_organize(user: Visitor, organization: Organization) -> bool:
    """Plan a fair in the organization's name."""
    if not user.is_authenticated or organization.verification_level < VerificationLevel.LICENCE:
        return False
    serves = user.has_role(PortalRole.COMMISSION, PortalRole.OPERATOR)
    return serves or organization.pk in user.office_organization_ids


def can_manage_fair(user: Visitor, fair: Fair) -> bool:
    """The organizer's office, operators, and the commission's person who planned it."""
    if not user.is_authenticated:
        return False
    if user.has_role(PortalRole.OPERATOR) or fair.organizer_id in user.office_organization_ids:
        return True
    return user.has_role(PortalRole.COMMISSION) and fair.created_by_id == user.pk


def can_read_fair(user: Visitor, fair: Fair) -> bool:
    """Those who manage it, who oversee, and the office of a co-organizer."""
    if not user.is_authenticated:
        return False
    if can_manage_fair(user, fair) or user.has_role(*OVERSEERS, PortalRole.REVIEWER):
        return True
    offices = user.office_organization_ids
    return bool(offices) and fair.co_organizers.filter(pk__in=offices).exists()


def can_read_people(user: Visitor, fair: Fair) -> bool:
    """Registrations hold personal data: those who run the fair, and who oversees it."""
    return can_manage_fair(user, fair) or (user.is_authenticated and user.has_role(*OVERSEERS))


def can_edit_plan(user: Visitor, fair: Fair) -> bool:
    return not fair.is_ended and fair.state != FairState.REVIEW and can_manage_fair(user, fair)


def can_submit_fair(user: Visitor, fair: Fair) -> bool:
    return fair.state == FairState.DRAFT and can_manage_fair(user, fair)


def can_review_fair(user: Visitor, fair: Fair) -> bool:
    """A platform reviewer or operator who neither sent it nor belongs to its organizer."""
    if not user.is_authenticated or fair.state != FairState.REVIEW:
        return False
    is_own = any(each.organization_id == fair.organizer_id for each in user.active_memberships)
    is_staff = user.has_role(PortalRole.REVIEWER, PortalRole.OPERATOR)
    return is_staff and not is_own and user.pk not in {fair.submitted_by_id, fair.created_by_id}


def can_cancel_fair(user: Visitor, fair: Fair) -> bool:
    return not fair.is_ended and can_manage_fair(user, fair)


def can_move_fair(user: Visitor, fair: Fair) -> bool:
    """Once it is announced a new time or place goes to everybody; before that it is a draft."""
    moved_freely = {FairState.DRAFT, FairState.REVIEW, FairState.LIVE}
    return fair.state not in moved_freely and not fair.is_ended and can_manage_fair(user, fair)
