from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import transaction

from portal.accounts.models import User
from portal.audit.services import record

from .models import CalendarDay
from .queries import CACHE_KEY
from .rules import can_keep_calendar


@transaction.atomic
def enter_day(*, actor: User, entry: CalendarDay) -> CalendarDay:
    """Enter a holiday or a make-up working day, or change what stands for that day.

    Raises PermissionDenied for those who do not keep the calendar.
    """
    _demand_keeper(actor)
    stored, _created = CalendarDay.objects.update_or_create(
        day=entry.day, defaults={"is_working": entry.is_working, "name": entry.name}
    )
    record(
        actor=actor,
        action="workdays.enter_day",
        target=stored,
        is_working=entry.is_working,
    )
    transaction.on_commit(_forget)
    return stored


@transaction.atomic
def remove_day(*, actor: User, entry: CalendarDay) -> None:
    """Take an entered day out. Raises PermissionDenied as ``enter_day`` does."""
    _demand_keeper(actor)
    record(actor=actor, action="workdays.remove_day", target=entry)
    entry.delete()
    transaction.on_commit(_forget)


def _demand_keeper(actor: User) -> None:
    if not can_keep_calendar(actor):
        raise PermissionDenied


def _forget() -> None:
    cache.delete(CACHE_KEY)
