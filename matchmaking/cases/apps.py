from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    """Conversion cases (成果转化案例)."""

    name = "matchmaking.cases"
    verbose_name = _("Conversion cases")

    def ready(self):
        from . import receivers  # noqa: F401  they register themselves
