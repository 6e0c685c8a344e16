import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import PurePath
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from portal.accounts.models import Organization, User
from portal.audit.services import record
from portal.taxonomy.services import assign_code

from ..enums import AGREEMENT_MOVES, AgreementState
from ..models import AgreementListing, ConfidentialityAgreement
from ..queries import people_of
from ..rules import (
    can_accept_copy,
    can_confirm_agreement,
    can_decline_agreement,
    can_end_agreement,
    can_propose_agreement,
    can_upload_copy,
    side_in,
)
from ..signals import agreement_ended, agreement_signed
from ..template import VERSION, digest_of, write_agreement
from .changes import UnableToDisclose, require, require_text, tell

CODE_PREFIX = "BM"
LONGEST_TERM = timedelta(days=5 * 365 + 2)


def _lock(agreement: ConfidentialityAgreement) -> ConfidentialityAgreement:
    locked = ConfidentialityAgreement.objects.select_for_update(of=("self",))
    return locked.select_related("proposer", "counterparty").get(pk=agreement.pk)


def _move(agreement: ConfidentialityAgreement, state: AgreementState) -> None:
    require(state in AGREEMENT_MOVES[agreement.state])
    agreement.state = state


def _note(actor: User, action: str, agreement: ConfidentialityAgreement, **payload: Any) -> None:
    record(
        actor=actor,
        action=f"disclosure.{action}",
        target=agreement,
        organization_id=agreement.proposer_id,
        counterparty=agreement.counterparty_id,
        state=agreement.state,
        **payload,
    )


def _tell_both(
    agreement: ConfidentialityAgreement, actor: User, title: Any, body: str = ""
) -> None:
    for party in (agreement.proposer_id, agreement.counterparty_id):
        tell(
            people_of(party),
            kind="agreement",
            title=title,
            about=agreement.code,
            body=body,
            url=agreement.get_absolute_url(),
            besides=actor,
        )


@transaction.atomic
def propose_agreement(
    *,
    actor: User,
    organization: Organization,
    counterparty: Organization,
    listings: Sequence[Any],
    purpose: str,
    starts_on: date,
    ends_on: date,
    origin: str = "",
) -> ConfidentialityAgreement:
    """Write the agreement and lay it before both sides; ``listings`` belong to either of them."""
    require(can_propose_agreement(actor, organization.pk) and organization != counterparty)
    parties = {organization.pk, counterparty.pk}
    require(bool(listings) and {each.organization.pk for each in listings} <= parties)
    purpose = require_text(purpose, _("Please write what you need it for."))[:500]
    if not timezone.localdate() <= starts_on <= ends_on <= starts_on + LONGEST_TERM:
        raise UnableToDisclose(_("The term begins today or later and lasts five years at most."))
    [code] = assign_code(prefix=CODE_PREFIX)
    text, text_en = write_agreement(
        code=code,
        proposer=(organization.name, organization.name_en),
        counterparty=(counterparty.name, counterparty.name_en),
        listings=[f"{each.title}（{each.code}）" for each in listings],
        purpose=" ".join(purpose.split()),
        starts_on=starts_on,
        ends_on=ends_on,
    )
    agreement = ConfidentialityAgreement.objects.create(
        code=code,
        proposer=organization,
        counterparty=counterparty,
        purpose=purpose,
        starts_on=starts_on,
        ends_on=ends_on,
        template_version=VERSION,
        text=text,
        text_en=text_en,
        digest=digest_of(text, text_en),
        origin=origin,
        proposed_by=actor,
    )
    AgreementListing.objects.bulk_create(
        AgreementListing(agreement=agreement, listing=each.code) for each in listings
    )
    _note(actor, "propose_agreement", agreement, digest=agreement.digest)
    title = gettext_lazy("A confidentiality agreement waits for your signature")
    _tell_both(agreement, actor, title, purpose)
    return agreement


@transaction.atomic
def confirm_agreement(
    *, actor: User, agreement: ConfidentialityAgreement, digest: str, code: str
) -> ConfidentialityAgreement:
    """Sign for one's side: the digest of the text, with a code of the second step that is fresh.

    With the second side's confirmation the agreement is signed. Raises ``UnableToDisclose`` without
    a second step, for a wrong or used code and for the digest of another text.
    """
    agreement = _lock(agreement)
    require(can_confirm_agreement(actor, agreement))
    if digest != digest_of(agreement.text, agreement.text_en):
        raise UnableToDisclose(_("This is the digest of another text. Please load the page again."))
    _require_fresh_code(actor, code)
    now = timezone.now()
    if side_in(actor, agreement) == agreement.proposer_id:
        agreement.proposer_confirmed_by, agreement.proposer_confirmed_at = actor, now
    else:
        agreement.counterparty_confirmed_by, agreement.counterparty_confirmed_at = actor, now
    title = gettext_lazy("The other side has confirmed the confidentiality agreement")
    if agreement.proposer_confirmed_at and agreement.counterparty_confirmed_at:
        _move(agreement, AgreementState.SIGNED)
        agreement.signed_at = now
        title = gettext_lazy("The confidentiality agreement is signed")
    agreement.save()
    if agreement.state == AgreementState.SIGNED:
        agreement_signed.send(ConfidentialityAgreement, agreement=agreement)
    _note(actor, "confirm_agreement", agreement, digest=digest)
    _tell_both(agreement, actor, title)
    return agreement


def _require_fresh_code(actor: User, code: str) -> None:
    steps = Authenticator.objects.filter(user=actor, type=Authenticator.Type.TOTP)
    second_step = steps.first()
    if second_step is None:
        raise UnableToDisclose(_("Set up two-step sign-in first; its code signs for you."))
    if not second_step.wrap().validate_code(code.strip()):
        raise UnableToDisclose(_("This code is wrong or was used already. Wait for the next one."))


@transaction.atomic
def upload_copy(
    *, actor: User, agreement: ConfidentialityAgreement, file: UploadedFile
) -> ConfidentialityAgreement:
    """Hand in the copy signed on paper; the other side has to accept it. ``file`` was checked."""
    agreement = _lock(agreement)
    require(can_upload_copy(actor, agreement))
    file.seek(0)
    agreement.copy_digest = hashlib.sha256(file.read()).hexdigest()
    file.seek(0)
    agreement.copy_organization_id = side_in(actor, agreement)
    agreement.copy_uploaded_by, agreement.copy_uploaded_at = actor, timezone.now()
    suffix = PurePath(file.name or "").suffix.lower()
    agreement.signed_copy.save(f"{secrets.token_urlsafe(18)}{suffix}", file, save=False)
    agreement.save()
    _note(actor, "upload_copy", agreement, copy=agreement.copy_digest)
    title = gettext_lazy("A signed copy of the agreement waits for your check")
    _tell_both(agreement, actor, title)
    return agreement


@transaction.atomic
def accept_copy(
    *, actor: User, agreement: ConfidentialityAgreement, copy_digest: str
) -> ConfidentialityAgreement:
    """Say that the signed copy is right: the agreement is signed.

    ``copy_digest`` is that of the copy that was read; another one may have come meanwhile.
    """
    agreement = _lock(agreement)
    require(can_accept_copy(actor, agreement) and copy_digest == agreement.copy_digest)
    _move(agreement, AgreementState.SIGNED)
    agreement.copy_accepted_by, agreement.signed_at = actor, timezone.now()
    agreement.save()
    agreement_signed.send(ConfidentialityAgreement, agreement=agreement)
    _note(actor, "accept_copy", agreement, copy=agreement.copy_digest)
    _tell_both(agreement, actor, gettext_lazy("The confidentiality agreement is signed"))
    return agreement


@transaction.atomic
def decline_agreement(
    *, actor: User, agreement: ConfidentialityAgreement, reason: str
) -> ConfidentialityAgreement:
    """Turn a proposal down, or take one's own back."""
    agreement = _lock(agreement)
    require(can_decline_agreement(actor, agreement))
    agreement.end_reason = require_text(reason, _("Please write why not; the other side reads it."))
    agreement.end_reason = agreement.end_reason[:500]
    _move(agreement, AgreementState.DECLINED)
    agreement.ended_by, agreement.ended_at = actor, timezone.now()
    agreement.save()
    _note(actor, "decline_agreement", agreement)
    title = gettext_lazy("The confidentiality agreement was turned down")
    _tell_both(agreement, actor, title, agreement.end_reason)
    return agreement


@transaction.atomic
def end_agreement(
    *, actor: User, agreement: ConfidentialityAgreement, reason: str
) -> ConfidentialityAgreement:
    """End access under a signed agreement before its term; what was read stays secret."""
    agreement = _lock(agreement)
    require(can_end_agreement(actor, agreement))
    agreement.end_reason = require_text(reason, _("Please write why the agreement ends."))[:500]
    _move(agreement, AgreementState.ENDED)
    agreement.ended_by, agreement.ended_at = actor, timezone.now()
    agreement.save()
    agreement_ended.send(ConfidentialityAgreement, agreement=agreement)
    _note(actor, "end_agreement", agreement)
    title = gettext_lazy("The other side has ended the confidentiality agreement")
    _tell_both(agreement, actor, title, agreement.end_reason)
    return agreement
