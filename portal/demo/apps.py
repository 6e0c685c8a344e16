from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    """Demo city (演示城市)."""

    name = "portal.demo"
    verbose_name = _("Demo city")
