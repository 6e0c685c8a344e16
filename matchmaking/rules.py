from django.utils import timezone

from portal.accounts.enums import PUBLISHING_KINDS, PortalRole
from portal.accounts.models import Visitor

from .enums import ALLOWED_TRANSITIONS, EDITABLE_STATES, NeedState, Side
from .models import Need


def is_company_side(user: Visitor, need: Need) -> bool:
    return user.is_authenticated and need.organization_id in user.organization_ids


def can_edit_need(user: Visitor, need: Need) -> bool:
    return is_company_side(user, need) and need.state in EDITABLE_STATES


def can_change_published(user: Visitor, need: Need) -> bool:
    """The company changes a published need beside the published text, not while it is reviewed."""
    pending = need.pending_changes or {}
    return (
        is_company_side(user, need)
        and need.state == NeedState.PUBLISHED
        and not pending.get("is_submitted")
    )


def can_write_need(user: Visitor, need: Need) -> bool:
    return can_edit_need(user, need) or can_change_published(user, need)


def can_review_changes(user: Visitor, need: Need) -> bool:
    """A platform reviewer decides on changes, but never on the own ones."""
    pending = need.pending_changes or {}
    return (
        user.is_authenticated
        and PortalRole.REVIEWER in user.roles
        and need.state == NeedState.PUBLISHED
        and bool(pending.get("is_submitted"))
        and pending.get("author") != user.pk
        and not is_company_side(user, need)
    )


def can_manage_need(user: Visitor, need: Need) -> bool:
    return is_company_side(user, need)


def can_close_need(user: Visitor, need: Need) -> bool:
    return is_company_side(user, need) and NeedState.CLOSED in ALLOWED_TRANSITIONS[need.state]


def can_withdraw_need(user: Visitor, need: Need) -> bool:
    return is_company_side(user, need) and NeedState.WITHDRAWN in ALLOWED_TRANSITIONS[need.state]


def can_reopen_need(user: Visitor, need: Need) -> bool:
    """A withdrawn need at any time, a closed one as long as it would still be valid."""
    is_valid = need.valid_until is not None and need.valid_until >= timezone.localdate()
    return is_company_side(user, need) and (
        need.state == NeedState.WITHDRAWN or (need.state == NeedState.CLOSED and is_valid)
    )


def can_take_back_need(user: Visitor, need: Need) -> bool:
    return is_company_side(user, need) and need.state == NeedState.AT_BROKER


def may_repair(user: Visitor, need: Need) -> bool:
    """A broker repairs needs, never those of the own organization."""
    return (
        user.is_authenticated
        and user.has_role(PortalRole.BROKER)
        and not is_company_side(user, need)
    )


def can_repair_need(user: Visitor, need: Need) -> bool:
    """The need still waits for a broker."""
    return may_repair(user, need) and need.state == NeedState.AT_BROKER


def can_take_need(user: Visitor, need: Need) -> bool:
    """Nobody waits for a broker who is away: another one may take the need over."""
    return can_repair_need(user, need) and need.broker_id != user.pk


def can_rewrite_need(user: Visitor, need: Need) -> bool:
    """Whoever has taken the need; anybody while nobody has."""
    return can_repair_need(user, need) and need.broker_id in {None, user.pk}


def can_answer_need(user: Visitor, need: Need) -> bool:
    """An institute may offer a solution unless the company has excluded it."""
    return (
        user.is_authenticated
        and need.state == NeedState.PUBLISHED
        and not is_company_side(user, need)
        and any(each.organization.kind in PUBLISHING_KINDS for each in user.active_memberships)
        and not need.excluded.filter(pk__in=user.organization_ids).exists()
    )


def can_review_need(user: Visitor, need: Need) -> bool:
    """A platform reviewer decides, but not on the own text or organization."""
    return (
        user.is_authenticated
        and user.has_role(PortalRole.REVIEWER)
        and need.state == NeedState.IN_REVIEW
        and need.author_id != user.pk
        and not is_company_side(user, need)
    )


def can_see_matches(user: Visitor, need: Need) -> bool:
    if not user.is_authenticated:
        return False
    return is_company_side(user, need) or user.has_role(
        PortalRole.BROKER, PortalRole.REVIEWER, PortalRole.COMMISSION, PortalRole.AUDITOR
    )


def judging_side(user: Visitor, need: Need, organization_id: int | None) -> Side | None:
    """For whom ``user`` may judge a listing of that organization on a need; None: not at all."""
    if not user.is_authenticated:
        return None
    if is_company_side(user, need):
        return Side.COMPANY
    if organization_id in user.office_organization_ids:
        return Side.INSTITUTE
    return Side.BROKER if user.has_role(PortalRole.BROKER) else None


def can_see_match(user: Visitor, need: Need, organization_id: int | None) -> bool:
    """Why one listing fits: whoever sees all matches, and the listing's own institute."""
    return can_see_matches(user, need) or (
        user.is_authenticated and organization_id in user.organization_ids
    )


def can_open_case_of(user: Visitor, need: Need, organization_id: int | None) -> bool:
    """Either side's office, and brokers; an institute not while the company's name is withheld."""
    if not user.is_authenticated:
        return False
    offices = user.office_organization_ids
    knows_both = need.shows_organization and (
        organization_id in offices or user.has_role(PortalRole.BROKER)
    )
    return need.organization_id in offices or knows_both


def can_see_statistics(user: Visitor) -> bool:
    return user.is_authenticated and user.has_role(
        PortalRole.COMMISSION, PortalRole.OPERATOR, PortalRole.AUDITOR
    )
