"""One door for each state of a fair; the clock opens most of them (see ``sweeps``)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from portal.accounts.models import User
from portal.audit.services import record

from ..checks import missing_checks
from ..enums import FairState, NewsKind, SchedulingMode
from ..models import Fair
from ..rules import (
    can_cancel_fair,
    can_manage_fair,
    can_move_fair,
    can_review_fair,
    can_submit_fair,
)
from .changes import UnableToChangeFair, announce, lock, move, require, tell_office
from .planning import save_page, shift_grid


@transaction.atomic
def submit_fair(*, actor: User, fair: Fair) -> Fair:
    """Send a complete plan to the platform. Raises with what is missing."""
    fair = lock(fair)
    require(can_submit_fair(actor, fair))
    missing = missing_checks(fair)
    if missing:
        raise UnableToChangeFair(
            _("Not complete yet: %(what)s.")
            % {"what": "、".join(str(each.label) for each in missing)}
        )
    fair.submitted_by, fair.state_note = actor, ""
    move(fair, FairState.REVIEW, actor=actor, action="fairs.submit_fair")
    return fair


@transaction.atomic
def approve_fair(*, actor: User, fair: Fair) -> Fair:
    """Announce a fair: its page goes live; where registration is due, it opens at once."""
    fair = lock(fair)
    require(can_review_fair(actor, fair))
    fair.reviewed_by = actor
    move(fair, FairState.PUBLISHED, actor=actor, action="fairs.approve_fair")
    page = fair.page
    page.save_revision(user=actor).publish(user=actor, skip_permission_checks=True)
    page.refresh_from_db()
    tell_office(fair, kind="fair-approved", title=gettext_lazy("Your fair is announced"))
    if is_due(fair.registration_opens_at, timezone.now()):
        open_registration(actor=None, fair=fair)
        fair.refresh_from_db()
    return fair


@transaction.atomic
def return_fair(*, actor: User, fair: Fair, reason: str) -> Fair:
    """Send a plan back to its organizer with what to change."""
    fair = lock(fair)
    require(can_review_fair(actor, fair))
    fair.reviewed_by, fair.state_note = actor, reason
    move(fair, FairState.DRAFT, actor=actor, action="fairs.return_fair")
    tell_office(fair, kind="fair-returned", title=gettext_lazy("Your fair came back"), body=reason)
    return fair


def is_due(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now


def _open(actor: User | None, fair: Fair, state: FairState, action: str) -> Fair:
    """Move on by the organizer's hand, or by the clock when ``actor`` is None."""
    fair = lock(fair)
    require(actor is None or can_manage_fair(actor, fair))
    move(fair, state, actor=actor, action=action)
    return fair


@transaction.atomic
def open_registration(*, actor: User | None, fair: Fair) -> Fair:
    fair = lock(fair)
    if fair.registration_opens_at is None or fair.registration_opens_at > timezone.now():
        fair.registration_opens_at = timezone.now()
        fair.save(update_fields=["registration_opens_at"])
    return _open(actor, fair, FairState.REG_OPEN, "fairs.open_registration")


@transaction.atomic
def open_requests(*, actor: User | None, fair: Fair) -> Fair:
    """Let people ask each other for meetings; registration goes on until its own last day."""
    if not fair.has_meetings:
        raise UnableToChangeFair(_("A fair of this kind has no appointments."))
    return _open(actor, fair, FairState.BOOKING, "fairs.open_requests")


@transaction.atomic
def start_scheduling(*, actor: User | None, fair: Fair) -> Fair:
    """Close requests. Raises where people pick their own times: there is nothing to schedule."""
    if fair.scheduling_mode == SchedulingMode.PARTICIPANT:
        raise UnableToChangeFair(_("People pick their own times at this fair."))
    return _open(actor, fair, FairState.SCHEDULING, "fairs.start_scheduling")


@transaction.atomic
def reopen_requests(*, actor: User, fair: Fair) -> Fair:
    """Go back from scheduling to requests."""
    return _open(actor, fair, FairState.BOOKING, "fairs.reopen_requests")


@transaction.atomic
def publish_schedule(*, actor: User, fair: Fair) -> Fair:
    return _open(actor, fair, FairState.SCHEDULE_PUBLISHED, "fairs.publish_schedule")


@transaction.atomic
def reschedule(*, actor: User, fair: Fair) -> Fair:
    """Go back from a published schedule to scheduling, for late changes."""
    return _open(actor, fair, FairState.SCHEDULING, "fairs.reschedule")


@transaction.atomic
def begin_fair(*, actor: User | None, fair: Fair) -> Fair:
    return _open(actor, fair, FairState.LIVE, "fairs.begin_fair")


@transaction.atomic
def close_fair(*, actor: User | None, fair: Fair) -> Fair:
    return _open(actor, fair, FairState.CLOSED, "fairs.close_fair")


@transaction.atomic
def archive_fair(*, actor: User | None, fair: Fair) -> Fair:
    return _open(actor, fair, FairState.ARCHIVED, "fairs.archive_fair")


@transaction.atomic
def cancel_fair(*, actor: User, fair: Fair, reason: str) -> Fair:
    """Call a fair off; everybody concerned is told why."""
    fair = lock(fair)
    require(can_cancel_fair(actor, fair))
    was_announced = fair.page.live
    fair.state_note = reason
    move(fair, FairState.CANCELLED, actor=actor, action="fairs.cancel_fair")
    if was_announced:
        announce(fair, NewsKind.CANCELLED, note=reason)
    return fair


@transaction.atomic
def move_fair(
    *,
    actor: User,
    fair: Fair,
    starts_at: datetime,
    ends_at: datetime,
    venue: str,
    district: Any,
    address: str,
    reason: str,
) -> Fair:
    """Give an announced fair another time or place; its grid moves along, everybody is told."""
    fair = lock(fair)
    require(can_move_fair(actor, fair))
    if not starts_at < ends_at or starts_at <= timezone.now():
        raise UnableToChangeFair(_("A fair begins in the future and ends after it begins."))
    page = fair.page
    before, shift = describe_place(fair), starts_at - page.starts_at
    page.starts_at, page.ends_at, page.venue, page.district = starts_at, ends_at, venue, district
    fair.address = address
    save_page(page, actor)
    fair.save(update_fields=["address"])
    if shift:
        shift_grid(fair, shift)
    after = describe_place(fair)
    record(
        actor=actor,
        action="fairs.move_fair",
        target=fair,
        organization_id=fair.organizer_id,
        before=before,
        after=after,
    )
    announce(fair, NewsKind.MOVED, note=reason, before=before, after=after)
    return fair


def describe_place(fair: Fair) -> str:
    begins = timezone.localtime(fair.page.starts_at)
    return f"{begins:%Y-%m-%d %H:%M} {fair.page.venue}"[:300]
