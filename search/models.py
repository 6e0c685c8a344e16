from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def split_words(text: str) -> list[str]:
    """Words of a staff-edited list: separated by commas of both kinds, semicolons or new lines."""
    for mark in ",，、;；\r":
        text = text.replace(mark, "\n")
    return [word.strip() for word in text.split("\n") if word.strip()]


class GenericWord(models.Model):
    """A word that says nothing about a technology and is cut out of texts (通用词).

    Generic words are part of how documents were indexed: a change takes full effect with the next
    rebuild.
    """

    word = models.CharField(_("word"), max_length=40, unique=True)

    class Meta:
        verbose_name = _("generic word")
        verbose_name_plural = _("generic words")

    def __str__(self) -> str:
        return self.word


class DomainWord(models.Model):
    """A technical word that stays whole although it holds a generic word (领域词), as 工程塑料."""

    word = models.CharField(_("word"), max_length=40, unique=True)

    class Meta:
        verbose_name = _("domain word")
        verbose_name_plural = _("domain words")

    def __str__(self) -> str:
        return self.word


class SynonymGroup(models.Model):
    """Words that mean the same; a query with one finds the others within a minute (同义词)."""

    words = models.TextField(
        _("words"), help_text=_("Two or more words with the same meaning, one per line.")
    )

    class Meta:
        verbose_name = _("synonyms")
        verbose_name_plural = _("synonyms")

    def __str__(self) -> str:
        return " = ".join(self.word_list)

    @property
    def word_list(self) -> list[str]:
        return split_words(self.words)

    def clean(self) -> None:
        if len(self.word_list) < 2:
            raise ValidationError({"words": _("Enter at least two words, one per line.")})


class LexiconState(models.Model):
    """One row whose version moves with every change of the words, so that processes notice."""

    version = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_lexicon_state")]

    def __str__(self) -> str:
        return str(self.version)


class IndexBuild(models.Model):
    """The rebuild of one kind's index: who holds the lock and which index is being filled.

    A sync that runs meanwhile writes into ``building_index`` as well, so that none is lost.
    """

    kind = models.CharField(_("kind"), max_length=40, unique=True)
    building_index = models.CharField(max_length=120, blank=True)
    owner = models.CharField(max_length=40, blank=True)
    beat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    def __str__(self) -> str:
        return self.kind


class FruitlessQuery(models.Model):
    """What people looked for and did not find, counted for the staff (无结果检索)."""

    kind = models.CharField(_("kind"), max_length=40)
    text = models.CharField(_("query"), max_length=100)
    count = models.PositiveIntegerField(_("times"), default=0)
    first_at = models.DateTimeField(_("first time"), default=timezone.now)
    last_at = models.DateTimeField(_("last time"), default=timezone.now)

    class Meta:
        verbose_name = _("search without result")
        verbose_name_plural = _("searches without result")
        constraints = [
            models.UniqueConstraint(fields=["kind", "text"], name="fruitless_query_once")
        ]
        indexes = [models.Index(fields=["-count", "-last_at"])]

    def __str__(self) -> str:
        return self.text
