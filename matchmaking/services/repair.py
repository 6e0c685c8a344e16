"""A broker rewrites what is below the line, and the company decides change by change."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from portal.accounts.models import User
from portal.audit.services import record
from portal.notifications.services import notify

from ..enums import NeedState
from ..models import Need, NeedProposal
from ..readiness import assess_need
from ..rules import can_manage_need, can_rewrite_need, can_take_need
from .needs import UnableToChangeNeed, _lock, _move, _require, _tell_company
from .values import apply_values, as_json, compare_values

REWRITTEN_FIELDS = (
    "title",
    "kind",
    "problem",
    "current_solution",
    "targets",
    "constraints",
    "budget_min",
    "budget_max",
    "deadline",
    "modes",
    "decision_maker",
    "industries",
    "technical_fields",
    "keywords",
)


@transaction.atomic
def take_need(*, actor: User, need: Need) -> Need:
    """Put one's name to a need of the queue, or take it over from another broker."""
    need = _lock(need)
    _require(can_take_need(actor, need))
    before, need.broker = need.broker_id, actor
    need.save()
    record(
        actor=actor,
        action="matchmaking.take_need",
        target=need,
        organization_id=need.organization_id,
        before=before,
        after=actor.pk,
    )
    return need


@transaction.atomic
def propose_rewrite(
    *, actor: User, need: Need, content: Mapping[str, Any], note: str = ""
) -> NeedProposal:
    """Put a broker's rewrite before the company; ``content`` holds values by field name."""
    need = _lock(need)
    _require(can_rewrite_need(actor, need))
    content = {name: as_json(content[name]) for name in REWRITTEN_FIELDS if name in content}
    if not compare_values(need, content):
        raise UnableToChangeNeed(_("Nothing has been changed yet."))
    proposal = NeedProposal.objects.create(need=need, broker=actor, content=content, note=note)
    need.broker, need.return_reason, need.field_notes = actor, "", {}
    _move(need, NeedState.PROPOSED, actor, "propose_rewrite")
    _tell_company(need, "rewrite-proposed", gettext_lazy("A broker has rewritten your need"), note)
    return proposal


@transaction.atomic
def ask_company(*, actor: User, need: Need, question: str) -> Need:
    """Give a need back unchanged with a question that only the company can answer."""
    need = _lock(need)
    _require(can_rewrite_need(actor, need))
    if not question.strip():
        raise UnableToChangeNeed(_("Please write what you ask the company."))
    need.broker, need.return_reason, need.field_notes = actor, question.strip(), {}
    _move(need, NeedState.RETURNED, actor, "ask_company", reason=need.return_reason)
    _tell_company(need, "need-returned", gettext_lazy("A broker asks about your need"), question)
    return need


def proposed_changes(proposal: NeedProposal) -> list[dict]:
    """What the proposal would change, one row for each choice of the company."""
    wanted = {name: proposal.content[name] for name in REWRITTEN_FIELDS if name in proposal.content}
    return compare_values(proposal.need, wanted)


def chosen_values(changes: list[dict], accepted: Collection[str]) -> dict[str, Any]:
    """The values of the accepted ones among these changes."""
    return {
        name: value
        for change in changes
        if change["name"] in accepted
        for name, value in change["values"].items()
    }


@transaction.atomic
def decide_proposal(*, actor: User, proposal: NeedProposal, accepted: Collection[str]) -> Need:
    """Take the accepted changes; the rest stays as it was.

    A need that reaches the line goes to the platform; below it, it is the company's draft again,
    so that no choice leads round the readiness gate.
    """
    proposal, need = _open_proposal(actor, proposal)
    apply_values(need, chosen_values(proposed_changes(proposal), accepted))
    _close_proposal(proposal, actor, accepted)
    readiness = assess_need(need)
    need.readiness = readiness.score
    state = NeedState.IN_REVIEW if readiness.is_ready else NeedState.DRAFT
    _move(
        need,
        state,
        actor,
        "decide_proposal",
        accepted=sorted(accepted),
        readiness=need.readiness,
    )
    _tell_broker(
        proposal,
        "rewrite-decided",
        gettext_lazy("Your rewrite is decided: the need goes to the platform's review")
        if readiness.is_ready
        else gettext_lazy("Your rewrite is decided: the need stays below the line, as a draft"),
    )
    return need


@transaction.atomic
def send_back_proposal(*, actor: User, proposal: NeedProposal, note: str) -> Need:
    """Take none of it and ask the broker for another rewrite; ``note`` says what is wrong."""
    proposal, need = _open_proposal(actor, proposal)
    if not note.strip():
        raise UnableToChangeNeed(_("Please tell the broker what to change."))
    _close_proposal(proposal, actor, [])
    need.return_reason, need.submitted_at = note.strip(), timezone.now()
    _move(need, NeedState.AT_BROKER, actor, "send_back_proposal", reason=need.return_reason)
    title = gettext_lazy("The company asks for another rewrite")
    _tell_broker(proposal, "rewrite-returned", title, need.return_reason)
    return need


def _open_proposal(actor: User, proposal: NeedProposal) -> tuple[NeedProposal, Need]:
    proposal = NeedProposal.objects.select_for_update().get(pk=proposal.pk)
    need = proposal.need = _lock(proposal.need)
    _require(can_manage_need(actor, need) and proposal.decided_at is None)
    return proposal, need


def _close_proposal(proposal: NeedProposal, actor: User, accepted: Collection[str]) -> None:
    proposal.decided_at, proposal.decided_by = timezone.now(), actor
    proposal.accepted_fields = sorted(accepted)
    proposal.save()


def _tell_broker(proposal: NeedProposal, kind: str, title: str | Promise, body: str = "") -> None:
    if proposal.broker:
        notify(
            user=proposal.broker,
            kind=kind,
            title=title,
            body=f"{proposal.need.title}\n{body}".strip(),
            url=proposal.need.get_absolute_url(),
        )
