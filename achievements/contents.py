"""The text of a listing as labelled lines, for check pages, comparisons and previews."""

from django.db import models
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from .amounts import write_yuan
from .comparison import mark_changes
from .models import ListingPage
from .steps import address_in_step, steps_of

IN_WORDS = {
    "trl_level": lambda page: page.trl_label,
    "price_min": lambda page: write_yuan(page.price_min),
    "price_max": lambda page: write_yuan(page.price_max),
}


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
    if name in IN_WORDS:
        return IN_WORDS[name](page)
    if field.choices:
        return str(getattr(page, f"get_{name}_display")())
    is_number = isinstance(field, models.IntegerField)
    return number_format(value, force_grouping=True) if is_number else str(value)


def field_label(page_or_model, name: str) -> str:
    field = page_or_model._meta.get_field(name)
    if field.one_to_many:
        return str(field.related_model._meta.verbose_name)
    return str(field.verbose_name)


def describe_steps(page: ListingPage, missing: dict[str, list[str]]) -> list[dict]:
    """Return the steps in the order of the form: what they say, what they lack, what stays open."""
    return [_describe_step(page, step, missing) for step in steps_of(type(page))]


def _describe_step(page: ListingPage, step, missing: dict[str, list[str]]) -> dict:
    lines, empty = [], []
    for name in step.field_names:
        label, text = field_label(page, name), describe_field(page, name)
        if not text and name not in missing:
            empty.append(label)
            continue
        anchor = address_in_step(type(page), name)[1]
        lines.append(
            {
                "name": name,
                "label": label,
                "text": text,
                "errors": missing.get(name, []),
                "anchor": anchor,
            }
        )
    return {"step": step, "lines": lines, "empty": empty}


def is_step_done(page: ListingPage, step) -> bool:
    """Tell whether a step has answers, and all of those that the review asks for."""
    names = [name for name in step.field_names if not _has_default(page, name)]
    needed = [name for name in names if not getattr(page._meta.get_field(name), "blank", True)]
    return all(describe_field(page, name) for name in needed) and any(
        describe_field(page, name) for name in names
    )


def _has_default(page: ListingPage, name: str) -> bool:
    """Tell whether a field is never empty, so that its answer shows no work."""
    field = page._meta.get_field(name)
    return name == "title" or (field.concrete and not field.many_to_many and field.has_default())


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
