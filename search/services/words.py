from django.db.models import F
from django.utils import timezone

from search.analysis import normalize
from search.lexicon import forget_lexicon
from search.models import FruitlessQuery, LexiconState


def touch_lexicon() -> None:
    """Tell every process that the words changed; each notices within a minute."""
    LexiconState.objects.get_or_create(pk=1)
    LexiconState.objects.filter(pk=1).update(version=F("version") + 1)
    forget_lexicon()


def count_fruitless_query(*, kind: str, text: str) -> None:
    """Count a search that found nothing."""
    text = normalize(text)[:100].strip()
    if not text:
        return
    query, _ = FruitlessQuery.objects.get_or_create(kind=kind, text=text)
    FruitlessQuery.objects.filter(pk=query.pk).update(count=F("count") + 1, last_at=timezone.now())
