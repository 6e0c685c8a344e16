"""Papers of a case: who reads them, and that it is put on record."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from matchmaking.cases import services
from matchmaking.cases.enums import EventKind
from matchmaking.cases.models import CaseFile
from portal.accounts.enums import PortalRole
from portal.accounts.models import RoleGrant
from portal.audit.models import AuditEvent
from tests.factories.accounts import UserFactory
from tests.factories.cases import Deal
from tests.factories.listings import Institute

pytestmark = pytest.mark.django_db


def make_auditor():
    user = UserFactory()
    RoleGrant.objects.create(user=user, role=PortalRole.AUDITOR)
    return user


def with_file(deal, *, is_confidential=False):
    paper = services.Paper(
        ContentFile(b"body", name="合作纪要.pdf"), is_confidential=is_confidential
    )
    services.make_move(
        actor=deal.owner,
        case=deal.case,
        kind=EventKind.TALKS_BEGUN,
        occurred_on=deal.next_day(),
        files=[paper],
    )
    file = CaseFile.objects.get()
    return reverse("cases:file", args=[deal.case.code, file.pk])


def test_a_paper_is_sent_as_an_attachment_and_its_reading_is_on_record(client):
    deal = Deal()
    url = with_file(deal)
    client.force_login(deal.taker)

    answer = client.get(url)

    assert b"".join(answer.streaming_content) == b"body"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    [event] = AuditEvent.objects.filter(action="cases.read_file")
    assert (event.actor, event.payload) == (deal.taker, {"code": deal.case.code})


@pytest.mark.parametrize(
    ("is_confidential", "answers"), [(False, [200, 200, 404]), (True, [200, 404, 404])]
)
def test_a_confidential_paper_is_read_by_the_parties_only(client, is_confidential, answers):
    deal = Deal()
    url = with_file(deal, is_confidential=is_confidential)
    seen = []
    for user in (deal.institute.researcher, make_auditor(), UserFactory()):
        client.force_login(user)
        answer = client.get(url)
        seen.append(answer.status_code)
        answer.getvalue()

    assert seen == answers
    assert AuditEvent.objects.filter(action="cases.read_file").count() == answers.count(200)


def test_a_paper_is_found_under_its_own_case_only(client):
    deal, other = Deal(), Deal(owner=Institute("城西材料研究所"))
    file = with_file(deal).rstrip("/").split("/")[-1]
    client.force_login(other.owner)

    assert client.get(reverse("cases:file", args=[other.case.code, file])).status_code == 404
