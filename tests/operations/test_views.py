import csv
import io

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from portal.accounts.enums import PortalRole
from portal.accounts.models import RoleGrant
from portal.audit.models import AuditEvent
from portal.audit.services import record
from portal.notifications.models import OutgoingMail
from portal.site.services import create_site_tree
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site():
    create_site_tree()


@pytest.fixture
def auditor():
    user = UserFactory()
    RoleGrant.objects.create(user=user, role=PortalRole.AUDITOR)
    return signed_in(user)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def lines(response):
    """The actions, but for the making of the pages themselves."""
    actions = [event.action for event in response.context["events"]]
    return [action for action in actions if not action.startswith("wagtail.")]


@pytest.mark.parametrize("path", ["/workspace/outbox/", "/workspace/audit/"])
def test_strangers_are_refused(path):
    assert Client().get(path).status_code == 302
    assert signed_in(UserFactory()).get(path).status_code == 403


def test_an_auditor_reads_no_mail(auditor):
    assert auditor.get("/workspace/outbox/").status_code == 403


def test_the_log_is_filtered_by_every_question(auditor):
    wang, li = UserFactory(name="王一"), UserFactory(name="李二")
    record(actor=wang, action="accounts.join", target=wang)
    record(actor=li, action="accounts.leave", target=li)
    record(actor=None, action="search.rebuild")

    page = "/workspace/audit/"
    assert lines(auditor.get(page)) == ["search.rebuild", "accounts.leave", "accounts.join"]
    assert lines(auditor.get(page, {"action": "accounts.join"})) == ["accounts.join"]
    assert lines(auditor.get(page, {"actor": "李"})) == ["accounts.leave"]
    assert lines(auditor.get(page, {"target": "王一"})) == ["accounts.join"]
    assert lines(auditor.get(page, {"since": "2999-01-01"})) == []


def test_a_span_that_ends_before_it_begins_is_refused(auditor):
    answer = auditor.get("/workspace/audit/", {"since": "2026-05-02", "until": "2026-05-01"})

    assert list(answer.context["form"].errors) == ["until"]


def test_the_export_holds_the_filtered_lines_and_is_recorded(auditor):
    record(actor=None, action="search.rebuild", target=UserFactory(name="=1+1", email="=1@x.cn"))
    record(actor=None, action="search.reconcile")

    answer = auditor.get("/workspace/audit/export/", {"action": "search.rebuild"})

    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[3] for row in rows[1:]] == ["search.rebuild"]
    assert rows[1][4].startswith("'=")
    assert AuditEvent.objects.order_by("-pk").first().action == "operations.export_audit"


def test_the_chain_is_checked_on_demand(auditor):
    record(actor=None, action="search.rebuild")

    assert auditor.get("/workspace/audit/", {"verify": 1}).context["broken"] is None


def test_many_lines_are_paged_with_a_constant_number_of_queries(
    auditor, django_assert_max_num_queries
):
    for number in range(60):
        record(actor=UserFactory(), action=f"search.step_{number}")

    with django_assert_max_num_queries(24):
        page = auditor.get("/workspace/audit/")

    assert len(page.context["events"]) == 50


@pytest.fixture
def operator():
    user = UserFactory()
    RoleGrant.objects.create(user=user, role=PortalRole.OPERATOR)
    return user


def test_an_operator_sets_up_a_second_step_first(operator):
    answer = signed_in(operator).get("/workspace/outbox/")

    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/accounts/2fa/totp/activate/")


def test_the_outbox_shows_who_got_what_but_no_sign_in_link(operator):
    TOTP.activate(operator, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    mail = OutgoingMail.objects.create(
        sender="portal@example.org",
        recipients="wang@example.org",
        subject="确认邮箱",
        body="https://portal.example.org/secret-link",
        error="connection refused",
    )
    client = signed_in(operator)

    found = client.get("/workspace/outbox/", {"q": "wang"}).context["mails"]
    other = client.get("/workspace/outbox/", {"q": "zhao"}).context["mails"]
    page = client.get(f"/workspace/outbox/{mail.pk}/").content.decode()

    assert ([each.subject for each in found], list(other)) == (["确认邮箱"], [])
    assert ("connection refused" in page, "secret-link" in page) == (True, False)


def test_actions_are_said_in_words_beside_their_code(auditor):
    record(actor=None, action="achievements.create_listing", target=UserFactory(), revision=508)

    content = auditor.get("/workspace/audit/").content.decode()

    assert "新建成果草稿" in content or "Began a listing" in content
    assert '<code class="muted small">achievements.create_listing</code>' in content
    assert "version</span> 508" in content or "版本</span> 508" in content
