from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkspaceConfig(AppConfig):
    """Workspace (工作台)."""

    name = "portal.workspace"
    verbose_name = _("Workspace")
