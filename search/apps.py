from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """Search (检索)."""

    name = "search"
    verbose_name = _("Search")

    def ready(self) -> None:
        from . import checks, receivers

        autodiscover_modules("documents")
        checks.register_checks()
        receivers.connect_receivers()
