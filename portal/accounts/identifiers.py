"""The unified social credit code of an organization (统一社会信用代码, GB 32100-2015)."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError as StdnumError

ORGANIZATION_CODE_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_SEPARATORS = re.compile(r"[\s\-—–·.]")


def normalize_credit_code(text: str) -> str:
    """Return the code in half-width capitals without separators; nothing is checked."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def validate_credit_code(code: str) -> None:
    """Check length, alphabet and the GB 32100 check character.

    Raises ``ValidationError`` with what to do; the code must be normalized already.
    """
    if len(code) != 18:
        raise ValidationError(
            _("A unified social credit code has 18 characters; this one has %(length)d."),
            code="credit_code_length",
            params={"length": len(code)},
        )
    try:
        uscc.validate(code)
    except StdnumError:
        raise ValidationError(
            _(
                "The check character of this unified social credit code is wrong. "
                "Please compare it with your licence."
            ),
            code="credit_code_check",
        ) from None


def organization_code_matches(code: str) -> bool:
    """Tell whether characters 9–17 carry the GB 11714 check character; a warning, not an error.

    Some genuine codes were issued without it, so a mismatch must not refuse an organization.
    """
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    total = sum(
        alphabet.index(character) * weight
        for character, weight in zip(code[8:16], ORGANIZATION_CODE_WEIGHTS, strict=True)
    )
    expected = 11 - total % 11
    return code[16] == {10: "X", 11: "0"}.get(expected, str(expected))
