from celery import shared_task

from .services import sweep_aftermath


@shared_task(name="aftermath.sweep", time_limit=600)
def task_sweep(**kwargs):
    """Ask what came of meetings, remind of follow-ups, erase words whose time is over."""
    sweep_aftermath()
