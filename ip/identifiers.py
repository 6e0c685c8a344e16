"""Patent application numbers (专利申请号, ZC 0006-2003) and their check digit."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_SEPARATORS = re.compile(r"[\s.．。·\-—–]")
_PREFIX = re.compile(r"^(ZL|CN)")
_NEW_FORM = re.compile(r"^(19|20)\d{2}[12389]\d{7}[\dX]$")
_OLD_FORM = re.compile(r"^(8[5-9]|9\d|0[0-3])[12389]\d{5}[\dX]$")


def normalize_application_number(text: str) -> str:
    """Return the digits and the check character, without ZL, CN, dot, spaces; nothing checked."""
    compact = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    return _PREFIX.sub("", compact)


def compute_check_character(digits: str) -> str:
    """Return the check character of the eight or twelve leading digits.

    Weights 2…9 repeat, the sum is taken modulo 11, ten is written X (ZC 0006-2003).
    """
    total = sum(int(digit) * (2 + position % 8) for position, digit in enumerate(digits))
    return "0123456789X"[total % 11]


def format_application_number(number: str) -> str:
    """Return the number as it is printed, with the dot before the check character."""
    return f"{number[:-1]}.{number[-1]}"


def validate_application_number(number: str) -> None:
    """Check form and check character of a normalized number.

    Raises ``ValidationError`` naming the character that would be right.
    """
    if not (_NEW_FORM.match(number) or _OLD_FORM.match(number)):
        raise ValidationError(
            _(
                "This is no patent application number. Expected are 12 digits and a check "
                "character, such as 201710601862.3, or 8 and one before October 2003."
            ),
            code="application_number_form",
        )
    expected = compute_check_character(number[:-1])
    if number[-1] != expected:
        raise ValidationError(
            _(
                "The check character of %(number)s does not fit: it would have to be %(expected)s. "
                "Please compare the number with the official letter."
            ),
            code="application_number_check",
            params={"number": format_application_number(number), "expected": expected},
        )
