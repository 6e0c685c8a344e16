import hashlib

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from .enums import ConsentPurpose, VerificationLevel
from .models import Consent, ConsentText, Invitation, Membership, Organization, User


def has_consent(user: User, purpose: str) -> bool:
    """Tell whether the ledger holds a consent of ``user`` for ``purpose`` that is in force."""
    return user.consents.in_force().filter(text__purpose=purpose).exists()


def current_texts() -> list[ConsentText]:
    """The newest text of each purpose, in the order of the enumeration."""
    newest = {}
    for text in ConsentText.objects.order_by("version"):
        newest[text.purpose] = text
    return [newest[purpose] for purpose in ConsentPurpose.values if purpose in newest]


def current_text(purpose: str) -> ConsentText:
    """What somebody who agrees to a purpose now agrees to, word for word."""
    return ConsentText.objects.filter(purpose=purpose).latest("version")


def consents_in_force(user: User, subject: str = "") -> dict[str, Consent]:
    """Purpose → the consent that holds everywhere, or for one subject."""
    consents = user.consents.in_force().filter(subject=subject).select_related("text")
    return {consent.text.purpose: consent for consent in consents.order_by("pk")}


def consents_by_subject(user: User) -> QuerySet[Consent]:
    """What the person agreed to for single fairs, the latest first."""
    held = user.consents.in_force().exclude(subject="").select_related("text", "recipient")
    return held.order_by("-given_at", "-pk")


def has_confirmed_address(user: User) -> bool:
    """Tell whether the address that the person signs in with is confirmed."""
    return EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists()


def contacts_to_confirm() -> QuerySet[Membership]:
    """Office members who say that they act for an organization that nobody has checked yet."""
    confirmed = EmailAddress.objects.filter(user=OuterRef("user"), verified=True)
    return (
        Membership.objects.office()
        .filter(
            Exists(confirmed),
            affirmed_at__isnull=False,
            organization__verification_level=VerificationLevel.FORMAT,
        )
        .select_related("user", "organization__district")
        .order_by("affirmed_at")
    )


def open_invitations(user: User) -> QuerySet[Invitation]:
    """Invitations to this person's address, once it is confirmed."""
    confirmed = EmailAddress.objects.filter(
        user=user, verified=True, email__iexact=OuterRef("email")
    )
    return Invitation.objects.filter(
        Exists(confirmed),
        email=user.email.lower(),
        accepted_at__isnull=True,
        revoked_at__isnull=True,
        expires_at__gt=timezone.now(),
    ).select_related("organization")


def digest_of(token: str) -> str:
    """What is kept of an invitation's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def invitation_by_token(token: str) -> Invitation | None:
    """The invitation that a mailed link names, in whatever state it is."""
    found = Invitation.objects.filter(token_digest=digest_of(token))
    return found.select_related("organization").first()


def find_organizations(query: str) -> QuerySet[Organization]:
    """Organizations by name, short name or exact credit code."""
    organizations = Organization.objects.filter(merged_into__isnull=True).select_related("district")
    if query:
        organizations = organizations.filter(
            Q(name__icontains=query)
            | Q(name_en__icontains=query)
            | Q(short_name__icontains=query)
            | Q(credit_code=query.upper())
        )
    return organizations.order_by("name", "pk")


def holder_of_code(code: str | None, *, besides: Organization) -> Organization | None:
    """The organization that is registered with a normalized code already, if there is one."""
    if not code:
        return None
    return Organization.objects.filter(credit_code=code).exclude(pk=besides.pk).first()
