"""Which days are working days, and counting in them (法定节假日, 调休).

Days that staff entered come first, then the announced holidays and make-up days that
``chinesecalendar`` holds, then plain weekends for years that are not announced yet.
"""

from collections.abc import Callable
from datetime import date, timedelta

import chinese_calendar
from django.core.cache import cache

from .models import CalendarDay

CACHE_KEY, CACHE_SECONDS = "workdays:entered", 60
SATURDAY = 5

IsWorking = Callable[[date], bool]


def entered_days() -> dict[date, bool]:
    """Day → whether it is a working day, of the days that staff entered."""
    days = cache.get(CACHE_KEY)
    if days is None:
        days = dict(CalendarDay.objects.values_list("day", "is_working"))
        cache.set(CACHE_KEY, days, CACHE_SECONDS)
    return days


def last_announced_year() -> int:
    """The last year whose holidays the library knows."""
    return max(chinese_calendar.constants.holidays).year


def is_working_day(day: date) -> bool:
    entered = entered_days().get(day)
    if entered is not None:
        return entered
    try:
        return chinese_calendar.is_workday(day)
    except NotImplementedError:
        return day.weekday() < SATURDAY


def add_working_days(start: date, days: int) -> date:
    """Return the ``days``-th working day after ``start``; with 0 days ``start`` itself."""
    day = start
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """Count the working days after ``start`` up to and including ``end``; negative when before."""
    if end < start:
        return -working_days_between(end, start)
    span = (end - start).days
    return sum(is_working_day(start + timedelta(days=number)) for number in range(1, span + 1))
