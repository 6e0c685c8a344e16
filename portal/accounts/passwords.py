"""Rules for passwords beside Django's own; the figures are settings."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def _kinds(password: str) -> int:
    tests = (str.islower, str.isupper, str.isdigit, lambda c: not (c.isascii() and c.isalnum()))
    return sum(any(test(character) for character in password) for test in tests)


class PasswordKindsValidator:
    """Ask for several of: small letters, capitals, digits, other characters."""

    def validate(self, password, user=None):
        if _kinds(password) < settings.PASSWORD_KINDS:
            raise ValidationError(self.get_help_text(), code="password_kinds")

    def get_help_text(self):
        return _(
            "A password holds at least %(count)d of: small letters, capitals, digits, other "
            "characters."
        ) % {"count": settings.PASSWORD_KINDS}


class LengthValidator:
    """Ask for a length, and for a longer password of people with much power."""

    def validate(self, password, user=None):
        length = settings.PASSWORD_LENGTH
        if user is not None and user.pk and user.needs_mfa:
            length = max(length, settings.PASSWORD_LENGTH_STAFF)
        if len(password) < length:
            raise ValidationError(self._text(length), code="password_too_short")

    def get_help_text(self):
        return self._text(settings.PASSWORD_LENGTH)

    @staticmethod
    def _text(length: int) -> str:
        return _("A password has at least %(length)d characters.") % {"length": length}
