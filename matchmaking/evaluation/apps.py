from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvaluationConfig(AppConfig):
    """Evaluation (评估)."""

    name = "matchmaking.evaluation"
    label = "evaluation"
    verbose_name = _("Evaluation")

    def ready(self):
        from . import case_numbers, duties  # noqa: F401  they register themselves
