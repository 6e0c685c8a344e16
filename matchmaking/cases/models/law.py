from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.taxonomy.models import in_language

from ..enums import Jurisdiction, RuleCode


class LawRule(models.Model):
    """A rule of law as data: its figures, where and since when it holds, its source (法规规则).

    ``parameters`` are plain JSON; which ones a code has stands in ``law.py``.
    """

    code = models.CharField(_("rule"), max_length=20, choices=RuleCode.choices)
    jurisdiction = models.CharField(_("in force in"), max_length=8, choices=Jurisdiction.choices)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    parameters = models.JSONField(_("parameters"), default=dict)
    source = models.CharField(_("source (Chinese)"), max_length=200)
    source_en = models.CharField(_("source (English)"), max_length=200)
    note = models.CharField(_("remark"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("rule of law")
        verbose_name_plural = _("rules of law")
        constraints = [
            models.UniqueConstraint(
                fields=["code", "jurisdiction", "valid_from"], name="rule_once"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="rule_period",
            ),
        ]

    def __str__(self):
        return f"{self.get_code_display()} ({self.get_jurisdiction_display()})"

    @property
    def source_label(self) -> str:
        return in_language(self.source, self.source_en)
