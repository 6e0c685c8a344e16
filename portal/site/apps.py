from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    """Site (站点)."""

    name = "portal.site"
    verbose_name = _("Site")
