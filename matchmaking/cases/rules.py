from portal.accounts.enums import PortalRole
from portal.accounts.models import Visitor
from portal.accounts.rules import can_oversee

from .enums import EventKind, PartyRole
from .models import CaseFile, ConversionCase
from .moves import INDIRECT, MOVES


def roles_in(user: Visitor, case: ConversionCase) -> frozenset[PartyRole]:
    """What ``user`` may act as: for the parties whose office the person belongs to, as broker."""
    if not user.is_authenticated:
        return frozenset()
    roles = {
        PartyRole(party.role)
        for party in case.present_parties()
        if party.organization_id in user.office_organization_ids
    }
    return frozenset(roles | ({PartyRole.BROKER} if case.broker_id == user.pk else set()))


def can_move(user: Visitor, case: ConversionCase, kind: EventKind) -> bool:
    """Tell whether ``user`` acts for a party that may make this move at all."""
    return kind not in INDIRECT and bool(MOVES[kind].by & roles_in(user, case))


def can_read_case(user: Visitor, case: ConversionCase) -> bool:
    return ConversionCase.objects.for_user(user).filter(pk=case.pk).exists()


def takes_part(user: Visitor, case: ConversionCase) -> bool:
    """Whoever belongs to a party, or is the broker or a named person of the case.

    Only they read names and contacts of persons (PIPL art. 23, 25).
    """
    if not user.is_authenticated:
        return False
    return case.broker_id == user.pk or any(
        party.organization_id in user.organization_ids or party.user_id == user.pk
        for party in case.present_parties()
    )


def can_see_reward(user: Visitor, case: ConversionCase) -> bool:
    """What a result cost its owners and what they pay their people is no matter of the taker's."""
    return can_see_shares(user, case) or can_oversee(user)


def can_see_shares(user: Visitor, case: ConversionCase) -> bool:
    """Who receives how much of the reward is made public in the owner's unit, not beyond it."""
    return user.is_authenticated and any(
        party.role == PartyRole.OWNER and party.organization_id in user.organization_ids
        for party in case.present_parties()
    )


def can_read_file(user: Visitor, file: CaseFile) -> bool:
    """Parties read every paper of a case, its other readers those that are not confidential."""
    return can_read_case(user, file.case) and (
        not file.is_confidential or takes_part(user, file.case)
    )


def can_manage_parties(user: Visitor, case: ConversionCase) -> bool:
    return can_move(user, case, EventKind.PARTY_ADDED) and case.is_open


def can_open_case(user: Visitor) -> bool:
    """Offices for their organizations, and brokers."""
    return user.is_authenticated and (
        bool(user.office_organization_ids) or user.has_role(PortalRole.BROKER)
    )


def can_correct(user: Visitor, case: ConversionCase) -> bool:
    """Owner and taker correct what was entered wrongly; everybody sees that and why."""
    return bool(roles_in(user, case) & {PartyRole.OWNER, PartyRole.TAKER, PartyRole.BROKER})


def can_edit_law(user: Visitor) -> bool:
    return user.is_authenticated and user.has_role(PortalRole.COMMISSION)
