from .desk import (
    FruitlessQueryListView,
    IndexStateView,
    WordListView,
    WordView,
    rebuild,
    settle,
)
from .searching import (
    SearchListView,
    SiteListSearch,
    SiteSearchView,
    SuggestView,
    note_fruitless,
)

__all__ = [
    "FruitlessQueryListView",
    "IndexStateView",
    "SearchListView",
    "SiteListSearch",
    "SiteSearchView",
    "SuggestView",
    "WordListView",
    "WordView",
    "note_fruitless",
    "rebuild",
    "settle",
]
