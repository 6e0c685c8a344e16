from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save

from .documents import registered_documents
from .models import DomainWord, GenericWord, SynonymGroup
from .services import schedule_sync_many, touch_lexicon


def connect_receivers() -> None:
    for model in (GenericWord, DomainWord, SynonymGroup):
        for signal in (post_save, post_delete):
            signal.connect(on_words_changed, sender=model, dispatch_uid=f"search-words-{model}")
    for document in registered_documents():
        post_delete.connect(
            on_row_deleted, sender=document.model, dispatch_uid=f"search-delete-{document.kind}"
        )


def on_words_changed(sender: type[Model], **kwargs: Any) -> None:
    touch_lexicon()


def on_row_deleted(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    schedule_sync_many(sender, [instance.pk])
