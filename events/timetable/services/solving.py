"""A version is made by a process of its own; whatever is killed, the best so far is kept."""

import subprocess
import time
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events.fairs.models import Fair, MeetingTable, Slot
from events.meetings.models import MeetingRequest
from events.scheduling.instance import Schedule
from events.scheduling.progress import Progress, Stage as Step
from portal.accounts.models import User
from portal.jobs.models import Job
from portal.jobs.services import (
    JobCancelled,
    UnableToMoveJob,
    cancel_job,
    report_progress,
    start_job,
)

from ..enums import Method, Stage, VersionState
from ..instances import Place, Wishes, grid_of, read_fair
from ..models import ScheduleVersion
from ..rules import can_schedule
from ..runs import SolveFolder
from .changes import (
    UnableToSchedule,
    keep_metrics,
    lock_fair,
    lock_version,
    log,
    move,
    next_version,
    replace_plan,
    require,
)

POLL = 0.5  # seconds
SILENT = timedelta(seconds=20)
GRACE = 30  # seconds that a process may take beyond its limit


@transaction.atomic
def start_solving(
    *,
    actor: User,
    fair: Fair,
    seconds: int,
    params: dict[str, Any] | None = None,
    base: ScheduleVersion | None = None,
    comment: str = "",
) -> ScheduleVersion:
    """Begin a new version; what ``base`` has locked stays, and what people were told if it can.

    Raises where another one is being calculated, or where there is nothing to schedule.
    """
    fair = lock_fair(fair)
    require(can_schedule(actor, fair))
    if fair.schedule_versions.filter(state=VersionState.SOLVING).exists():
        raise UnableToSchedule(_("A schedule is being calculated: stop it or wait for it."))
    params = dict(params or {})
    locked = base.planned.filter(is_locked=True) if base else ()
    grid = read_fair(fair, Wishes.from_params(params), locked=locked)
    if not grid.requests or not grid.slots or not grid.tables:
        raise UnableToSchedule(
            _("There is nothing to schedule: it takes requests that were accepted, slots, tables.")
        )
    version = next_version(
        fair,
        base=base,
        state=VersionState.SOLVING,
        params={**params, "seconds": seconds},
        numbering=grid.numbering,
        comment=comment,
        created_by=actor,
        beat_at=timezone.now(),
    )
    for each in locked:
        each.pk, each.version = None, version
        each.save(force_insert=True)
    task = {
        "seconds": seconds,
        "most": grid.most,
        "workers": settings.FAIR_SOLVER["workers"],
        "seed": settings.FAIR_SOLVER["seed"],
        "few_changes": bool(grid.told),
    }
    SolveFolder(version).write(grid, task)
    _queue(version, actor)
    log(actor, fair, "start_solving", version=version.number)
    return version


def _queue(version: ScheduleVersion, actor: User) -> None:
    from ..tasks import task_solve

    version.job = start_job(
        kind="timetable.solve",
        title=_("Schedule %(version)s") % {"version": version},
        owner=actor,
        organization=version.fair.organizer,
        task=task_solve,
        version_id=version.pk,
    )
    version.save()


def is_silent(version: ScheduleVersion, now: datetime | None = None) -> bool:
    """Whether the process that solves has begun, and gone without a word."""
    beat, job = version.beat_at, version.job
    if not version.is_solving or beat is None or job is None or job.started_at is None:
        return False
    return (now or timezone.now()) - beat > SILENT


def can_go_on(version: ScheduleVersion) -> bool:
    """An unfinished solve goes on, unless somebody has moved meetings by hand since."""
    is_open = version.is_draft or is_silent(version)
    is_ours = version.method != Method.MANUAL and version.status not in {"OPTIMAL", "INFEASIBLE"}
    return is_open and is_ours and SolveFolder(version).is_there


@transaction.atomic
def go_on_solving(*, actor: User, version: ScheduleVersion) -> ScheduleVersion:
    """Solve on from the best on disk, for as many seconds again."""
    version = lock_version(version, actor)
    if not can_go_on(version):
        raise UnableToSchedule(_("This version cannot go on: calculate a new one."))
    others = version.fair.schedule_versions.filter(state=VersionState.SOLVING)
    if others.exclude(pk=version.pk).exists():
        raise UnableToSchedule(_("A schedule is being calculated: stop it or wait for it."))
    if version.is_draft:
        move(version, VersionState.SOLVING)
    _cancel(version)
    version.was_interrupted, version.beat_at = False, timezone.now()
    _queue(version, actor)
    log(actor, version.fair, "go_on_solving", version=version.number)
    return version


@transaction.atomic
def stop_solving(*, actor: User, version: ScheduleVersion) -> ScheduleVersion:
    """End the calculation; the best so far becomes the version."""
    version = lock_version(version, actor)
    require(version.is_solving)
    SolveFolder(version).stop()
    log(actor, version.fair, "stop_solving", version=version.number)
    if is_silent(version) or not _has_begun(version):
        _cancel(version)
        version = take_best(version=version)
    return version


def _has_begun(version: ScheduleVersion) -> bool:
    return version.job is not None and version.job.started_at is not None


def _cancel(version: ScheduleVersion) -> None:
    if version.job:
        with suppress(UnableToMoveJob):
            cancel_job(job=version.job)


def solve_version(job: Job) -> dict[str, Any]:
    """Watch over the process until it ends, then take what it has found.

    A job that is cancelled stops it. Raises where the process was killed; the best is taken all
    the same.
    """
    version = ScheduleVersion.objects.select_related("fair").get(pk=job.parameters["version_id"])
    folder, seconds = SolveFolder(version), version.params["seconds"]
    process, began = folder.start(), time.monotonic()
    is_cancelled = False
    try:
        while process.poll() is None:
            passed = time.monotonic() - began
            if passed > seconds + GRACE:
                break
            try:
                report_progress(
                    job=job, done=min(int(passed), seconds), total=seconds, message=_beat(version)
                )
            except JobCancelled:
                is_cancelled = True
                folder.stop()
                with suppress(subprocess.TimeoutExpired):
                    process.wait(GRACE)
                break
            time.sleep(POLL)
    finally:
        if process.poll() is None:
            process.kill()
        code = process.wait()
    was_killed = code != 0 and not is_cancelled
    taken = take_best(version=version, was_interrupted=was_killed)
    if is_cancelled:
        raise JobCancelled
    if was_killed:
        raise UnableToSchedule(_("The solver was interrupted; the best so far is kept."))
    return {"version": taken.number, "status": taken.status}


def _beat(version: ScheduleVersion) -> str:
    """Keep a sign of life and how far it has come; returns that in words."""
    progress = SolveFolder(version).best()
    fields: dict[str, Any] = {"beat_at": timezone.now()}
    if progress:
        fields |= _figures(progress)
    ScheduleVersion.objects.filter(pk=version.pk, state=VersionState.SOLVING).update(**fields)
    return str(Stage(progress.stage).label) if progress else ""


def _figures(progress: Progress) -> dict[str, Any]:
    return {
        "stage": str(progress.stage),
        "method": str(progress.method),
        "status": str(progress.status),
        "weight": progress.weight,
        "weight_bound": progress.weight_bound,
        "breaks": progress.breaks,
        "bound": progress.bound,
        "seconds": progress.seconds,
    }


@transaction.atomic
def take_best(*, version: ScheduleVersion, was_interrupted: bool = False) -> ScheduleVersion:
    """Make the best schedule on disk the version's plan; run twice it does nothing."""
    version = lock_version(version)
    if not version.is_solving:
        return version
    folder = SolveFolder(version)
    progress = folder.best() if folder.is_there else None
    if progress:
        for name, value in _figures(progress).items():
            setattr(version, name, value)
        if progress.stage is not Step.DONE and progress.status == "OPTIMAL":
            version.status = "FEASIBLE"  # killed before its last word
        schedule = folder.best_schedule(progress)
        if schedule is not None:
            replace_plan(version, _plan(version, schedule))
    move(version, VersionState.DRAFT)
    version.was_interrupted = was_interrupted
    keep_metrics(version, grid_of(version))
    version.save()
    return version


def _plan(version: ScheduleVersion, schedule: Schedule) -> dict[int, Place]:
    """The solver's numbers as rows, without those that have gone meanwhile."""
    names = version.numbering
    fair = version.fair
    requests = set(MeetingRequest.objects.filter(fair=fair).values_list("pk", flat=True))
    slots = set(Slot.objects.filter(session__fair=fair).values_list("pk", flat=True))
    tables = set(MeetingTable.objects.filter(fair=fair).values_list("pk", flat=True))
    plan = {
        names["requests"][number]: (
            names["slots"][slot],
            names["tables"][schedule.table_of[number]],
        )
        for number, slot in schedule.slot_of.items()
    }
    return {
        request: (slot, table)
        for request, (slot, table) in plan.items()
        if request in requests and slot in slots and table in tables
    }


def sweep_solves(*, now: datetime | None = None) -> int:
    """Take what is left of solves whose process has gone; returns of how many."""
    now = now or timezone.now()
    solving = ScheduleVersion.objects.filter(
        state=VersionState.SOLVING, beat_at__lt=now - 3 * SILENT, job__started_at__isnull=False
    )
    silent = list(solving.select_related("fair", "job"))
    for version in silent:
        _cancel(version)
        take_best(version=version, was_interrupted=True)
    return len(silent)
