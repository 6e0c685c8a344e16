from celery import shared_task
from django.utils import timezone

from .services import purge_old_records


@shared_task(name="operations.purge", time_limit=1800)
def task_purge(**kwargs):
    """Delete what has been kept for long enough."""
    purge_old_records(now=timezone.now())
