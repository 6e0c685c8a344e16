from portal.accounts.enums import PortalRole
from portal.accounts.models import Visitor


def can_keep_calendar(user: Visitor) -> bool:
    return user.is_authenticated and user.has_role(PortalRole.OPERATOR, PortalRole.COMMISSION)
