from celery import shared_task

from portal.jobs.services import run_job

from .models import Publication
from .services import (
    solve_version,
    sweep_notices,
    sweep_purged,
    sweep_solves,
    tell_people,
)


@shared_task(name="timetable.solve", time_limit=3600)
def task_solve(*, job_id: int, **kwargs):
    """Watch over a process that makes a schedule."""
    run_job(job_id=job_id, work=solve_version)


@shared_task(name="timetable.tell", time_limit=1800)
def task_tell(*, publication_id: int, **kwargs):
    """Tell everybody whose day a publication changes."""
    tell_people(publication=Publication.objects.get(pk=publication_id))


@shared_task(name="timetable.sweep", time_limit=1800)
def task_sweep(**kwargs):
    """Take up solves and messages whose process has gone; erase what is kept too long."""
    sweep_solves()
    sweep_notices()
    sweep_purged()
