from celery import shared_task

from portal.jobs.services import run_job

from .models import Mailing
from .services import check_guests, deliver_mailing, sweep_registrations, write_guests


@shared_task(name="registration.sweep", time_limit=600)
def task_sweep(**kwargs):
    """Pass places on, note who did not come, erase what is kept too long."""
    sweep_registrations()


@shared_task(name="registration.deliver_mailing", time_limit=1800)
def task_deliver_mailing(*, mailing_id: int, **kwargs):
    """Write to everybody whom a mail of the organizer is for."""
    deliver_mailing(mailing=Mailing.objects.select_related("fair__page").get(pk=mailing_id))


@shared_task(name="registration.check_guests", time_limit=600)
def task_check_guests(*, job_id: int, **kwargs):
    """Run the dry run of a guest list."""
    run_job(job_id=job_id, work=check_guests)


@shared_task(name="registration.write_guests", time_limit=600)
def task_write_guests(*, job_id: int, **kwargs):
    """Write a checked guest list, all rows or none."""
    run_job(job_id=job_id, work=write_guests)
