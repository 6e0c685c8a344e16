"""Cells into values: each parser takes a text and raises ``ValidationError`` with what to write."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils import translation
from django.utils.translation import gettext as _

from portal.taxonomy.models import Term

LONGEST_NUMBER = 9
SEPARATORS = re.compile(r"[、，,;；\n]+")
_AMOUNT = re.compile(r"^(\d{1,15}(?:\.\d{1,6})?)(亿|万)?元?$", re.ASCII)
_DATE = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$")
UNLIKELY_BELOW = 1_000
_UNITS = {"亿": 100_000_000, "万": 10_000, None: 1}


def parse_text(text: str) -> str:
    return text


def parse_amount(text: str) -> int | None:
    """Yuan from ``500000``, ``500,000``, ``50万`` or ``50 万元``; nothing or 面议 is None."""
    compact = re.sub(r"[\s,，¥￥]", "", unicodedata.normalize("NFKC", text))
    if compact in {"", "面议", "negotiable"}:
        return None
    found = _AMOUNT.match(compact)
    if not found:
        raise ValidationError(_("“%(text)s” is no amount; write 500000 or 50万.") % {"text": text})
    return round(float(found[1]) * _UNITS[found[2]])


def parse_amount_in_ten_thousands(text: str) -> int | None:
    """The same below a heading that says 万元; a unit written in the cell comes first."""
    return parse_amount(f"{text}万" if text and text[-1].isdigit() else text)


def warn_of_small_amount(amount: int | None) -> str:
    """What to say of an amount that was probably meant in ten thousands."""
    if amount is None or amount >= UNLIKELY_BELOW:
        return ""
    return _("Read as %(amount)d yuan. If ten thousands are meant, write 万 behind the number.") % {
        "amount": amount
    }


def parse_number(text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or len(text) > LONGEST_NUMBER:
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


@dataclass(frozen=True)
class ChoiceParser:
    """Reads one choice by its code, its label in either language, or another common name."""

    choices: type[TextChoices]
    default: str = ""
    aliases: Mapping[str, Sequence[str]] = field(default_factory=dict, hash=False)

    def __call__(self, text: str) -> str:
        if not text:
            return self.default
        try:
            return self._names[_folded(text)]
        except KeyError:
            raise ValidationError(
                _("“%(text)s” is not one of: %(allowed)s.")
                % {"text": text, "allowed": "、".join(self.allowed())}
            ) from None

    def allowed(self) -> list[str]:
        return [str(label) for label in self.choices.labels]

    @cached_property
    def _names(self) -> dict[str, str]:
        found = {_folded(name): code for code, names in self.aliases.items() for name in names}
        for language in ("zh-hans", "en"):
            with translation.override(language):
                found |= {_folded(str(label)): code for code, label in self.choices.choices}
        return found | {_folded(str(code)): code for code in self.choices.values}


def _folded(text: str) -> str:
    """A name without what writers vary: width, case, blanks."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def choice_parser(
    choices: type[TextChoices],
    default: str = "",
    aliases: Mapping[str, Sequence[str]] | None = None,
) -> ChoiceParser:
    return ChoiceParser(choices, default, aliases or {})


@dataclass(frozen=True)
class TermsParser:
    """Reads a vocabulary's terms by code or name, between commas; it returns their ids."""

    model: type[Term]

    def __call__(self, text: str) -> list[int]:
        known: dict[str, int] = {}
        for term in self._terms():
            known |= {_folded(name): term.pk for name in (term.code, term.name, term.name_en)}
        unknown = [part for part in parse_list(text) if _folded(part) not in known]
        if unknown:
            raise ValidationError(
                _("Unknown: %(unknown)s. Use the names of the portal's lists.")
                % {"unknown": "、".join(unknown)}
            )
        return sorted({known[_folded(part)] for part in parse_list(text)})

    def allowed(self) -> list[str]:
        return [term.label for term in self._terms()]

    def _terms(self) -> list:
        return list(self.model._default_manager.all())


def terms_parser(model: type[Term]) -> TermsParser:
    return TermsParser(model)
