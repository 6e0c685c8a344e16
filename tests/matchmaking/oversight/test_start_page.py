"""The commission's start page says what waits for the commission alone."""

import pytest

from achievements.models import AchievementPage
from matchmaking.cases.enums import TrackState
from matchmaking.cases.models import ConversionCase
from portal.accounts.enums import PortalRole
from portal.workspace.queries import waiting_for
from tests.factories.cases import Deal
from tests.factories.disclosure import overseer
from tests.factories.oversight import make_overseer, signed_in

pytestmark = pytest.mark.django_db


def waiting(role):
    sections = waiting_for(make_overseer(role), AchievementPage.objects.none())
    return [
        (section.heading, section.total, [(row.title, row.note) for row in section.rows])
        for section in sections
    ]


def test_a_dispute_waits_for_the_commission_until_it_is_settled():
    deal = Deal()
    deal.move("DISPUTE_OPENED")
    opened = waiting(PortalRole.COMMISSION), waiting(PortalRole.AUDITOR)
    page = signed_in(overseer(PortalRole.COMMISSION)).get("/workspace/").content.decode()
    deal.move("DISPUTE_SETTLED")

    assert "存在争议的案例" in page
    assert '<span class="task__due">' not in page
    assert ConversionCase.objects.get().tracks["DISPUTE"] == TrackState.SETTLED
    assert opened == ([("需主管部门处理", 1, [("存在争议的案例", "1")])], [])
    assert waiting(PortalRole.COMMISSION) == []
