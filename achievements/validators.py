import re
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .enums import Secrecy

KEYWORD_SEPARATORS = re.compile(r"[,，;；、\n]+")
MAXIMUM_KEYWORDS = 10
TEXT_CHECKS: list[Callable[[str], None]] = []
MAXIMUM_INNOVATIONS = 3
INNOVATION_LENGTH = 50
REGISTRATION_NUMBER = re.compile(r"\d{3}(?:19|20)\d{2}Y\d{4}")


def register_text_check(check: Callable[[str], None]) -> None:
    """Let a room above refuse words in any text of a listing, by ``ValidationError``."""
    TEXT_CHECKS.append(check)


def validate_text(text: str) -> None:
    for check in TEXT_CHECKS:
        check(text)


def split_keywords(text: str) -> list[str]:
    """Return the keywords of a text that separates them by any comma or line."""
    return [word.strip() for word in KEYWORD_SEPARATORS.split(text) if word.strip()]


def validate_keywords(text: str) -> None:
    count = len(split_keywords(text))
    if count > MAXIMUM_KEYWORDS:
        raise ValidationError(
            _("At most %(maximum)d keywords, please; there are %(count)d."),
            params={"maximum": MAXIMUM_KEYWORDS, "count": count},
        )


def validate_innovations(text: str) -> None:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MAXIMUM_INNOVATIONS:
        raise ValidationError(
            _("At most %(maximum)d innovations, one a line."),
            params={"maximum": MAXIMUM_INNOVATIONS},
        )
    for number, line in enumerate(lines, start=1):
        if len(line) > INNOVATION_LENGTH:
            raise ValidationError(
                _("Line %(number)d has %(length)d characters; at most %(maximum)d, please."),
                params={"number": number, "length": len(line), "maximum": INNOVATION_LENGTH},
            )


def validate_unclassified(value: str) -> None:
    """Refuse every security classification (密级): such results must not be published here."""
    if value != Secrecy.NONE:
        raise ValidationError(
            _(
                "Classified results must not be entered here. "
                "Have it declassified first, or keep it out of the portal."
            ),
            code="classified",
        )
