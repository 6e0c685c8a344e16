"""Counting in working days: announced holidays, staff's entries, years not announced yet."""

from datetime import date

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied

from portal.accounts.enums import PortalRole
from portal.accounts.models import RoleGrant
from portal.audit.models import AuditEvent
from portal.workdays.models import CalendarDay
from portal.workdays.queries import (
    add_working_days,
    is_working_day,
    last_announced_year,
    working_days_between,
)
from portal.workdays.services import enter_day, remove_day
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_calendar():
    cache.clear()


def keeper():
    user = UserFactory()
    RoleGrant.objects.create(user=user, role=PortalRole.OPERATOR)
    return user


def test_announced_holidays_and_make_up_days_count():
    assert [
        is_working_day(date(2026, 10, 1)),
        is_working_day(date(2026, 10, 8)),
        is_working_day(date(2026, 10, 10)),
        is_working_day(date(2026, 10, 11)),
    ] == [False, True, True, False]


def test_a_year_that_is_not_announced_has_plain_weekends():
    year = last_announced_year() + 1
    january = [date(year, 1, day) for day in range(1, 29)]

    assert [is_working_day(day) for day in january] == [day.weekday() < 5 for day in january]


def test_terms_step_over_the_national_holiday():
    assert add_working_days(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert add_working_days(date(2026, 9, 30), 0) == date(2026, 9, 30)
    assert working_days_between(date(2026, 9, 30), date(2026, 10, 12)) == 4
    assert working_days_between(date(2026, 10, 12), date(2026, 9, 30)) == -4


def test_what_staff_enter_stands_above_the_library(django_capture_on_commit_callbacks):
    actor = keeper()
    with django_capture_on_commit_callbacks(execute=True):
        enter_day(actor=actor, entry=CalendarDay(day=date(2026, 10, 9), name="市运动会"))

    assert is_working_day(date(2026, 10, 9)) is False

    with django_capture_on_commit_callbacks(execute=True):
        remove_day(actor=actor, entry=CalendarDay.objects.get())

    assert is_working_day(date(2026, 10, 9)) is True
    assert list(AuditEvent.objects.order_by("pk").values_list("action", flat=True)) == [
        "workdays.enter_day",
        "workdays.remove_day",
    ]


def test_a_day_entered_twice_is_changed():
    actor = keeper()
    enter_day(actor=actor, entry=CalendarDay(day=date(2027, 2, 6), name="春节"))
    enter_day(actor=actor, entry=CalendarDay(day=date(2027, 2, 6), name="调休", is_working=True))

    assert list(CalendarDay.objects.values_list("name", "is_working")) == [("调休", True)]


def test_only_keepers_enter_days(client):
    with pytest.raises(PermissionDenied):
        enter_day(actor=UserFactory(), entry=CalendarDay(day=date(2027, 2, 6), name="春节"))
    with pytest.raises(PermissionDenied):
        remove_day(actor=UserFactory(), entry=CalendarDay(day=date(2027, 2, 6), name="春节"))

    assert CalendarDay.objects.count() == 0


def test_the_page_enters_lists_and_removes(client, settings):
    settings.MIDDLEWARE = [
        name for name in settings.MIDDLEWARE if not name.endswith("RequireMFAMiddleware")
    ]
    client.force_login(keeper())

    wrong = client.post("/workspace/calendar/", {"day": "", "name": "元旦"})
    entered = client.post("/workspace/calendar/", {"day": "2027-01-01", "name": "元旦"})
    page = client.get("/workspace/calendar/").content.decode()
    pk = CalendarDay.objects.get().pk
    removed = client.post(f"/workspace/calendar/{pk}/remove/")

    assert [wrong.status_code, entered.status_code, removed.status_code] == [200, 302, 302]
    assert ["2027-01-01" in page, "放假" in page] == [True, True]
    assert CalendarDay.objects.count() == 0
