from typing import Any

from django.apps import apps
from django.core import checks

from search.documents import documents_of

from .models import InstitutePage, ListingPage


def register_checks() -> None:
    checks.register(check_pages_are_found, checks.Tags.models)


def check_pages_are_found(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Every kind of listing, in whichever room, and the institute have a search document."""
    return [
        checks.Error(
            f"{model.__name__} is published but in no index.",
            hint="Register a document for it in documents.py.",
            obj=model,
            id="achievements.E001",
        )
        for model in apps.get_models()
        if issubclass(model, ListingPage | InstitutePage) and not documents_of(model)
    ]
