from portal.accounts.enums import PortalRole
from portal.accounts.models import Organization, Visitor

from .models import AnnualReport


def can_write_report_of(user: Visitor, organization: Organization) -> bool:
    """The office of an institute writes its annual reports."""
    return user.is_authenticated and organization.pk in user.office_organization_ids


def can_write_report(user: Visitor, report: AnnualReport) -> bool:
    return user.is_authenticated and report.organization_id in user.office_organization_ids


def can_take_in_report(user: Visitor) -> bool:
    """The commission decides; an auditor only reads."""
    return user.is_authenticated and user.has_role(PortalRole.COMMISSION)
