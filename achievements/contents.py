"""The text of a listing as labelled lines, for check pages, comparisons and previews."""

from django.db import models
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from .comparison import mark_changes
from .models import ListingPage
from .steps import steps_of


def describe_field(page: ListingPage, name: str) -> str:
    """Return one field's content as plain text; empty when there is none."""
    field = page._meta.get_field(name)
    if field.one_to_many:
        return "\n".join(str(row) for row in getattr(page, name).all())
    if field.many_to_many:
        return "、".join(term.label for term in getattr(page, name).all())
    value = getattr(page, name)
    if value in (None, ""):
        return ""
    if field.choices:
        return str(getattr(page, f"get_{name}_display")())
    if isinstance(field, models.IntegerField):
        return number_format(value, force_grouping=True)
    return str(value)


def field_label(page_or_model, name: str) -> str:
    field = page_or_model._meta.get_field(name)
    if field.one_to_many:
        return str(field.related_model._meta.verbose_name)
    return str(field.verbose_name)


def describe_steps(page: ListingPage) -> list[dict]:
    """Return the steps with their (label, text) lines, in the order of the form."""
    return [
        {
            "step": step,
            "lines": [
                {"name": name, "label": field_label(page, name), "text": describe_field(page, name)}
                for name in step.field_names
            ],
        }
        for step in steps_of(type(page))
    ]


def compare(before, after, steps=None) -> list[dict]:
    """Return every line of two versions side by side, saying which ones differ."""
    lines = []
    for step in steps or steps_of(type(after)):
        for name in step.field_names:
            old, new = describe_field(before, name), describe_field(after, name)
            if old or new:
                marked = mark_changes(old, new) if old != new else (old, new)
                lines.append(
                    {
                        "name": name,
                        "label": field_label(after, name),
                        "text": new,
                        "before": marked[0],
                        "after": marked[1],
                        "changed": old != new,
                    }
                )
    return lines


def changed_lines(before, after, steps=None) -> list[dict]:
    return [line for line in compare(before, after, steps) if line["changed"]]


def missing_fields(page: ListingPage) -> dict[str, list[str]]:
    """Return ``{field name: messages}`` of everything that keeps the text from review."""
    from django.core.exceptions import ValidationError

    errors: dict[str, list[str]] = {}
    try:
        page.full_clean()
    except ValidationError as error:
        errors = {name: list(messages) for name, messages in error.message_dict.items()}
    for name in ("industries", "technical_fields", "modes"):
        if not getattr(page, name).all():
            errors[name] = [_("Please choose at least one.")]
    return errors
