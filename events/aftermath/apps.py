from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AftermathConfig(AppConfig):
    """What comes of a fair's meetings (会后)."""

    name = "events.aftermath"
    label = "aftermath"
    verbose_name = _("After the fair")

    def ready(self):
        from . import hooks, kpis  # noqa: F401  they register themselves
