import secrets
from pathlib import PurePath

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from portal.audit.services import record
from portal.notifications.services import notify

from ..enums import CheckResult, PaperKind, VerificationLevel
from ..models import Organization, User, VerificationPaper
from ..rules import can_check_papers, can_edit_organization
from .organizations import UnableToChangeOrganization, require

LICENCE_PAPERS = {PaperKind.BUSINESS_LICENCE, PaperKind.INSTITUTION_CERTIFICATE}


@transaction.atomic
def submit_paper(*, actor: User, organization: Organization, kind: str, file) -> VerificationPaper:
    """Hand in a paper for the check under a random name; ``file`` was checked by its content."""
    require(can_edit_organization(actor, organization))
    paper = VerificationPaper(organization=organization, kind=kind, uploaded_by=actor)
    suffix = PurePath(file.name).suffix.lower()
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
def check_paper(*, actor: User, paper: VerificationPaper, accept: bool, note: str = "") -> None:
    """Accept or refuse a paper; acceptance raises the organization to the licence level.

    Raises ``UnableToChangeOrganization`` for a paper that was checked before, that the checker
    or the checker's own organization handed in, and for a refusal without a reason.
    """
    organization = Organization.objects.select_for_update().get(pk=paper.organization_id)
    paper = VerificationPaper.objects.select_for_update().get(pk=paper.pk)
    is_own = paper.uploaded_by_id == actor.pk or organization.pk in actor.organization_ids
    require(can_check_papers(actor) and not is_own)
    if paper.result != CheckResult.PENDING:
        raise UnableToChangeOrganization(_("This paper has been checked already."))
    if not accept and not note.strip():
        raise UnableToChangeOrganization(_("Please write what is wrong with the paper."))
    paper.result = CheckResult.ACCEPTED if accept else CheckResult.REFUSED
    paper.checked_by, paper.checked_at, paper.note = actor, timezone.now(), note.strip()[:300]
    paper.save()
    if accept and paper.kind in LICENCE_PAPERS:
        organization.verification_level = VerificationLevel.LICENCE
        organization.verified_by, organization.verified_at = actor, paper.checked_at
        organization.save(update_fields=["verification_level", "verified_by", "verified_at"])
    record(
        actor=actor,
        action="accounts.check_paper",
        target=paper,
        organization_id=organization.pk,
        accepted=accept,
    )
    for owner in organization.memberships.owners().select_related("user"):
        notify(
            user=owner.user,
            kind="paper-checked",
            title=gettext_lazy("Your paper passed the check")
            if accept
            else gettext_lazy("Your paper was refused"),
            body=paper.note,
            url=reverse("accounts:papers", args=[organization.pk]),
        )
