from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    """Reports on fairs (活动总结)."""

    name = "events.reports"
    label = "reports"
    verbose_name = _("Reports on fairs")

    def ready(self):
        from . import evaluation, hooks  # noqa: F401  they register themselves
