from django.db import transaction
from django.utils import timezone

from portal.audit.services import record

from ..enums import PortalRole
from ..models import Consent, ConsentText, Organization, RoleGrant, User
from .organizations import require


@transaction.atomic
def edit_profile(*, actor: User, user: User, fields: list[str]) -> User:
    """Store what a person changed in the own profile; the log names the fields, not their values.

    Nobody edits another person's profile.
    """
    require(actor.pk == user.pk)
    if fields:
        user.save(update_fields=fields)
        record(actor=actor, action="accounts.edit_profile", target=user, fields=sorted(fields))
    return user


@transaction.atomic(savepoint=False)
def give_consent(
    *,
    actor: User,
    text: ConsentText,
    recipient: Organization | None = None,
    subject: str = "",
    ip_address: str | None = None,
) -> Consent:
    """Write a line of the consent ledger; an older one for purpose, recipient and subject ends."""
    older = actor.consents.in_force().filter(
        text__purpose=text.purpose, recipient=recipient, subject=subject
    )
    older.update(withdrawn_at=timezone.now())
    consent = Consent.objects.create(
        user=actor, text=text, recipient=recipient, subject=subject, ip_address=ip_address
    )
    record(
        actor=actor,
        action="accounts.give_consent",
        target=text,
        organization_id=recipient.pk if recipient else None,
    )
    return consent


@transaction.atomic(savepoint=False)
def withdraw_consent(
    *, actor: User, purpose: str, subject: str = "", recipient: Organization | None = None
) -> None:
    """End the consent for a purpose, or for one subject or recipient; its line stays."""
    held = actor.consents.in_force().filter(text__purpose=purpose, subject=subject)
    if recipient:
        held = held.filter(recipient=recipient)
    held.update(withdrawn_at=timezone.now())
    record(actor=actor, action="accounts.withdraw_consent", purpose=purpose)


@transaction.atomic
def grant_role(*, actor: User | None, user: User, role: str) -> RoleGrant:
    """Give a platform role; only operators do, nobody to themselves (None: the portal itself)."""
    _require_operator(actor, user)
    grant, created = RoleGrant.objects.get_or_create(
        user=user, role=role, defaults={"granted_by": actor}
    )
    if created:
        record(actor=actor, action="accounts.grant_role", target=user, role=role)
    user.__dict__.pop("roles", None)
    return grant


@transaction.atomic
def revoke_role(*, actor: User | None, user: User, role: str) -> None:
    """Take a platform role back; what does not exist stays unrecorded."""
    _require_operator(actor, user)
    deleted, _models = RoleGrant.objects.filter(user=user, role=role).delete()
    if deleted:
        record(actor=actor, action="accounts.revoke_role", target=user, role=role)
    user.__dict__.pop("roles", None)


def _require_operator(actor: User | None, user: User) -> None:
    require(actor is None or (actor.has_role(PortalRole.OPERATOR) and actor.pk != user.pk))
