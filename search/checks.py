from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _

from .client import SearchUnavailable
from .documents import registered_documents
from .services import is_rebuild_due


def register_checks() -> None:
    checks.register(check_documents, checks.Tags.models)
    checks.register(check_rebuild_due, checks.Tags.database)


def check_documents(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Every registered document says what it is made from and how a result row looks."""
    needed = ("model", "kind", "label", "result_template")
    return [
        checks.Error(f"{document.__name__} lacks {name}.", obj=document.__name__, id="search.E001")
        for document in registered_documents()
        for name in needed
        if not hasattr(document, name)
    ]


def check_rebuild_due(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """Say when an index was built with another mapping or other generic words."""
    if not databases:
        return []
    try:
        due = [document for document in registered_documents() if is_rebuild_due(document)]
    except (SearchUnavailable, DatabaseError):
        return []
    return [
        checks.Warning(
            f"The search index of {document.kind} is out of date.",
            hint=str(_("Run manage.py rebuild_index.")),
            id="search.W001",
        )
        for document in due
    ]
