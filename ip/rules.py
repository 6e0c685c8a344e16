from portal.accounts.enums import PortalRole
from portal.accounts.models import Visitor

from .models import Patent


def can_edit_patent(user: Visitor, patent: Patent) -> bool:
    """Tell whether ``user`` may change a patent's facts: who recorded it, a holder, a reviewer."""
    if not user.is_authenticated:
        return False
    if user.has_role(PortalRole.REVIEWER) or patent.recorded_by_id == user.pk:
        return True
    return patent.holders.filter(organization__in=user.office_organization_ids).exists()
