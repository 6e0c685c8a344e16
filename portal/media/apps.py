from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MediaConfig(AppConfig):
    """Media (媒体文件)."""

    name = "portal.media"
    verbose_name = _("Media")
