"""Changes to a published need: the published text stands until the platform has approved them."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from portal.accounts.models import User
from portal.audit.services import record

from ..models import Need
from ..readiness import Readiness, assess_need
from ..rules import can_change_published, can_manage_need, can_review_changes
from .needs import UnableToChangeNeed, _lock, _require, _tell_company, publish_again
from .values import (
    apply_values,
    as_json,
    assess_with,
    compare_values,
    current_values,
    describe_values,
    with_values,
)


@transaction.atomic
def save_changes(*, actor: User, need: Need, values: Mapping[str, Any]) -> Need:
    """Keep new values of some fields beside the published ones; those that are equal are dropped.

    ``values`` holds model values by field name, ids for relations, row dictionaries for
    ``targets``.
    """
    need = _lock(need)
    _require(can_change_published(actor, need))
    kept = dict(_pending(need))
    published = current_values(need, values)
    for name, value in ((name, as_json(value)) for name, value in values.items()):
        if value == published[name]:
            kept.pop(name, None)
        else:
            kept[name] = value
    need.pending_changes = {"values": kept, "is_submitted": False, "author": actor.pk}
    if not kept:
        need.pending_changes = None
    need.save(update_fields=["pending_changes"])
    return need


@transaction.atomic
def submit_changes(*, actor: User, need: Need) -> Need:
    """Send the changes to the platform's review."""
    need = _lock(need)
    _require(can_change_published(actor, need))
    if not need.pending_changes:
        raise UnableToChangeNeed(_("Nothing has been changed yet."))
    readiness = assess_changes(need)
    if not readiness.is_ready:
        raise UnableToChangeNeed(
            _(
                "With these changes the need would stand at %(score)d points, below the line of "
                "%(line)d; please complete it."
            )
            % {"score": readiness.score, "line": readiness.line}
        )
    need.pending_changes |= {"is_submitted": True, "author": actor.pk}
    need.return_reason = ""
    _record(need, actor, "submit_changes")
    return need


@transaction.atomic
def discard_changes(*, actor: User, need: Need) -> Need:
    """Throw the changes away; the published text stays as it is."""
    need = _lock(need)
    _require(can_manage_need(actor, need) and bool(need.pending_changes))
    need.pending_changes, need.return_reason = None, ""
    _record(need, actor, "discard_changes")
    return need


@transaction.atomic
def approve_changes(*, actor: User, need: Need) -> Need:
    """Put the changed text in the place of the published one; index and matches follow."""
    need = _lock(need)
    _require(can_review_changes(actor, need))
    assert need.pending_changes is not None
    before = current_values(need, need.pending_changes["values"])
    apply_values(need, need.pending_changes["values"])
    need.pending_changes, need.confirmed_at = None, timezone.now()
    need.readiness = assess_need(need).score
    _record(need, actor, "approve_changes", before=before)
    publish_again(need)
    _tell_company(need, "changes-published", gettext_lazy("Your changes are published"))
    return need


@transaction.atomic
def return_changes(
    *, actor: User, need: Need, reason: str, field_notes: Mapping[str, str] | None = None
) -> Need:
    """Send the changes back with a reason; the published text stands."""
    need = _lock(need)
    _require(can_review_changes(actor, need))
    if not reason.strip():
        raise UnableToChangeNeed(_("Please give the reason of the return."))
    assert need.pending_changes is not None
    need.pending_changes |= {"is_submitted": False}
    need.return_reason, need.field_notes = reason.strip(), field_notes or {}
    _record(need, actor, "return_changes", reason=reason)
    _tell_company(need, "need-returned", gettext_lazy("Your changes were returned"), reason)
    return need


def with_changes(need: Need) -> tuple[Need, dict]:
    """A copy of the need as its changes would make it, and its changed relations and targets."""
    return with_values(need, _pending(need))


def describe_changes(need: Need) -> list[dict]:
    """Rows of label, text before and text after."""
    return compare_values(need, dict(sorted(_pending(need).items())))


def describe_answers(need: Need, names: Collection[str]) -> list[dict]:
    """What these fields hold, with what waits beside the published text in its place."""
    pending = _pending(need)
    values = current_values(need, names) | {n: pending[n] for n in names if n in pending}
    return describe_values(need, values)


def assess_changes(need: Need) -> Readiness:
    """How ready the need is with what waits beside its published text."""
    return assess_with(need, _pending(need))


def _pending(need: Need) -> dict:
    return (need.pending_changes or {}).get("values", {})


def _record(need: Need, actor: User, action: str, **payload: Any) -> None:
    need.save()
    record(
        actor=actor,
        action=f"matchmaking.{action}",
        target=need,
        organization_id=need.organization_id,
        fields=sorted(_pending(need) or payload.get("before", {})),
        **payload,
    )
