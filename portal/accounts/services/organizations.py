from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from portal.audit.services import record
from portal.notifications.services import notify
from portal.taxonomy.models import Industry

from ..enums import CheckResult, MembershipRole, VerificationLevel
from ..identifiers import normalize_credit_code
from ..models import Membership, Organization, User
from ..queries import holder_of_code
from ..rules import can_edit_organization

# Whoever checked an organization compared these with its papers.
IDENTITY_FIELDS = ("name", "name_en", "kind", "credit_code", "is_public_body")


class UnableToChangeOrganization(Exception):
    """The organization or its members cannot be changed so; the message says what to do."""


def require(allowed: bool) -> None:
    if not allowed:
        raise UnableToChangeOrganization(_("You may not do this for the organization."))


@transaction.atomic
def create_organization(
    *, actor: User, organization: Organization, industries: Iterable[Industry] = ()
) -> Organization:
    """Register an organization with ``actor`` as its first owner.

    Raises ``UnableToChangeOrganization`` for a code that is registered already, with the way out,
    and ``ValidationError`` for a wrong one.
    """
    _keep_code_unique(organization)
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


def _keep_code_unique(organization: Organization) -> None:
    organization.credit_code = normalize_credit_code(organization.credit_code or "") or None
    holder = holder_of_code(organization.credit_code, besides=organization)
    if holder:
        raise UnableToChangeOrganization(
            _("%(name)s is registered with this code already. Ask to join it instead.")
            % {"name": holder.label}
        )


@transaction.atomic
def edit_organization(
    *, actor: User, organization: Organization, industries: Iterable[Industry]
) -> Organization:
    """Store the changed description of an organization.

    It was checked for one name, kind and code: with others its verification starts again, and
    papers that wait are closed. Raises as ``create_organization`` does.
    """
    before = Organization.objects.select_for_update().get(pk=organization.pk)
    require(can_edit_organization(actor, before))
    _keep_code_unique(organization)
    changed = [
        name for name in IDENTITY_FIELDS if getattr(before, name) != getattr(organization, name)
    ]
    for name in ("verification_level", "verified_by", "verified_at", "contact_note"):
        setattr(organization, name, getattr(before, name))
    if changed:
        _start_verification_again(organization)
    organization.full_clean()
    organization.save()
    organization.industries.set(industries)
    if before.logo and before.logo.name != organization.logo.name:
        transaction.on_commit(lambda: before.logo.storage.delete(before.logo.name or ""))
    record(
        actor=actor,
        action="accounts.edit_organization",
        target=organization,
        organization_id=organization.pk,
        identity=changed,
        level_before=before.verification_level,
        level=organization.verification_level,
    )
    return organization


def _start_verification_again(organization: Organization) -> None:
    was_checked = organization.verification_level != VerificationLevel.FORMAT
    organization.verification_level = VerificationLevel.FORMAT
    organization.verified_by = organization.verified_at = None
    organization.contact_note = ""
    organization.memberships.update(affirmed_at=None)
    closed = organization.papers.filter(result=CheckResult.PENDING).update(
        result=CheckResult.OVERTAKEN
    )
    if not (was_checked or closed):
        return
    for owner in organization.memberships.owners().select_related("user"):
        notify(
            user=owner.user,
            kind="verification-restarted",
            title=gettext_lazy("Your organization has to be verified again"),
            body=gettext_lazy(
                "Name, kind or code of the organization changed, so it has to be checked anew."
            ),
            url=reverse("accounts:papers", args=[organization.pk]),
        )
