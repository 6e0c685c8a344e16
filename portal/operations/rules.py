from portal.accounts.enums import PortalRole
from portal.accounts.models import Visitor


def can_read_outbox(user: Visitor) -> bool:
    return user.is_authenticated and user.has_role(PortalRole.OPERATOR)


def can_read_audit(user: Visitor) -> bool:
    return user.is_authenticated and user.has_role(PortalRole.AUDITOR)
