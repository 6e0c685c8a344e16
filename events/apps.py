from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    """Events (活动)."""

    name = "events"
    verbose_name = _("Events")
