from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GatesConfig(AppConfig):
    """Check-in at a fair's doors, and the exchange of contacts (签到)."""

    name = "events.gates"
    label = "gates"
    verbose_name = _("Check-in")
