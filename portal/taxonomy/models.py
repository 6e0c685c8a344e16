from django.db import models
from django.utils.translation import get_language, gettext_lazy as _

from .enums import ParkLevel


def in_language(chinese: str, english: str) -> str:
    """Return the English text to English readers where there is one, else the Chinese."""
    return english if english and (get_language() or "").startswith("en") else chinese


class TermQuerySet(models.QuerySet):
    def current(self):
        """Terms that may be chosen today; retired ones stay readable on old records."""
        return self.filter(retired_on__isnull=True)


class Term(models.Model):
    """A coded word of a controlled vocabulary, named in both languages.

    ``code`` never changes meaning: a reform adds a term and retires the old one, which may name
    its ``successor``; ``edition`` says which publication of the vocabulary brought it.
    """

    code = models.CharField(_("code"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=150)
    edition = models.CharField(_("edition"), max_length=32)
    retired_on = models.DateField(_("retired on"), null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("successor")
    )
    sort_order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = TermQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self):
        return self.label

    @property
    def label(self) -> str:
        return in_language(self.name, self.name_en)


class Industry(Term):
    """One of the fifteen industries of the city plan, chapter 7 (行业)."""

    key_content = models.TextField(_("key content"), blank=True)
    key_content_en = models.TextField(_("key content in English"), blank=True)
    hue = models.PositiveSmallIntegerField(_("hue"), default=180)

    class Meta:
        verbose_name = _("industry")
        verbose_name_plural = _("industries")

    @property
    def localized_key_content(self) -> str:
        return in_language(self.key_content, self.key_content_en)


class District(Term):
    """A district or county of the city, coded by GB/T 2260 (区县)."""

    class Meta:
        verbose_name = _("district")
        verbose_name_plural = _("districts")


class TechnicalField(Term):
    """One of the eleven technical fields of the technology contract register (技术领域)."""

    class Meta:
        verbose_name = _("technical field")
        verbose_name_plural = _("technical fields")


class CooperationMode(Term):
    """How a result may be taken up: transfer, licence, equity, … (合作方式; L1 art. 16)."""

    class Meta:
        verbose_name = _("cooperation mode")
        verbose_name_plural = _("cooperation modes")


class Park(Term):
    """A development zone or science park (园区)."""

    level = models.CharField(_("level"), max_length=16, choices=ParkLevel.choices)
    district = models.ForeignKey(
        District, models.PROTECT, related_name="parks", verbose_name=_("district")
    )
    industries = models.ManyToManyField(
        Industry, blank=True, related_name="parks", verbose_name=_("industries")
    )

    class Meta:
        verbose_name = _("park")
        verbose_name_plural = _("parks")


class CodeSequence(models.Model):
    """The last running number given out under a prefix in a year, e.g. CG-2026-000123."""

    prefix = models.CharField(max_length=4)
    year = models.PositiveSmallIntegerField()
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prefix", "year"], name="one_sequence_a_year")
        ]

    def __str__(self):
        return f"{self.prefix}-{self.year}"
