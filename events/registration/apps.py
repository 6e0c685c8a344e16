from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistrationConfig(AppConfig):
    """Registration for fairs (报名)."""

    name = "events.registration"
    label = "registration"
    verbose_name = _("Registration")

    def ready(self):
        from . import hooks  # noqa: F401  it registers itself
