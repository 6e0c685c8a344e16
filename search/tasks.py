from celery import shared_task

from portal.jobs.services import run_job

from .client import SearchUnavailable
from .documents import registered_documents
from .services import reconcile_index, run_rebuild, sync_documents


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


@shared_task(name="search.rebuild_indexes", time_limit=3600)
def task_rebuild_indexes(*, job_id: int) -> None:
    """Rebuild every index."""
    run_job(job_id=job_id, work=run_rebuild)


@shared_task(name="search.reconcile_indexes", time_limit=3600)
def task_reconcile_indexes() -> None:
    """Repair every index; run nightly."""
    for document in registered_documents():
        reconcile_index(document)
