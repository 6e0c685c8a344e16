from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InterestsConfig(AppConfig):
    """Interests (意向)."""

    name = "matchmaking.interests"
    verbose_name = _("Interests")

    def ready(self):
        from . import disclosure  # noqa: F401  it registers itself
