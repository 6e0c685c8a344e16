from celery import shared_task

from .services import sweep_exhibition


@shared_task(name="exhibition.sweep", time_limit=300)
def task_sweep(**kwargs):
    """Open the booths of fairs that have begun, erase what is kept too long."""
    sweep_exhibition()
