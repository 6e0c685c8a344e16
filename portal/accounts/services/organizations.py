from django.db import transaction
from django.utils.translation import gettext as _

from portal.audit.services import record

from ..enums import MembershipRole
from ..identifiers import normalize_credit_code
from ..models import Membership, Organization, User
from ..rules import can_edit_organization


class UnableToChangeOrganization(Exception):
    """The organization or its members cannot be changed so; the message says what to do."""


def require(allowed: bool) -> None:
    if not allowed:
        raise UnableToChangeOrganization(_("You may not do this for the organization."))


@transaction.atomic
def create_organization(*, actor: User, organization: Organization, industries=()) -> Organization:
    """Register an organization with ``actor`` as its first owner.

    Raises ``UnableToChangeOrganization`` for a code that is registered already, with the way out,
    and ``ValidationError`` for a wrong one.
    """
    if organization.credit_code:
        organization.credit_code = normalize_credit_code(organization.credit_code)
        existing = Organization.objects.filter(credit_code=organization.credit_code).first()
        if existing:
            raise UnableToChangeOrganization(
                _("%(name)s is registered with this code already. Ask to join it instead.")
                % {"name": existing.label}
            )
    organization.full_clean()
    organization.save()
    organization.industries.set(industries)
    Membership.objects.create(user=actor, organization=organization, role=MembershipRole.OWNER)
    forget_memberships(actor)
    record(
        actor=actor,
        action="accounts.create_organization",
        target=organization,
        organization_id=organization.pk,
    )
    return organization


def forget_memberships(user: User) -> None:
    user.__dict__.pop("active_memberships", None)


@transaction.atomic
def edit_organization(*, actor: User, organization: Organization, industries) -> Organization:
    """Store the changed description of an organization."""
    require(can_edit_organization(actor, organization))
    organization.full_clean()
    organization.save()
    organization.industries.set(industries)
    record(
        actor=actor,
        action="accounts.edit_organization",
        target=organization,
        organization_id=organization.pk,
    )
    return organization
