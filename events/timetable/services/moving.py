"""A draft is changed by hand: moved, taken out, put in, locked."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from events.fairs.models import MeetingTable, Slot
from events.meetings.models import MeetingRequest
from portal.accounts.models import User

from ..enums import Method, VersionState
from ..instances import FairGrid, Place, as_schedule, grid_of, plan_of
from ..judging import Problem, prohibitions, warnings
from ..models import PlannedMeeting, ScheduleVersion
from .changes import UnableToSchedule, keep_metrics, lock_version, log, next_version, require


@dataclass(frozen=True)
class Verdict:
    """What a move would newly do wrong, and what somebody would not like about it."""

    prohibited: list[Problem]
    warned: list[Problem]


class NeedsConfirmation(UnableToSchedule):
    """The move can be made although it is unwelcome; the message says why it is."""


def judge_move(
    version: ScheduleVersion, grid: FairGrid, before: dict[int, Place], after: dict[int, Place]
) -> Verdict:
    """Only what the move brings counts: what was wrong before does not stand in its way."""
    old, new = as_schedule(grid, before), as_schedule(grid, after)
    known = {each.key for each in prohibitions(grid, old)}
    disliked = {each.key for each in warnings(grid, old)}
    return Verdict(
        [each for each in prohibitions(grid, new) if each.key not in known],
        [each for each in warnings(grid, new) if each.key not in disliked],
    )


def with_move(plan: dict[int, Place], request: int, place: Place) -> dict[int, Place]:
    """The plan with a meeting at another place; whoever sits there goes to its old one."""
    after = dict(plan)
    sitting = next((each for each, at in plan.items() if at == place and each != request), None)
    if sitting is not None:
        if request not in plan:
            raise UnableToSchedule(_("This place is taken: choose another one."))
        after[sitting] = plan[request]
    after[request] = place
    return after


def _lock_draft(version: ScheduleVersion, actor: User) -> ScheduleVersion:
    version = lock_version(version, actor)
    if not version.is_draft:
        raise UnableToSchedule(_("Only a draft can be changed: make a copy of this version."))
    return version


@transaction.atomic
def place_meeting(
    *,
    actor: User,
    version: ScheduleVersion,
    request: MeetingRequest,
    slot: Slot,
    table: MeetingTable,
    confirmed: bool = False,
) -> Verdict:
    """Put a meeting into a slot at a table; two meetings change places where one sits there.

    Raises ``UnableToSchedule`` with what is prohibited; ``NeedsConfirmation`` with the warnings
    unless they were ``confirmed``.
    """
    version = _lock_draft(version, actor)
    grid, before = grid_of(version), plan_of(version)
    is_ours = request.pk in grid.request_number and table.pk in grid.table_number
    if not is_ours or slot.pk not in grid.slot_number:
        raise UnableToSchedule(_("This request, slot or table does not belong to the schedule."))
    after = with_move(before, request.pk, (slot.pk, table.pk))
    changed = {each for each, place in after.items() if before.get(each) != place}
    if version.planned.filter(request__in=changed, is_locked=True).exists():
        raise UnableToSchedule(_("This meeting is locked: unlock it first."))
    verdict = judge_move(version, grid, before, after)
    if verdict.prohibited:
        raise UnableToSchedule(" ".join(each.text for each in verdict.prohibited))
    if verdict.warned and not confirmed:
        raise NeedsConfirmation(" ".join(each.text for each in verdict.warned))
    for each in changed:
        PlannedMeeting.objects.update_or_create(
            version=version,
            request_id=each,
            defaults={"slot_id": after[each][0], "table_id": after[each][1]},
        )
    _keep(version, grid, actor, "place_meeting", request, at=f"{slot} {table}")
    return verdict


@transaction.atomic
def take_out(*, actor: User, version: ScheduleVersion, request: MeetingRequest) -> None:
    """Leave a meeting without a time; raises where it is locked."""
    version = _lock_draft(version, actor)
    planned = version.planned.filter(request=request).first()
    require(planned is not None)
    if planned is not None and planned.is_locked:
        raise UnableToSchedule(_("This meeting is locked: unlock it first."))
    version.planned.filter(request=request).delete()
    _keep(version, grid_of(version), actor, "take_out", request)


def _keep(
    version: ScheduleVersion,
    grid: FairGrid,
    actor: User,
    action: str,
    request: MeetingRequest,
    **payload: str,
) -> None:
    keep_metrics(version, grid)
    version.method, version.status = Method.MANUAL, "FEASIBLE"
    version.save()
    log(actor, version.fair, action, version=version.number, request=request.pk, **payload)


@transaction.atomic
def set_lock(
    *, actor: User, version: ScheduleVersion, request: MeetingRequest, is_locked: bool
) -> None:
    """A locked meeting stays where it is, by hand and when it is solved again."""
    version = _lock_draft(version, actor)
    require(bool(version.planned.filter(request=request).update(is_locked=is_locked)))
    told = {"version": version.number, "request": request.pk, "locked": is_locked}
    log(actor, version.fair, "set_lock", **told)


@transaction.atomic
def copy_version(*, actor: User, version: ScheduleVersion) -> ScheduleVersion:
    """A draft like this version, to be changed by hand."""
    version = lock_version(version, actor)
    require(not version.is_solving)
    copied = ("params", "method", "status", "weight_bound", "bound", "seconds", "numbering")
    copy = next_version(
        version.fair,
        base=version,
        state=VersionState.DRAFT,
        created_by=actor,
        **{name: getattr(version, name) for name in copied},
    )
    PlannedMeeting.objects.bulk_create(
        PlannedMeeting(
            version=copy,
            request_id=each.request_id,
            slot_id=each.slot_id,
            table_id=each.table_id,
            is_locked=each.is_locked,
        )
        for each in version.planned.all()
    )
    keep_metrics(copy, grid_of(copy))
    copy.save()
    log(actor, version.fair, "copy_version", version=copy.number, source=version.number)
    return copy


@transaction.atomic
def comment_version(*, actor: User, version: ScheduleVersion, comment: str) -> ScheduleVersion:
    version = lock_version(version, actor)
    version.comment = comment
    version.save(update_fields=["comment"])
    log(actor, version.fair, "comment_version", version=version.number)
    return version
