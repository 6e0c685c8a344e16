from celery import shared_task

from .client import SearchUnavailable
from .documents import get_document, registered_documents
from .services import UnableToRebuild, rebuild_index, reconcile_index, sync_documents


@shared_task(
    name="search.sync_documents",
    autoretry_for=(SearchUnavailable,),
    retry_backoff=2,
    retry_backoff_max=300,
    retry_jitter=True,
    max_retries=5,
    time_limit=300,
)
def task_sync_documents(*, kind: str, pks: list) -> None:
    """Index or delete these rows' documents."""
    sync_documents(kind=kind, pks=pks)


@shared_task(name="search.rebuild_index", time_limit=3600)
def task_rebuild_index(*, kind: str) -> None:
    """Rebuild one kind; a second request while one runs is not an error."""
    try:
        rebuild_index(get_document(kind))
    except UnableToRebuild:
        return


@shared_task(name="search.reconcile_indexes", time_limit=3600)
def task_reconcile_indexes() -> None:
    """Repair every index; run nightly."""
    for document in registered_documents():
        reconcile_index(document)
