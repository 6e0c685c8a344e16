from celery import shared_task

from .services import sweep_interests


@shared_task(name="interests.sweep", time_limit=600)
def task_sweep(**kwargs):
    """Remind, escalate, and let terms grow by newly entered holidays."""
    sweep_interests()
