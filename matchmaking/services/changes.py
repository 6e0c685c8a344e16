"""Changes to a published need: the published text stands until the platform has approved them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Field
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from portal.accounts.models import User
from portal.audit.services import record

from ..models import Need, NeedTarget
from ..readiness import assess_need
from ..rules import can_change_published, can_manage_need, can_review_changes
from .needs import (
    UnableToChangeNeed,
    _lock,
    _replace_targets,
    _require,
    _tell_company,
    publish_again,
)

RELATIONS = frozenset(field.name for field in Need._meta.many_to_many)
_plain = DjangoJSONEncoder().default


@transaction.atomic
def save_changes(*, actor: User, need: Need, values: Mapping[str, Any]) -> Need:
    """Keep new values of some fields beside the published ones; those that are equal are dropped.

    ``values`` holds model values by field name, ids for relations, row dictionaries for
    ``targets``.
    """
    need = _lock(need)
    _require(can_change_published(actor, need))
    kept = dict((need.pending_changes or {}).get("values", {}))
    published = current_values(need, values)
    wanted = {name: _as_json(value) for name, value in values.items()}
    for name, value in wanted.items():
        if value == published[name]:
            kept.pop(name, None)
        else:
            kept[name] = value
    need.pending_changes = {"values": kept, "is_submitted": False, "author": actor.pk}
    if not kept:
        need.pending_changes = None
    need.save(update_fields=["pending_changes"])
    return need


def current_values(need: Need, names: Iterable[str]) -> dict[str, Any]:
    """The published values of these fields, as ``pending_changes`` writes them."""
    found: dict[str, Any] = {}
    for name in names:
        if name == "targets":
            columns = ("metric", "operator", "value", "unit")
            found[name] = list(need.targets.order_by("sort_order", "pk").values(*columns))
        elif name in RELATIONS:
            found[name] = sorted(getattr(need, name).values_list("pk", flat=True))
        else:
            found[name] = _as_json(_field(name).value_from_object(need))
    return found


def _field(name: str) -> Field:
    field = Need._meta.get_field(name)
    assert isinstance(field, Field)
    return field


def _as_json(value: Any) -> Any:
    if isinstance(value, list):
        return sorted(value) if value and isinstance(value[0], int) else value
    return value if value is None or isinstance(value, str | int) else _plain(value)


@transaction.atomic
def submit_changes(*, actor: User, need: Need) -> Need:
    """Send the changes to the platform's review."""
    need = _lock(need)
    _require(can_change_published(actor, need))
    if not need.pending_changes:
        raise UnableToChangeNeed(_("Nothing has been changed yet."))
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
    for name, value in need.pending_changes["values"].items():
        if name == "targets":
            _replace_targets(need, value)
        elif name in RELATIONS:
            getattr(need, name).set(value)
        else:
            field = _field(name)
            setattr(need, field.attname, field.to_python(value))
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
    changed = Need.objects.get(pk=need.pk)
    values = (need.pending_changes or {}).get("values", {})
    related = {}
    for name, value in values.items():
        if name == "targets" or name in RELATIONS:
            related[name] = value
        else:
            field = _field(name)
            setattr(changed, field.attname, field.to_python(value))
    return changed, related


def describe_changes(need: Need) -> list[dict]:
    """Rows of label, text before and text after, in the order of the fields."""
    values = (need.pending_changes or {}).get("values", {})
    before = current_values(need, values)
    return [
        {
            "name": name,
            "label": label_of(name),
            "before": _in_words(name, before[name]),
            "after": _in_words(name, values[name]),
        }
        for name in sorted(values)
    ]


def label_of(name: str) -> str:
    return _("Targets") if name == "targets" else str(_field(name).verbose_name)


def _in_words(name: str, value: Any) -> str:
    if name == "targets":
        return "\n".join(str(NeedTarget(**row)) for row in value)
    field = _field(name)
    related: Any = field.related_model
    if name in RELATIONS:
        return "、".join(str(each) for each in related.objects.filter(pk__in=value))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if related and value is not None:
        return str(related.objects.filter(pk=value).first() or "")
    return "" if value is None else str(value)


def _record(need: Need, actor: User, action: str, **payload: Any) -> None:
    need.save()
    record(
        actor=actor,
        action=f"matchmaking.{action}",
        target=need,
        organization_id=need.organization_id,
        fields=sorted((need.pending_changes or {}).get("values", payload.get("before", {}))),
        **payload,
    )
