"""What a unit reports of its object, and what the commission corrects with a reason."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User

from ..enums import IndicatorKind, MissingRule, RoundState, SubjectState
from ..models import Evidence, Indicator, ReportedValue, Subject
from ..rules import can_edit_report, can_judge_subject, can_submit_report
from .base import UnableToEvaluate, lock_subject, record_subject, require, required_text

CORRECTION_STATES = (RoundState.FORMAL_CHECK, RoundState.SCORING, RoundState.MODERATION)


@transaction.atomic
def save_report(
    *, actor: User, subject: Subject, answers: Mapping[int, Mapping[str, Any]]
) -> Subject:
    """Keep the draft of a self-report: ``{indicator: {value, statement}}``.

    Numbers of the ledger are not a unit's to write; their statement is.
    """
    subject = lock_subject(subject)
    require(can_edit_report(actor, subject))
    leaves = {leaf.pk: leaf for leaf in subject.round.scheme.leaves}
    for pk, answer in answers.items():
        require(pk in leaves)
        changes = {"statement": (answer.get("statement") or "").strip()}
        if leaves[pk].kind == IndicatorKind.EVIDENCE:
            changes["value"] = answer.get("value")
        ReportedValue.objects.update_or_create(
            subject=subject, indicator=leaves[pk], defaults=changes
        )
    record_subject(subject, actor, "save_report")
    return subject


@transaction.atomic
def attach_evidence(*, actor: User, subject: Subject, indicator: Indicator, file: File) -> Evidence:
    """Store a file, checked by its content, under a random name with its SHA-256."""
    subject = lock_subject(subject)
    require(can_edit_report(actor, subject) and indicator in subject.round.scheme.leaves)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    name = (file.name or "")[-120:]
    evidence = Evidence(subject=subject, indicator=indicator, name=name, uploaded_by=actor)
    evidence.digest = digest.hexdigest()
    evidence.file.save(name, file, save=False)
    evidence.save()
    record_subject(subject, actor, "attach_evidence", file=name, digest=evidence.digest)
    return evidence


@transaction.atomic
def detach_evidence(*, actor: User, evidence: Evidence) -> None:
    subject = lock_subject(evidence.subject)
    require(can_edit_report(actor, subject))
    record_subject(subject, actor, "detach_evidence", file=evidence.name, digest=evidence.digest)
    storage, name = evidence.file.storage, evidence.file.name or ""
    evidence.delete()
    transaction.on_commit(lambda: storage.delete(name))


def gaps_of(subject: Subject) -> list[Indicator]:
    """The indicators without which the subject gets no score and that lack a value."""
    known = set(subject.values.filter(value__isnull=False).values_list("indicator", flat=True))
    return [
        leaf
        for leaf in subject.round.scheme.leaves
        if leaf.kind == IndicatorKind.EVIDENCE
        and leaf.missing == MissingRule.REFUSE
        and leaf.pk not in known
    ]


@transaction.atomic
def submit_report(*, actor: User, subject: Subject) -> Subject:
    """Hand a self-report in, in the unit's name.

    Raises UnableToEvaluate while a value is missing without which there is no score.
    """
    subject = lock_subject(subject)
    require(can_submit_report(actor, subject))
    gaps = gaps_of(subject)
    if gaps:
        raise UnableToEvaluate(
            _("Please report: %(names)s. Without it there is no score.")
            % {"names": "、".join(leaf.label for leaf in gaps)}
        )
    subject.state, subject.remark = SubjectState.SUBMITTED, ""
    subject.submitted_at, subject.submitted_by = timezone.now(), actor
    subject.save()
    record_subject(subject, actor, "submit_report")
    return subject


@transaction.atomic
def correct_value(
    *, actor: User, subject: Subject, indicator: Indicator, value: float | None, reason: str
) -> ReportedValue:
    """Put another value in the place of a reported or counted one; the first one stays visible."""
    subject = lock_subject(subject)
    require(
        can_judge_subject(actor, subject)
        and subject.round.state in CORRECTION_STATES
        and indicator in subject.round.scheme.leaves
        and indicator.kind != IndicatorKind.SCORE
    )
    reason = required_text(reason, _("Please give the reason."))
    reported, _created = ReportedValue.objects.get_or_create(subject=subject, indicator=indicator)
    before = reported.value
    if not reported.is_corrected:
        reported.original = before
    reported.value, reported.reason = value, reason
    reported.save()
    record_subject(
        subject,
        actor,
        "correct_value",
        label=indicator.name,
        before=before,
        after=value,
        reason=reason,
    )
    return reported
