from .desk import fruitless, indexes, rebuild, settle, word, words
from .searching import (
    SearchListView,
    SiteListSearch,
    SiteSearchView,
    SuggestView,
    note_fruitless,
)

__all__ = [
    "SearchListView",
    "SiteListSearch",
    "SiteSearchView",
    "SuggestView",
    "fruitless",
    "indexes",
    "note_fruitless",
    "rebuild",
    "settle",
    "word",
    "words",
]
