from celery import shared_task
from django.core.management import call_command

from portal.jobs.services import run_job


@shared_task(name="achievements.publish_scheduled", time_limit=120)
def task_publish_scheduled(**kwargs):
    """Let Wagtail publish and take down what is due."""
    call_command("publish_scheduled")


@shared_task(name="achievements.check_import", time_limit=600)
def task_check_import(*, job_id: int, **kwargs):
    """Run the dry run of an uploaded table."""
    from .imports.services import check_table

    run_job(job_id=job_id, work=check_table)


@shared_task(name="achievements.write_import", time_limit=1800)
def task_write_import(*, job_id: int, **kwargs):
    """Write a checked table, all rows or none."""
    from .imports.services import write_checked_table

    run_job(job_id=job_id, work=write_checked_table)


@shared_task(name="achievements.submit_import", time_limit=1800)
def task_submit_import(*, job_id: int, **kwargs):
    """Send to review what an import wrote."""
    from .imports.services import submit_imported_drafts

    run_job(job_id=job_id, work=submit_imported_drafts)
