from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    """Requests for meetings, and the meetings (约谈)."""

    name = "events.meetings"
    label = "meetings"
    verbose_name = _("Meetings")

    def ready(self):
        from . import hooks  # noqa: F401  it registers itself
