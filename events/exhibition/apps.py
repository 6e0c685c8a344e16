from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExhibitionConfig(AppConfig):
    """Exhibitions of achievements (成果展示会)."""

    name = "events.exhibition"
    label = "exhibition"
    verbose_name = _("Exhibition")

    def ready(self):
        from . import hooks  # noqa: F401  it registers itself
