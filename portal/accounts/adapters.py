from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError

MISMATCH = "email_password_mismatch"


class AccountAdapter(DefaultAccountAdapter):
    """How sign-up, sign-in and account mails behave on this portal."""

    def validation_error(self, code, *args):
        """Put what is wrong with a sign-in beside its field, where people look for it."""
        error = super().validation_error(code, *args)
        return ValidationError({"password": [error]}) if code == MISMATCH else error
