from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    """Jobs (任务)."""

    name = "portal.jobs"
    verbose_name = _("Jobs")
