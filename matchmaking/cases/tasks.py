from celery import shared_task
from django.utils import timezone

from .services import sweep_follow_ups, write_anchor


@shared_task(name="cases.sweep_follow_ups", time_limit=900)
def task_sweep_follow_ups(**kwargs):
    """Ask, remind and close the follow-ups that are due."""
    sweep_follow_ups(today=timezone.localdate(), now=timezone.now())


@shared_task(name="cases.write_anchor", time_limit=900)
def task_write_anchor(**kwargs):
    """Export the heads of today's chains."""
    write_anchor(day=timezone.localdate(), now=timezone.now())
