from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkdaysConfig(AppConfig):
    """Working days (工作日)."""

    name = "portal.workdays"
    verbose_name = _("Working days")
