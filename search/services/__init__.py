"""Every change of the index goes through here."""

from .matching import boosted_terms_search, rows_alike, term_statistics
from .rebuild import (
    UnableToRebuild,
    ensure_index,
    is_rebuild_due,
    rebuild_all,
    rebuild_index,
    run_rebuild,
    start_rebuild,
)
from .reconcile import Drift, check_index, reconcile_index
from .sync import schedule_sync, schedule_sync_many, sync_documents
from .temporary import temporary_index
from .words import (
    WordEntry,
    count_fruitless_query,
    delete_words,
    save_words,
    settle_fruitless_query,
    touch_lexicon,
)

__all__ = [
    "Drift",
    "UnableToRebuild",
    "WordEntry",
    "boosted_terms_search",
    "check_index",
    "count_fruitless_query",
    "delete_words",
    "ensure_index",
    "is_rebuild_due",
    "rebuild_all",
    "rebuild_index",
    "reconcile_index",
    "rows_alike",
    "run_rebuild",
    "save_words",
    "schedule_sync",
    "schedule_sync_many",
    "settle_fruitless_query",
    "start_rebuild",
    "sync_documents",
    "temporary_index",
    "term_statistics",
    "touch_lexicon",
]
