from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FairsConfig(AppConfig):
    """Fairs (对接会)."""

    name = "events.fairs"
    label = "fairs"
    verbose_name = _("Fairs")
