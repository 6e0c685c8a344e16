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


def is_patent_side(user: Visitor, patent: Patent) -> bool:
    """Tell whether ``user`` may read the whole record: its editors, members of holders, authors."""
    if not user.is_authenticated:
        return False
    return (
        can_edit_patent(user, patent)
        or patent.holders.filter(organization__in=user.organization_ids).exists()
        or patent.pages.filter(institute__organization__in=user.organization_ids).exists()
    )


def can_write_about(user: Visitor, patent: Patent) -> bool:
    """Tell whether ``user`` may open a page about a recorded patent.

    What the patent office has not published yet is the applicants' secret.
    """
    return patent.is_published or is_patent_side(user, patent)
