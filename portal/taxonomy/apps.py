from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TaxonomyConfig(AppConfig):
    """Taxonomy (分类体系)."""

    name = "portal.taxonomy"
    verbose_name = _("Taxonomy")
