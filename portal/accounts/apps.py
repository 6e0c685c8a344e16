from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Accounts and organizations (账号与机构)."""

    name = "portal.accounts"
    verbose_name = _("Accounts and organizations")

    def ready(self):
        from . import receivers  # noqa: F401  they connect themselves
