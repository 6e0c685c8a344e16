import secrets
from pathlib import PurePath

from django.core.files import File
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from portal.audit.services import record
from portal.notifications.services import notify

from ..enums import CheckResult, PaperKind, VerificationLevel
from ..models import Membership, Organization, User, VerificationPaper
from ..queries import contacts_to_confirm, has_confirmed_address
from ..rules import can_check_organization, can_edit_organization
from ..signals import organization_verified
from .organizations import UnableToChangeOrganization, require

LICENCE_PAPERS = {PaperKind.BUSINESS_LICENCE, PaperKind.INSTITUTION_CERTIFICATE}


@transaction.atomic
def submit_paper(
    *, actor: User, organization: Organization, kind: str, file: File
) -> VerificationPaper:
    """Hand in a paper for the check under a random name; ``file`` was checked by its content."""
    require(can_edit_organization(actor, organization))
    paper = VerificationPaper(organization=organization, kind=kind, uploaded_by=actor)
    suffix = PurePath(file.name or "").suffix.lower()
    paper.file.save(f"{secrets.token_urlsafe(18)}{suffix}", file, save=False)
    paper.save()
    record(
        actor=actor,
        action="accounts.submit_paper",
        target=paper,
        organization_id=organization.pk,
    )
    return paper


@transaction.atomic
def affirm_contact(*, actor: User, organization: Organization) -> Membership:
    """Put on record that ``actor`` acts for the organization; a reviewer confirms it.

    Raises ``UnableToChangeOrganization`` without the office's role, a confirmed address or a code.
    """
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    require(can_edit_organization(actor, organization))
    _require_code(organization)
    if organization.verification_level != VerificationLevel.FORMAT:
        raise UnableToChangeOrganization(_("The contact has been confirmed already."))
    if not has_confirmed_address(actor):
        raise UnableToChangeOrganization(_("Please confirm your e-mail address first."))
    membership = Membership.objects.get(user=actor, organization=organization)
    membership.affirmed_at = timezone.now()
    membership.save(update_fields=["affirmed_at"])
    record(
        actor=actor,
        action="accounts.affirm_contact",
        target=organization,
        organization_id=organization.pk,
    )
    return membership


@transaction.atomic
def confirm_contact(*, actor: User, membership: Membership, note: str = "") -> None:
    """Raise an organization to the contact level on the word of one of its office.

    Raises ``UnableToChangeOrganization`` when the word or the level has changed meanwhile.
    """
    organization = Organization.objects.select_for_update().get(pk=membership.organization_id)
    require(can_check_organization(actor, organization))
    if not contacts_to_confirm().filter(pk=membership.pk).exists():
        raise UnableToChangeOrganization(_("This contact no longer waits for a confirmation."))
    _require_code(organization)
    _raise_level(organization, VerificationLevel.CONTACT, actor)
    organization.contact_note = note.strip()[:300]
    organization.save(update_fields=["contact_note"])
    record(
        actor=actor,
        action="accounts.confirm_contact",
        target=organization,
        organization_id=organization.pk,
        member=membership.user_id,
    )
    _tell_owners(
        organization, "contact-confirmed", gettext_lazy("Your organization's contact is confirmed")
    )


def _require_code(organization: Organization) -> None:
    if not organization.credit_code:
        raise UnableToChangeOrganization(
            _("The organization's unified social credit code has to be entered first.")
        )


def _raise_level(organization: Organization, level: VerificationLevel, actor: User) -> None:
    organization.verification_level = level
    organization.verified_by, organization.verified_at = actor, timezone.now()
    organization.save(update_fields=["verification_level", "verified_by", "verified_at"])


def _tell_owners(organization: Organization, kind: str, title: Promise, body: str = "") -> None:
    for owner in organization.memberships.owners().select_related("user"):
        notify(
            user=owner.user,
            kind=kind,
            title=title,
            body=body,
            url=reverse("accounts:papers", args=[organization.pk]),
        )


@transaction.atomic
def check_paper(*, actor: User, paper: VerificationPaper, accept: bool, note: str = "") -> None:
    """Accept or refuse a paper; acceptance raises the organization to the licence level.

    Raises ``UnableToChangeOrganization`` for a paper that was checked before, that the checker
    or the checker's own organization handed in, for a refusal without a reason, and for an
    acceptance while the organization has no code to compare.
    """
    organization = Organization.objects.select_for_update().get(pk=paper.organization_id)
    paper = VerificationPaper.objects.select_for_update().get(pk=paper.pk)
    require(can_check_organization(actor, organization) and paper.uploaded_by_id != actor.pk)
    if paper.result != CheckResult.PENDING:
        raise UnableToChangeOrganization(_("This paper has been checked already."))
    if not accept and not note.strip():
        raise UnableToChangeOrganization(_("Please write what is wrong with the paper."))
    paper.result = CheckResult.ACCEPTED if accept else CheckResult.REFUSED
    paper.checked_by, paper.checked_at, paper.note = actor, timezone.now(), note.strip()[:300]
    paper.save()
    if accept and paper.kind in LICENCE_PAPERS:
        _require_code(organization)
        _raise_level(organization, VerificationLevel.LICENCE, actor)
        organization_verified.send(Organization, organization=organization, actor=actor)
    record(
        actor=actor,
        action="accounts.check_paper",
        target=paper,
        organization_id=organization.pk,
        accepted=accept,
    )
    title = (
        gettext_lazy("Your paper passed the check")
        if accept
        else gettext_lazy("Your paper was refused")
    )
    _tell_owners(organization, "paper-checked", title, paper.note)
