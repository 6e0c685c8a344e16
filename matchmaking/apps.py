from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MatchmakingConfig(AppConfig):
    """Matchmaking (供需对接)."""

    name = "matchmaking"
    verbose_name = _("Matchmaking")

    def ready(self):
        from . import disclosure, documents, imports, receivers  # noqa: F401  they register themselves
