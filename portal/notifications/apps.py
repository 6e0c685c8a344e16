from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """Notifications (通知)."""

    name = "portal.notifications"
    verbose_name = _("Notifications")
