"""Two people at one form: each form carries a fingerprint of what it was given out over.

A form that comes back over newer values is shown again with both, and is saved when it is sent
once more. What the same browser saved itself, by autosave or in another step, is not newer.
"""

import hashlib

from django.utils.html import format_html
from django.utils.safestring import SafeString

NAME = "given_out"
SAVED = "saved_forms"
REMEMBERED = 20
CONFLICT = 409


def _shown(forms) -> dict[str, tuple[str, str]]:
    """Name → (label, value) of everything that unbound forms and formsets show."""
    found = {}
    for form in forms:
        for row in form.forms if hasattr(form, "management_form") else [form]:
            for bound in row:
                value = bound.value()
                if isinstance(value, list | tuple | set):
                    value = sorted(str(each) for each in value)
                found[bound.html_name] = (str(bound.label), "" if value is None else str(value))
    return found


def fingerprint(*forms) -> str:
    """Return a digest of what unbound forms and formsets show; None among them counts nothing."""
    values = [(name, value) for name, (_, value) in _shown(filter(None, forms)).items()]
    return hashlib.sha256(repr(sorted(values)).encode()).hexdigest()


def is_overtaken(request, current: str) -> bool:
    """Tell whether somebody else has saved since the posted form was given out."""
    given_out = request.POST.get(NAME, current)
    return current not in {given_out, request.session.get(SAVED, {}).get(request.path)}


def newer_values(current_forms, posted_forms) -> list[tuple[str, str]]:
    """Return (label, stored value) where it differs from what was posted."""
    theirs, typed = _shown(filter(None, current_forms)), _shown(filter(None, posted_forms))
    return [
        (label, value)
        for name, (label, value) in theirs.items()
        if name in typed and typed[name][1] != value
    ]


def remember_saved(request, current: str) -> None:
    """Note what this browser has just saved."""
    saved = {**request.session.get(SAVED, {}), request.path: current}
    request.session[SAVED] = dict(list(saved.items())[-REMEMBERED:])


def form_context(request, current_forms, posted_forms, status: int) -> dict:
    """Return what ``components/overtaken.html`` and the form's hidden field show.

    Only who has been shown the newer values gets their fingerprint; a form that comes back for
    another reason keeps its own.
    """
    overtaken = status == CONFLICT
    current = fingerprint(*current_forms)
    kept = current if overtaken else request.POST.get(NAME, current)
    return {
        "given_out": hidden_input(kept),
        "overtaken": overtaken,
        "newer": newer_values(current_forms, posted_forms) if overtaken else [],
    }


def hidden_input(current: str, *, out_of_band: bool = False) -> SafeString:
    """Return the form's hidden field; ``out_of_band`` to renew it after an autosave."""
    swap = SafeString(' hx-swap-oob="true"' if out_of_band else "")
    return format_html(
        '<input type="hidden" name="{}" id="given-out" value="{}"{}>', NAME, current, swap
    )
