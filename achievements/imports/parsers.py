"""Cells into values: each parser takes a text and raises ``ValidationError`` with what to write."""

import re
import unicodedata
from datetime import date
from functools import cache

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

SEPARATORS = re.compile(r"[、，,;；\n]+")
_AMOUNT = re.compile(r"^([\d.]+)(亿|万)?元?$")
_DATE = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$")
_UNITS = {"亿": 100_000_000, "万": 10_000, None: 1}


def parse_text(text: str) -> str:
    return text


def parse_amount(text: str) -> int | None:
    """Yuan from ``500000``, ``500,000``, ``50万`` or ``50 万元``; nothing or 面议 is None."""
    compact = re.sub(r"[\s,，¥￥]", "", unicodedata.normalize("NFKC", text))
    if compact in {"", "面议", "negotiable"}:
        return None
    found = _AMOUNT.match(compact)
    if not found or found[1].count(".") > 1:
        raise ValidationError(_("“%(text)s” is no amount; write 500000 or 50万.") % {"text": text})
    return round(float(found[1]) * _UNITS[found[2]])


def parse_number(text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal():
        raise ValidationError(_("“%(text)s” is no whole number.") % {"text": text})
    return int(text)


def parse_date(text: str) -> date | None:
    """A day from ``2026-01-31``, ``2026/1/31`` or ``2026年1月31日``."""
    if not text:
        return None
    found = _DATE.match(unicodedata.normalize("NFKC", text))
    try:
        year, month, day = found.groups() if found else ("", "", "")
        return date(int(year), int(month), int(day))
    except ValueError:
        message = _("“%(text)s” is no date; write 2026-01-31.") % {"text": text}
        raise ValidationError(message) from None


def parse_list(text: str) -> list[str]:
    return [part.strip() for part in SEPARATORS.split(text) if part.strip()]


def choice_parser(choices, default=""):
    """A parser of one choice by its code or its label in either language."""

    @cache
    def names() -> dict[str, str]:
        found: dict[str, str] = {}
        for language in ("zh-hans", "en"):
            with translation.override(language):
                found |= {str(label).lower(): code for code, label in choices.choices}
        return found | {str(code).lower(): code for code in choices.values}

    def parse(text: str):
        if not text:
            return default
        try:
            return names()[text.lower()]
        except KeyError:
            allowed = "、".join(str(label) for label in choices.labels)
            raise ValidationError(
                _("“%(text)s” is not one of: %(allowed)s.") % {"text": text, "allowed": allowed}
            ) from None

    return parse


def terms_parser(model):
    """A parser of a vocabulary's terms by code or name, between commas; it returns their ids."""

    def parse(text: str) -> list[int]:
        known: dict[str, int] = {}
        for term in _terms(model):
            known |= {name.lower(): term.pk for name in (term.code, term.name, term.name_en)}
        unknown = [part for part in parse_list(text) if part.lower() not in known]
        if unknown:
            raise ValidationError(
                _("Unknown: %(unknown)s. Use the names of the portal's lists.")
                % {"unknown": "、".join(unknown)}
            )
        return sorted({known[part.lower()] for part in parse_list(text)})

    return parse


def _terms(model) -> list:
    return list(model.objects.all())
