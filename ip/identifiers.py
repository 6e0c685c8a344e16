"""Numbers and classes of patents: application number (专利申请号, ZC 0006-2003), IPC."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .enums import PatentKind

_SEPARATORS = re.compile(r"[\s.．。·\-—–]")
_PREFIX = re.compile(r"^(ZL|CN)")
_NEW_FORM = re.compile(r"^(200[3-9]|20[1-9]\d)[12389]\d{7}[\dX]$")
_OLD_FORM = re.compile(r"^(8[5-9]|9\d|0[0-3])[12389]\d{5}[\dX]$")
_KINDS = {
    "1": PatentKind.INVENTION,
    "2": PatentKind.UTILITY_MODEL,
    "3": PatentKind.DESIGN,
    "8": PatentKind.INVENTION,
    "9": PatentKind.UTILITY_MODEL,
}
_IPC = re.compile(r"^[A-H]\d{2}[A-Z]( ?\d{1,4}/\d{2,6})?$")
_LOCARNO = re.compile(r"^\d{2}-\d{2}$")
_CLASS_SEPARATORS = re.compile(r"[;；,，、\n]+")
_PUBLICATION = re.compile(r"^CN\d{7,9}([ABCDSUY])\d?$")
_PUBLICATION_KINDS = {
    PatentKind.INVENTION: "ABC",
    PatentKind.UTILITY_MODEL: "UY",
    PatentKind.DESIGN: "DS",
}


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


def kind_of_number(number: str) -> PatentKind:
    """Return the kind of right that the digit after the year of a checked number stands for."""
    return _KINDS[_digit_of_kind(number)]


def entered_by_pct(number: str) -> bool:
    """Tell whether a checked number was given to an international application (PCT)."""
    return _digit_of_kind(number) in "89"


def year_of_number(number: str) -> int:
    """Return the year in which a checked number was given out."""
    if len(number) == 13:
        return int(number[:4])
    return (1900 if number[0] in "89" else 2000) + int(number[:2])


def _digit_of_kind(number: str) -> str:
    return number[4 if len(number) == 13 else 2]


def normalize_publication_number(text: str) -> str:
    """Return the number with CN in front, without spaces and dots; nothing checked."""
    compact = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    return f"CN{compact}" if compact[:1].isdigit() else compact


def validate_publication_number(number: str) -> None:
    if not _PUBLICATION.match(number):
        raise ValidationError(
            _("Expected are CN, 7 to 9 digits and a letter, such as CN115251024A."),
            code="publication_number_form",
        )


def publication_fits(number: str, kind: str) -> bool:
    """Tell whether the letter of a checked publication number belongs to this kind of right."""
    found = _PUBLICATION.match(number)
    return found is not None and found[1] in _PUBLICATION_KINDS[PatentKind(kind)]


def announces_grant(number: str) -> bool:
    """Tell whether a checked publication number is that of a granted right."""
    found = _PUBLICATION.match(number)
    return found is not None and found[1] != "A"


def normalize_classes(text: str) -> str:
    """Return classes as they are stored: capital letters, ``; `` between them."""
    parts = _CLASS_SEPARATORS.split(unicodedata.normalize("NFKC", text).upper())
    return "; ".join(part.strip() for part in parts if part.strip())


def validate_classes(text: str) -> None:
    """Check every class, IPC or (for designs) Locarno; raises ``ValidationError`` quoting one."""
    for part in filter(None, text.split("; ")):
        if not (_IPC.match(part) or _LOCARNO.match(part)):
            raise ValidationError(
                _("“%(text)s” is no IPC class; write C01B32/184, several with semicolons."),
                code="ipc",
                params={"text": part},
            )


def classes_fit(text: str, kind: str) -> bool:
    """Tell whether checked classes are of the system that sorts this kind of right."""
    system = _LOCARNO if kind == PatentKind.DESIGN else _IPC
    return all(system.match(part) for part in text.split("; ") if part)
