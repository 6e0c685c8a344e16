"""What happens after the plan was made: people ill or late, tables lost."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events.fairs.models import Fair, MeetingTable, Slot
from events.registration.models import Registration
from portal.accounts.models import User

from ..enums import LateKind
from ..models import LateChange
from ..rules import can_schedule
from .changes import UnableToSchedule, lock_fair, log, require


@transaction.atomic
def report_change(
    *,
    actor: User,
    fair: Fair,
    kind: str,
    registration: Registration | None = None,
    table: MeetingTable | None = None,
    first: Slot | None = None,
    last: Slot | None = None,
    note: str = "",
) -> LateChange:
    """Note what stands in the way; the next calculation and the checker go by it.

    Somebody late is not there up to ``last``, somebody who leaves from ``first`` on; absent
    people and lost tables name the slots or mean all of them.
    """
    fair = lock_fair(fair)
    require(can_schedule(actor, fair))
    about_table = kind == LateKind.TABLE_LOST
    subject = table if about_table else registration
    if subject is None or subject.fair_id != fair.pk:
        raise UnableToSchedule(_("Say who it is about, or which table."))
    if kind == LateKind.LATE:
        first = None
    if kind == LateKind.LEAVES:
        last = None
    needed = {LateKind.LATE: last, LateKind.LEAVES: first}
    if kind in needed and needed[LateKind(kind)] is None:
        raise UnableToSchedule(_("Say from which slot on, or up to which."))
    if first and last and first.starts_at > last.starts_at:
        raise UnableToSchedule(_("The last slot comes after the first."))
    change = LateChange.objects.create(
        fair=fair,
        kind=kind,
        registration=None if about_table else registration,
        table=table if about_table else None,
        first=first,
        last=last,
        note=note,
        reported_by=actor,
    )
    log(actor, fair, "report_change", kind=kind)
    return change


@transaction.atomic
def lift_change(*, actor: User, change: LateChange) -> LateChange:
    """It does not stand in the way any more."""
    fair = lock_fair(change.fair)
    require(can_schedule(actor, fair) and change.lifted_at is None)
    change.lifted_at = timezone.now()
    change.save(update_fields=["lifted_at"])
    log(actor, fair, "lift_change", kind=change.kind)
    return change
