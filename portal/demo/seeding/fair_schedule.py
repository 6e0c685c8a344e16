"""The schedule of a fair of the demo city, made and published as its organizer would."""

from events.fairs.models import Fair
from events.timetable.models import ScheduleVersion
from events.timetable.services import publish_version, solve_version, start_solving
from portal.accounts.models import User
from portal.jobs.services import run_job

SECONDS = 6


def seed_schedule(fair: Fair, owner: User) -> ScheduleVersion:
    """Solve for some seconds and tell everybody; the messages go out once the city is written."""
    version = start_solving(actor=owner, fair=fair, seconds=SECONDS, comment="首版")
    if version.job:
        run_job(job_id=version.job.pk, work=solve_version)
    version.refresh_from_db()
    publish_version(actor=owner, version=version)
    return version
