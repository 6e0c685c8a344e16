"""Consents, agreements and requests in the states that tests need, by the ordinary services."""

from datetime import timedelta

from allauth.mfa.totp.internal.auth import TOTP
from django.utils import timezone

from portal.accounts.enums import PortalRole
from portal.accounts.models import RoleGrant
from portal.disclosure.models import ConfidentialityAgreement
from portal.disclosure.services import (
    ask_consent,
    confirm_agreement,
    grant_consent,
    propose_agreement,
    request_access,
)
from portal.notifications.models import Notification
from tests.factories.accounts import UserFactory
from tests.factories.second_step import SECRET, code_of


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


def overseer(role=PortalRole.AUDITOR):
    user = UserFactory()
    RoleGrant.objects.create(user=user, role=role)
    TOTP.activate(user, SECRET)
    return user


def verify(organization, level=1):
    organization.verification_level = level
    organization.save()


def ask(listing, company, **more):
    return ask_consent(
        actor=more.pop("actor", company.owner),
        organization=company.organization,
        listing=listing,
        purpose=more.pop("purpose", "评估能否用于现有产线"),
        **more,
    )


def grant(listing, company, owner, days=30):
    return grant_consent(actor=owner, consent=ask(listing, company), until=in_days(days))


def propose(listing, company, institute, **more) -> ConfidentialityAgreement:
    return propose_agreement(
        actor=more.pop("actor", company.owner),
        organization=more.pop("organization", company.organization),
        counterparty=more.pop("counterparty", institute.organization),
        listings=more.pop("listings", [listing]),
        purpose=more.pop("purpose", "评估导热膜的许可条件"),
        starts_on=more.pop("starts_on", in_days(0)),
        ends_on=more.pop("ends_on", in_days(365)),
        **more,
    )


def sign(agreement, *officers):
    for officer in officers:
        if not officer.authenticator_set.exists():
            TOTP.activate(officer, SECRET)
        agreement = confirm_agreement(
            actor=officer, agreement=agreement, digest=agreement.digest, code=code_of()
        )
    return agreement


def signed(listing, company, institute, **more):
    return sign(propose(listing, company, institute, **more), company.owner, institute.owner)


def asked_by(user, listing, groups=("FIGURES",), **more):
    return request_access(
        actor=user,
        subject=more.pop("subject", listing.code),
        owner=more.pop("owner", listing.organization),
        groups=groups,
        reason=more.pop("reason", "核查补助材料"),
        until=more.pop("until", in_days(14)),
        **more,
    )


def told(user):
    """The kinds of what a person was told, in order."""
    notes = Notification.objects.filter(user=user).order_by("pk")
    return list(notes.values_list("kind", flat=True))


def disclosure_addresses(institute, company, interest, auditor):
    """A consent, an agreement and an access request about the achievement of an interest."""
    page, today = interest.page.specific, timezone.localdate()
    consent = ask_consent(
        actor=company.owner, organization=company.organization, listing=page, purpose="试用"
    )
    agreement = propose_agreement(
        actor=company.owner,
        organization=company.organization,
        counterparty=institute.organization,
        listings=[page],
        purpose="试用",
        starts_on=today,
        ends_on=today,
    )
    request = request_access(
        actor=auditor,
        subject=page.code,
        owner=institute.organization,
        groups=["PRICE"],
        reason="核查",
        until=today,
    )
    return {
        "disclosure:consent": {"pk": consent.pk},
        "disclosure:agreement": {"code": agreement.code},
        "disclosure:agreement-pdf": {"code": agreement.code},
        "disclosure:agreement-copy": {"code": agreement.code},
        "disclosure:request": {"code": request.code},
        "disclosure:levels": {"code": page.code},
    }
