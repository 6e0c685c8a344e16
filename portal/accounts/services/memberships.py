from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from portal.audit.services import record
from portal.notifications.services import notify

from ..enums import MembershipRole, MembershipState
from ..models import Membership, Organization, User
from ..rules import can_manage_members
from .organizations import UnableToChangeOrganization, forget_memberships, require


@transaction.atomic
def request_membership(*, actor: User, organization: Organization, message: str) -> Membership:
    """Ask to join; the owners are told. Raises when there is a request or membership already."""
    membership = Membership.objects.filter(user=actor, organization=organization).first()
    if membership and membership.state != MembershipState.LEFT:
        raise UnableToChangeOrganization(_("You are a member already, or have asked before."))
    membership, _created = Membership.objects.update_or_create(
        user=actor,
        organization=organization,
        defaults={
            "state": MembershipState.REQUESTED,
            "role": MembershipRole.MEMBER,
            "message": message[:300],
        },
    )
    record(actor=actor, action="accounts.request_membership", target=organization)
    for owner in Membership.objects.owners().filter(organization=organization):
        notify(
            user=owner.user,
            kind="membership-requested",
            title=gettext_lazy("Somebody asks to join your organization"),
            body=str(actor),
            url=reverse("accounts:members", args=[organization.pk]),
        )
    return membership


@transaction.atomic
def decide_membership(*, actor: User, membership: Membership, accept: bool) -> None:
    """Accept or refuse a request to join."""
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    require(can_manage_members(actor, membership.organization))
    if membership.state != MembershipState.REQUESTED:
        raise UnableToChangeOrganization(_("This request has been decided already."))
    membership.state = MembershipState.ACTIVE if accept else MembershipState.LEFT
    membership.decided_by = actor
    membership.save()
    record(
        actor=actor,
        action="accounts.decide_membership",
        target=membership.organization,
        member=membership.user_id,
        accepted=accept,
    )
    notify(
        user=membership.user,
        kind="membership-decided",
        title=gettext_lazy("Your request to join was accepted")
        if accept
        else gettext_lazy("Your request to join was declined"),
        body=membership.organization.label,
        url=reverse("accounts:organization", args=[membership.organization_id]),
    )


@transaction.atomic
def take_back_request(*, actor: User, organization: Organization) -> None:
    """End one's own request to join; raises when it has been decided or never made."""
    request = Membership.objects.select_for_update().filter(
        user=actor, organization=organization, state=MembershipState.REQUESTED
    )
    membership = request.first()
    if membership is None:
        raise UnableToChangeOrganization(_("There is no request of yours that waits."))
    membership.state = MembershipState.LEFT
    membership.save(update_fields=["state"])
    record(actor=actor, action="accounts.take_back_request", target=organization)


@transaction.atomic
def change_role(*, actor: User, membership: Membership, role: str) -> None:
    """Give a member another role; the last owner cannot be demoted."""
    require(can_manage_members(actor, membership.organization))
    if membership.state != MembershipState.ACTIVE:
        raise UnableToChangeOrganization(_("Only a member has a role."))
    if role != MembershipRole.OWNER:
        _keep_an_owner(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    forget_memberships(actor)
    record(
        actor=actor,
        action="accounts.change_role",
        target=membership.organization,
        member=membership.user_id,
        role=role,
    )


@transaction.atomic
def leave_organization(*, actor: User, membership: Membership) -> None:
    """End a membership, by the member or by an owner; the last owner cannot leave."""
    require(membership.user_id == actor.pk or can_manage_members(actor, membership.organization))
    _keep_an_owner(membership)
    membership.state = MembershipState.LEFT
    membership.affirmed_at = None
    membership.save(update_fields=["state", "affirmed_at"])
    forget_memberships(actor)
    record(
        actor=actor,
        action="accounts.leave_organization",
        target=membership.organization,
        member=membership.user_id,
    )


def _keep_an_owner(membership: Membership) -> None:
    Organization.objects.select_for_update().get(pk=membership.organization_id)
    membership.refresh_from_db(fields=["role", "state"])
    others = (
        Membership.objects.owners()
        .filter(organization=membership.organization_id)
        .exclude(pk=membership.pk)
    )
    if membership.role == MembershipRole.OWNER and not others.exists():
        raise UnableToChangeOrganization(
            _("The last owner cannot leave. Make somebody else an owner first.")
        )
