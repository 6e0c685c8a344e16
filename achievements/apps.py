from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AchievementsConfig(AppConfig):
    """Achievements (科技成果)."""

    name = "achievements"
    verbose_name = _("Achievements")

    def ready(self):
        from . import checks, disclosure, documents, receivers  # noqa: F401  they register themselves
        from .imports import achievements  # noqa: F401

        checks.register_checks()
