"""What every page of a fair's schedule begins with."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from events.fairs.models import Fair
from events.fairs.views.reading import get_fair

from ..models import ScheduleVersion
from ..queries import versions_of
from ..rules import can_read_schedule, can_schedule


def get_readable(user, code) -> Fair:
    return get_fair(user, code, can_read_schedule)


def get_own(user, code) -> Fair:
    """A fair whose schedule the person may change now; 404 otherwise."""
    return get_fair(user, code, can_schedule)


def get_version(fair: Fair, number: int) -> ScheduleVersion:
    found = get_object_or_404(versions_of(fair), number=number)
    found.fair = fair
    return found


def require(allowed: bool) -> None:
    if not allowed:
        raise Http404
