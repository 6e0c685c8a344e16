from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IpConfig(AppConfig):
    """Intellectual property (知识产权)."""

    name = "ip"
    verbose_name = _("Intellectual property")

    def ready(self):
        from achievements.validators import register_text_check

        from . import disclosure, documents, imports, steps  # noqa: F401  they register themselves
        from .validators import validate_named_patents, validate_trademark_claims

        register_text_check(validate_named_patents)
        register_text_check(validate_trademark_claims)
