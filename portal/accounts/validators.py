import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

PHONE = re.compile(r"\+?[\d\s()\-—–]+")
SHORTEST, LONGEST = 7, 15  # E.164 has at most fifteen digits


def validate_phone(text: str) -> None:
    """Take mobile and fixed lines as people write them, with area code, country code, extension."""
    number = re.split(r"转|ext\.?", text, maxsplit=1, flags=re.IGNORECASE)[0]
    digits = sum(character.isdigit() for character in number)
    if not PHONE.fullmatch(number.strip()) or not SHORTEST <= digits <= LONGEST:
        raise ValidationError(
            _("Please enter a phone number, for instance 138 0000 0000 or 0571-5555 0000."),
            code="phone",
        )
