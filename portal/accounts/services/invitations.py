import secrets
from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from portal.audit.services import record
from portal.notifications.services import notify

from ..enums import MembershipState
from ..models import Invitation, Membership, Organization, User
from ..queries import digest_of
from ..rules import can_manage_members
from .organizations import UnableToChangeOrganization, forget_memberships, require

INVITATION_DAYS = 7


@transaction.atomic
def invite_member(*, actor: User, organization: Organization, email: str, role: str) -> Invitation:
    """Mail an invitation that holds for seven days; an older open one to the address ends."""
    require(can_manage_members(actor, organization))
    now = timezone.now()
    organization.invitations.filter(
        email__iexact=email, accepted_at__isnull=True, revoked_at__isnull=True
    ).update(revoked_at=now)
    token = secrets.token_urlsafe(24)
    invitation = Invitation.objects.create(
        organization=organization,
        email=email.lower(),
        role=role,
        token_digest=digest_of(token),
        invited_by=actor,
        expires_at=now + timedelta(days=INVITATION_DAYS),
    )
    record(actor=actor, action="accounts.invite_member", target=organization, role=role)
    path = reverse("accounts:invitation", args=[token])
    subject = " ".join((_("%(name)s invites you") % {"name": organization.label}).split())
    text = _(
        "%(person)s invites you to join %(name)s on %(portal)s as %(role)s.\n\n"
        "The link holds until %(date)s; sign in or register with this address:\n%(link)s"
    ) % {
        "person": actor,
        "name": organization.label,
        "portal": settings.PORTAL_NAME,
        "role": invitation.get_role_display(),
        "date": timezone.localdate(invitation.expires_at),
        "link": f"{settings.WAGTAILADMIN_BASE_URL}{path}",
    }
    send_mail(subject, text, None, [email])
    return invitation


@transaction.atomic
def accept_invitation(*, actor: User, token: str) -> Membership:
    """Join by an invitation; raises when it is used, revoked, expired or for somebody else."""
    return _accept(actor, Invitation.objects.filter(token_digest=digest_of(token)))


@transaction.atomic
def accept_own_invitation(*, actor: User, invitation: Invitation) -> Membership:
    """Join without the link: the confirmed address proves as much as the mail would."""
    return _accept(actor, Invitation.objects.filter(pk=invitation.pk))


def _accept(actor: User, invitations: QuerySet[Invitation]) -> Membership:
    invitation = _find_open(actor, invitations)
    if invitation.organization.memberships.active().filter(user=actor).exists():
        raise UnableToChangeOrganization(_("You are a member already."))
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    membership, _created = Membership.objects.update_or_create(
        user=actor,
        organization=invitation.organization,
        defaults={"role": invitation.role, "state": MembershipState.ACTIVE},
    )
    forget_memberships(actor)
    record(actor=actor, action="accounts.accept_invitation", target=invitation.organization)
    return membership


@transaction.atomic
def revoke_invitation(*, actor: User, invitation: Invitation) -> None:
    """End an open invitation; raises when it was accepted or revoked before."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    require(can_manage_members(actor, invitation.organization))
    if invitation.accepted_at or invitation.revoked_at:
        raise UnableToChangeOrganization(_("This invitation is no longer open."))
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    record(actor=actor, action="accounts.revoke_invitation", target=invitation.organization)


@transaction.atomic
def decline_invitation(*, actor: User, invitation: Invitation) -> None:
    """Say no to an open invitation; who sent it is told. Raises as an acceptance does."""
    invitation = _find_open(actor, Invitation.objects.filter(pk=invitation.pk))
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    record(actor=actor, action="accounts.decline_invitation", target=invitation.organization)
    if invitation.invited_by:
        notify(
            user=invitation.invited_by,
            kind="invitation-declined",
            title=gettext_lazy("Your invitation was declined"),
            body=f"{invitation.email} · {invitation.organization.label}",
            url=reverse("accounts:members", args=[invitation.organization_id]),
        )


def _find_open(actor: User, invitations: QuerySet[Invitation]) -> Invitation:
    invitation = invitations.select_for_update().first()
    if invitation is None or invitation.revoked_at or invitation.accepted_at:
        raise UnableToChangeOrganization(_("This invitation is no longer open. Ask for a new one."))
    if invitation.expires_at < timezone.now():
        raise UnableToChangeOrganization(_("This invitation has expired. Ask for a new one."))
    if invitation.email != actor.email.lower():
        raise UnableToChangeOrganization(
            _("This invitation was sent to another address. Sign in with that one.")
        )
    return invitation
