import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.core.mail import send_mail
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from portal.audit.services import record
from portal.notifications.services import notify
from portal.taxonomy.models import Industry

from ..enums import (
    MembershipRole,
    MembershipState,
)
from ..identifiers import normalize_credit_code
from ..models import (
    Invitation,
    Membership,
    Organization,
    User,
)
from ..rules import can_edit_organization, can_manage_members

INVITATION_DAYS = 7


class UnableToChangeOrganization(Exception):
    """The organization or its members cannot be changed so; the message says what to do."""


def _require(allowed: bool) -> None:
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
    _forget_memberships(actor)
    record(
        actor=actor,
        action="accounts.create_organization",
        target=organization,
        organization_id=organization.pk,
    )
    return organization


def _forget_memberships(user: User) -> None:
    user.__dict__.pop("active_memberships", None)


@transaction.atomic
def edit_organization(
    *, actor: User, organization: Organization, industries: Iterable[Industry]
) -> Organization:
    """Store the changed description of an organization."""
    _require(can_edit_organization(actor, organization))
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
    _require(can_manage_members(actor, membership.organization))
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


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite_member(*, actor: User, organization: Organization, email: str, role: str) -> Invitation:
    """Mail an invitation that holds for seven days; an older open one to the address ends."""
    _require(can_manage_members(actor, organization))
    now = timezone.now()
    organization.invitations.filter(
        email__iexact=email, accepted_at__isnull=True, revoked_at__isnull=True
    ).update(revoked_at=now)
    token = secrets.token_urlsafe(24)
    invitation = Invitation.objects.create(
        organization=organization,
        email=email.lower(),
        role=role,
        token_digest=_digest(token),
        invited_by=actor,
        expires_at=now + timedelta(days=INVITATION_DAYS),
    )
    record(actor=actor, action="accounts.invite_member", target=organization, role=role)
    path = reverse("accounts:invitation", args=[token])
    subject = _("%(name)s invites you") % {"name": organization.label}
    transaction.on_commit(lambda: _send_invitation(subject, path, email))
    return invitation


def _send_invitation(subject: str, path: str, email: str) -> None:
    from django.conf import settings

    send_mail(subject, f"{settings.WAGTAILADMIN_BASE_URL}{path}", None, [email])


@transaction.atomic
def accept_invitation(*, actor: User, token: str) -> Membership:
    """Join by an invitation; raises when it is used, revoked, expired or for somebody else."""
    return _accept(actor, Invitation.objects.filter(token_digest=_digest(token)))


@transaction.atomic
def accept_own_invitation(*, actor: User, invitation: Invitation) -> Membership:
    """Join without the link: the confirmed address proves as much as the mail would."""
    return _accept(actor, Invitation.objects.filter(pk=invitation.pk))


def _accept(actor: User, invitations: QuerySet[Invitation]) -> Membership:
    invitation = invitations.select_for_update().first()
    if invitation is None or invitation.revoked_at or invitation.accepted_at:
        raise UnableToChangeOrganization(_("This invitation is no longer open. Ask for a new one."))
    if invitation.expires_at < timezone.now():
        raise UnableToChangeOrganization(_("This invitation has expired. Ask for a new one."))
    if invitation.email != actor.email.lower():
        raise UnableToChangeOrganization(
            _("This invitation was sent to another address. Sign in with that one.")
        )
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    membership, _created = Membership.objects.update_or_create(
        user=actor,
        organization=invitation.organization,
        defaults={"role": invitation.role, "state": MembershipState.ACTIVE},
    )
    _forget_memberships(actor)
    record(actor=actor, action="accounts.accept_invitation", target=invitation.organization)
    return membership


@transaction.atomic
def change_role(*, actor: User, membership: Membership, role: str) -> None:
    """Give a member another role; the last owner cannot be demoted."""
    _require(can_manage_members(actor, membership.organization))
    if role != MembershipRole.OWNER:
        _keep_an_owner(membership)
    membership.role = role
    membership.save(update_fields=["role"])
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
    _require(membership.user_id == actor.pk or can_manage_members(actor, membership.organization))
    _keep_an_owner(membership)
    membership.state = MembershipState.LEFT
    membership.save(update_fields=["state"])
    _forget_memberships(actor)
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


@transaction.atomic
def revoke_invitation(*, actor: User, invitation: Invitation) -> None:
    """End an open invitation; raises when it was accepted or revoked before."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    _require(can_manage_members(actor, invitation.organization))
    if invitation.accepted_at or invitation.revoked_at:
        raise UnableToChangeOrganization(_("This invitation is no longer open."))
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    record(actor=actor, action="accounts.revoke_invitation", target=invitation.organization)
