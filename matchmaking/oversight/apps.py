from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OversightConfig(AppConfig):
    """What the commission sees, and what falls due (监管)."""

    name = "matchmaking.oversight"
    verbose_name = _("Oversight")

    def ready(self):
        from . import duty_sources, kpis  # noqa: F401  they register themselves
