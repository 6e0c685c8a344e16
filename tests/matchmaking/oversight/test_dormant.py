"""Office and completers are told, once, that a result lies dormant."""

from datetime import date

import pytest
import time_machine

from achievements.models import Completer
from matchmaking.oversight.services import tell_of_dormant
from portal.accounts.models import Membership
from portal.notifications.models import Notification
from tests.factories.accounts import UserFactory
from tests.factories.listings import Institute

pytestmark = pytest.mark.django_db
PUBLISHED, YEAR_AFTER, NEXT_DAY = date(2025, 3, 1), date(2026, 3, 1), date(2026, 3, 2)


def told_on(day):
    with time_machine.travel(day):
        return tell_of_dormant(today=day)


def test_office_and_completers_are_told_once_after_a_year():
    institute, completer = Institute(), UserFactory()
    with time_machine.travel(PUBLISHED):
        page = institute.published(title="石墨烯导热膜")
        Completer.objects.create(page=page, user=completer, name="林知远")

    assert told_on(YEAR_AFTER) == 0
    assert told_on(NEXT_DAY) == 3
    assert told_on(NEXT_DAY) == 0
    notes = Notification.objects.filter(kind="dormant").order_by("user")
    office = Membership.objects.office().filter(organization=institute.organization)
    assert {note.user for note in notes} == {completer, *(each.user for each in office)}
    assert {note.body for note in notes} == {
        "《石墨烯导热膜》已超过12个月未找到受让方，完成人可与单位约定自行实施转化。"
    }
    assert {note.title_en for note in notes} == {"A result lies dormant"}
