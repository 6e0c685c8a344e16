from celery import shared_task

from .services import sweep_meetings


@shared_task(name="meetings.sweep", time_limit=600)
def task_sweep(**kwargs):
    """End requests that ran out and release people who are gone."""
    sweep_meetings()
