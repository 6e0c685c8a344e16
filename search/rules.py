from portal.accounts.enums import PortalRole
from portal.accounts.models import Visitor


def can_tend_search(user: Visitor) -> bool:
    """Tell whether ``user`` keeps the search's words and indexes."""
    return user.is_authenticated and user.has_role(PortalRole.EDITOR, PortalRole.OPERATOR)
