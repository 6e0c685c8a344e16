from celery import shared_task
from django.utils import timezone

from .services import end_terms


@shared_task(name="ip.end_terms", time_limit=300)
def task_end_terms(**kwargs):
    """Record the ends of patents' terms that have come."""
    end_terms(today=timezone.localdate())
