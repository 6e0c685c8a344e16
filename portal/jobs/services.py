from collections.abc import Callable
from typing import Any

from celery import Task
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise

from portal.accounts.models import Organization, User

from .enums import ALLOWED_TRANSITIONS, FINISHED_STATES, JobState
from .models import Job


class UnableToMoveJob(Exception):
    """The job is not in a state from which this step is allowed."""


class JobCancelled(Exception):
    """Somebody cancelled the job while it ran; its work stops here and leaves nothing behind."""


def start_job(
    *,
    kind: str,
    title: str | Promise,
    owner: User | None,
    task: Task,
    organization: Organization | None = None,
    **parameters: Any,
) -> Job:
    """Create a queued job and hand its id to ``task`` once the transaction has committed."""
    job = Job.objects.create(
        kind=kind,
        title=str(title)[:200],
        owner=owner,
        organization=organization,
        parameters=parameters,
    )
    transaction.on_commit(lambda: task.delay(job_id=job.pk))
    return job


@transaction.atomic
def _move(job: Job, state: str, **fields: Any) -> Job:
    current = Job.objects.select_for_update().get(pk=job.pk)
    if state not in ALLOWED_TRANSITIONS.get(current.state, set()):
        raise UnableToMoveJob(f"{current.state} → {state}")
    fields |= {"state": state}
    if state in FINISHED_STATES:
        fields["finished_at"] = timezone.now()
    Job.objects.filter(pk=job.pk).update(**fields)
    job.refresh_from_db()
    return job


def report_progress(*, job: Job, done: int, total: int, message: str = "") -> None:
    """Store how far the work has come; cheap enough to call every few hundred rows.

    Raises ``JobCancelled`` for the work to end itself.
    """
    running = Job.objects.filter(pk=job.pk).exclude(state=JobState.CANCELLED)
    if not running.update(done=done, total=total, message=message[:300]):
        raise JobCancelled


def run_job(*, job_id: int, work: Callable[[Job], dict]) -> Job:
    """Run ``work`` once for a queued job and store its result; a second delivery does nothing.

    ``work`` returns a JSON object. An exception fails the job, is stored, and is raised again. A
    job that was cancelled too late, after its work was complete, has succeeded.
    """
    job = Job.objects.get(pk=job_id)
    if job.state != JobState.QUEUED:
        return job
    _move(job, JobState.RUNNING, started_at=timezone.now())
    try:
        result = work(job)
    except JobCancelled:
        job.refresh_from_db()
        return job
    except Exception as error:
        _move(job, JobState.FAILED, message=str(error)[:300])
        raise
    return _move(job, JobState.SUCCEEDED, result=result)


def cancel_job(*, job: Job) -> Job:
    """Cancel a job that has not finished; raises ``UnableToMoveJob`` otherwise."""
    return _move(job, JobState.CANCELLED)
