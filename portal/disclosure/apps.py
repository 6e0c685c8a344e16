from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DisclosureConfig(AppConfig):
    """Graded disclosure (分级披露)."""

    name = "portal.disclosure"
    verbose_name = _("Graded disclosure")
