from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OperationsConfig(AppConfig):
    """Operations (运维)."""

    name = "portal.operations"
    verbose_name = _("Operations")

    def ready(self):
        from . import checks, receivers  # noqa: F401  they register themselves
