from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from portal.accounts.models import User
from portal.audit.services import record
from search.analysis import normalize
from search.lexicon import forget_lexicon
from search.models import DomainWord, FruitlessQuery, GenericWord, LexiconState, SynonymGroup
from search.rules import can_tend_search

WordEntry = DomainWord | GenericWord | SynonymGroup

FORMULA_SIGNS = "=+-@"


def touch_lexicon() -> None:
    """Tell every process that the words changed; each notices within a minute."""
    LexiconState.objects.get_or_create(pk=1)
    LexiconState.objects.filter(pk=1).update(version=F("version") + 1)
    forget_lexicon()


@transaction.atomic
def save_words(*, actor: User, entry: WordEntry) -> None:
    """Add or change a synonym group, a generic word or a domain word.

    Raises PermissionDenied for those who do not keep the search.
    """
    _demand_keeper(actor)
    entry.save()
    record(actor=actor, action="search.save_words", target=entry)


@transaction.atomic
def delete_words(*, actor: User, entry: WordEntry) -> None:
    """Take an entry out. Raises PermissionDenied for those who do not keep the search."""
    _demand_keeper(actor)
    record(actor=actor, action="search.delete_words", target=entry)
    entry.delete()


@transaction.atomic
def settle_fruitless_query(*, actor: User, query: FruitlessQuery) -> None:
    """Take a query off the list, since its words are known now or will never be.

    Raises PermissionDenied for those who do not keep the search.
    """
    _demand_keeper(actor)
    record(actor=actor, action="search.settle_fruitless_query", target=query, times=query.count)
    query.delete()


def count_fruitless_query(*, kind: str, text: str) -> None:
    """Count a search that found nothing.

    Staff export the list into spreadsheets, so no text begins like a formula.
    """
    text = normalize(text)[:100].strip().lstrip(FORMULA_SIGNS).strip()
    if not text:
        return
    query, _ = FruitlessQuery.objects.get_or_create(kind=kind, text=text)
    FruitlessQuery.objects.filter(pk=query.pk).update(count=F("count") + 1, last_at=timezone.now())


def _demand_keeper(actor: User) -> None:
    if not can_tend_search(actor):
        raise PermissionDenied
