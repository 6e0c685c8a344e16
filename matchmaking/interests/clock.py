"""The answer clock (答复时钟): terms in working days, as the calendar stands today."""

from datetime import date

from django.conf import settings

from portal.workdays.queries import add_working_days


def term_of(kind: str) -> int:
    """Return the working days that a receiver has, by the kind of what was asked for."""
    return settings.INTEREST_ANSWER_DAYS[kind]


def due_date(sent_on: date, days: int) -> date:
    return add_working_days(sent_on, days)


def reminder_date(sent_on: date, days: int) -> date:
    """Half of the term, rounded up: with two days the day before it ends."""
    return add_working_days(sent_on, -(-days // 2))
