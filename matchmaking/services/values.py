"""The values of a need as plain data: what it holds, and what others would make of it.

``pending_changes`` and the broker's proposals keep values in this form: ids for relations, row
dictionaries for ``targets``, JSON's own types for the rest.
"""

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Field, Model, QuerySet
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from ..models import Need, NeedTarget
from ..readiness import Readiness, assess_need

RELATIONS = frozenset(field.name for field in Need._meta.many_to_many)
TARGET_COLUMNS = ("metric", "operator", "value", "unit")
TOGETHER = {"budget": ("budget_min", "budget_max")}
_plain = DjangoJSONEncoder().default


def as_json(value: Any) -> Any:
    """Write a model value as JSON keeps it; line ends as in the database of every system."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n")
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, list | tuple | set | QuerySet):
        rows = [row if isinstance(row, dict) else as_json(row) for row in value]
        return rows if rows and isinstance(rows[0], dict) else sorted(rows)
    return value if value is None or isinstance(value, int) else _plain(value)


def _field(name: str) -> Field:
    field = Need._meta.get_field(name)
    assert isinstance(field, Field)
    return field


def current_values(need: Need, names: Iterable[str]) -> dict[str, Any]:
    """What the need holds in these fields."""
    found: dict[str, Any] = {}
    for name in names:
        if name == "targets":
            found[name] = list(need.targets.order_by("sort_order", "pk").values(*TARGET_COLUMNS))
        elif name in RELATIONS:
            found[name] = sorted(getattr(need, name).values_list("pk", flat=True))
        else:
            found[name] = as_json(_field(name).value_from_object(need))
    return found


def with_values(need: Need, values: Mapping[str, Any]) -> tuple[Need, dict[str, Any]]:
    """A copy of the need with these values, and apart what a copy cannot hold: relations, targets.

    Nothing is saved.
    """
    changed, related = copy.copy(need), dict[str, Any]()
    for name, value in values.items():
        if name == "targets" or name in RELATIONS:
            related[name] = value
        else:
            field = _field(name)
            setattr(changed, field.attname, field.to_python(value))
    return changed, related


def apply_values(need: Need, values: Mapping[str, Any]) -> None:
    """Put the values into the need; relations and targets are stored, the caller saves the rest."""
    for name, value in values.items():
        if name == "targets":
            replace_targets(need, value)
        elif name in RELATIONS:
            getattr(need, name).set(value)
        else:
            field = _field(name)
            setattr(need, field.attname, field.to_python(value))


def replace_targets(need: Need, rows: Iterable[Mapping[str, Any]]) -> None:
    need.targets.all().delete()
    NeedTarget.objects.bulk_create(
        NeedTarget(need=need, sort_order=order, **row) for order, row in enumerate(rows)
    )


def assess_with(need: Need, values: Mapping[str, Any]) -> Readiness:
    """How ready the need would be with these values."""
    changed, related = with_values(need, values)
    rows = related.get("targets")
    return assess_need(
        changed, targets=None if rows is None else [NeedTarget(**row) for row in rows]
    )


def compare_values(need: Need, values: Mapping[str, Any]) -> list[dict]:
    """One row for each change, in the order of ``values``; what belongs together is one change.

    A row holds ``name``, ``label``, its ``values``, and the text ``before`` and ``after``.
    """
    present = current_values(need, values)
    groups: dict[str, dict] = {}
    for name, value in values.items():
        if value != present[name]:
            groups.setdefault(_group_of(name), {})[name] = value
    return [
        {
            "name": group,
            "label": label_of(group),
            "values": changes,
            "before": _in_words(need, group, {name: present[name] for name in changes}),
            "after": _in_words(need, group, changes),
        }
        for group, changes in groups.items()
    ]


def describe_values(need: Need, values: Mapping[str, Any]) -> list[dict]:
    """Rows of ``name``, ``label`` and the value in words, in the order of ``values``."""
    groups: dict[str, dict] = {}
    for name, value in values.items():
        groups.setdefault(_group_of(name), {})[name] = value
    return [
        {"name": group, "label": label_of(group), "value": _in_words(need, group, held)}
        for group, held in groups.items()
    ]


def _group_of(name: str) -> str:
    return next((group for group, names in TOGETHER.items() if name in names), name)


def label_of(name: str) -> str:
    if name == "targets":
        return _("Targets")
    return _("Budget") if name == "budget" else str(_field(name).verbose_name)


def _in_words(need: Need, group: str, values: Mapping[str, Any]) -> str:
    if group == "budget":
        changed, _related = with_values(need, values)
        return render_to_string("matchmaking/_budget.html", {"need": changed}).strip()
    value = values[group]
    if group == "targets":
        return "\n".join(str(NeedTarget(**row)) for row in value)
    field = _field(group)
    related: Any = field.related_model
    if group in RELATIONS:
        return "、".join(str(each) for each in related.objects.filter(pk__in=value))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if related and value is not None:
        return str(related.objects.filter(pk=value).first() or "")
    return "" if value is None else str(value)
