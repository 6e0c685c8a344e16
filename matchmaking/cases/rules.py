from portal.accounts.enums import PortalRole
from portal.accounts.models import Visitor

from .enums import EventKind, PartyRole
from .models import ConversionCase
from .moves import INDIRECT, MOVES


def roles_in(user: Visitor, case: ConversionCase) -> frozenset[PartyRole]:
    """What ``user`` may act as: for the parties whose office the person belongs to, as broker."""
    if not user.is_authenticated:
        return frozenset()
    roles = {
        PartyRole(party.role)
        for party in case.parties.present()
        if party.organization_id in user.office_organization_ids
    }
    return frozenset(roles | ({PartyRole.BROKER} if case.broker_id == user.pk else set()))


def can_move(user: Visitor, case: ConversionCase, kind: EventKind) -> bool:
    """Tell whether ``user`` acts for a party that may make this move at all."""
    return kind not in INDIRECT and bool(MOVES[kind].by & roles_in(user, case))


def can_read_case(user: Visitor, case: ConversionCase) -> bool:
    return ConversionCase.objects.for_user(user).filter(pk=case.pk).exists()


def can_correct(user: Visitor, case: ConversionCase) -> bool:
    """Owner and taker correct what was entered wrongly; everybody sees that and why."""
    return bool(roles_in(user, case) & {PartyRole.OWNER, PartyRole.TAKER, PartyRole.BROKER})


def can_edit_law(user: Visitor) -> bool:
    return user.is_authenticated and user.has_role(PortalRole.COMMISSION)


def can_oversee(user: Visitor) -> bool:
    """The commission and the auditors read every case."""
    return user.is_authenticated and user.has_role(PortalRole.COMMISSION, PortalRole.AUDITOR)
