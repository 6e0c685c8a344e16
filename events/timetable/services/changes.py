"""What every door shares: the locks, and what is kept with a version."""

from collections import Counter
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from events.fairs.models import Fair
from events.meetings.enums import Priority
from events.scheduling.checker import measure
from portal.accounts.models import User
from portal.audit.services import record

from ..enums import ALLOWED_TRANSITIONS, VersionState
from ..instances import FairGrid, Place, as_schedule, plan_of
from ..models import PlannedMeeting, ScheduleVersion
from ..rules import can_schedule


class UnableToSchedule(Exception):
    """The schedule cannot be changed so; the message says why and what to do."""


def require(allowed: bool) -> None:
    if not allowed:
        raise UnableToSchedule(
            _("You may not do this, or somebody else has moved the schedule on meanwhile.")
        )


def log(actor: User | None, fair: Fair, action: str, **payload: Any) -> None:
    record(
        actor=actor,
        action=f"timetable.{action}",
        target=fair,
        organization_id=fair.organizer_id,
        **payload,
    )


def lock_fair(fair: Fair) -> Fair:
    """Whoever asks for a meeting or registers meanwhile does not wait: the key stays free."""
    found = Fair.objects.select_for_update(of=("self",), no_key=True)
    return found.select_related("page", "organizer").get(pk=fair.pk)


def lock_version(version: ScheduleVersion, actor: User | None = None) -> ScheduleVersion:
    """Lock the fair first, then the version; asks for the right where there is an actor."""
    fair = lock_fair(version.fair)
    found = ScheduleVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    found.fair = fair
    require(actor is None or can_schedule(actor, fair))
    return found


def move(version: ScheduleVersion, state: VersionState) -> None:
    """Set the state of a locked version; whoever calls saves it."""
    require(state in ALLOWED_TRANSITIONS[version.state])
    version.state = state


def next_version(fair: Fair, **values: Any) -> ScheduleVersion:
    """A new version of a locked fair."""
    last = fair.schedule_versions.order_by("-number").first()
    return ScheduleVersion.objects.create(
        fair=fair, number=last.number + 1 if last else 1, **values
    )


@transaction.atomic
def replace_plan(version: ScheduleVersion, plan: dict[int, Place]) -> None:
    """Put a plan in the place of a version's; locks of meetings that stay are kept."""
    locked = set(version.planned.filter(is_locked=True).values_list("request_id", flat=True))
    version.planned.all().delete()
    PlannedMeeting.objects.bulk_create(
        PlannedMeeting(
            version=version,
            request_id=request,
            slot_id=slot,
            table_id=table,
            is_locked=request in locked,
        )
        for request, (slot, table) in sorted(plan.items())
    )


def keep_metrics(version: ScheduleVersion, grid: FairGrid) -> None:
    """Measure the version's plan anew: the figures of a schedule's quality."""
    plan = plan_of(version)
    schedule = as_schedule(grid, plan)
    figures = asdict(measure(grid.instance, schedule))
    must = {
        request.pk
        for request in grid.requests
        if Priority.MUST in (request.priority, request.answer_priority)
    }
    moved = {r for r, place in grid.told.items() if plan.get(r) != place}
    new = {r for r in plan if grid.told and r not in grid.told and r in grid.request_number}
    changed = Counter(
        person
        for request in moved | new
        for person in grid.instance.meetings[grid.request_number[request]].people
    )
    version.metrics = figures | {
        "must": len(must & plan.keys()),
        "requested_must": len(must),
        "moved": len(moved),
        "changed_people": len(changed),
    }
    version.weight, version.breaks = figures["weight"], figures["breaks"]
