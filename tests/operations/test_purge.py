"""What is kept for how long, and what staff do in the editing desk."""

from datetime import timedelta

import pytest
from django.core.checks import run_checks
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from wagtail.log_actions import log

from achievements.services import submit_listing
from portal.accounts.models import Consent, ConsentText
from portal.accounts.services import give_consent
from portal.audit.models import AuditEvent
from portal.audit.queries import find_first_break
from portal.audit.services import record
from portal.jobs.models import Job
from portal.notifications.models import Notification, OutgoingMail
from portal.operations.services import purge_old_records
from search.models import GenericWord
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.listings import Institute

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def aged(model, field, days, **fields):
    row = model.objects.create(**fields)
    model.objects.filter(pk=row.pk).update(**{field: timezone.now() - timedelta(days=days)})
    return row


@pytest.mark.parametrize(("days", "left"), [(183, 1), (185, 0)])
def test_logs_are_kept_for_six_months(
    days, left, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    user = UserFactory()
    path = default_storage.save("imports/a.csv", ContentFile(b"a"))
    aged(OutgoingMail, "created_at", days, sender="a", recipients="b", subject="s", body="b")
    aged(Notification, "read_at", days, user=user, kind="x", title="x")
    aged(Job, "finished_at", days, kind="x", title="x", owner=user, parameters={"path": path})
    unread = Notification.objects.create(user=user, kind="x", title="x")

    with django_capture_on_commit_callbacks(execute=True):
        purge_old_records(now=timezone.now())

    assert [OutgoingMail.objects.count(), Job.objects.count()] == [left, left]
    assert Notification.objects.exclude(pk=unread.pk).count() == left
    assert default_storage.exists(path) is bool(left)
    assert Notification.objects.filter(pk=unread.pk).exists()


@pytest.mark.parametrize(("days", "left"), [(1095, 3), (1097, 2)])
def test_records_of_shared_data_are_kept_for_three_years_and_the_rest_of_the_ledger(days, left):
    user, text = UserFactory(), ConsentText.objects.first()
    aged(Consent, "withdrawn_at", days, user=user, text=text, recipient=OrganizationFactory())
    aged(Consent, "withdrawn_at", days, user=user, text=text)
    give_consent(actor=user, text=text)

    purge_old_records(now=timezone.now())

    assert Consent.objects.count() == left


def test_the_audit_log_stays_whole():
    aged(OutgoingMail, "created_at", 500, sender="a", recipients="b", subject="s", body="b")
    record(actor=None, action="audit.first")

    purge_old_records(now=timezone.now() + timedelta(days=3000))

    lines = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
    assert (lines, find_first_break()) == (["audit.first", "operations.purge"], None)


def test_a_shorter_retention_than_the_law_asks_is_an_error(settings):
    assert [each for each in run_checks() if each.id == "operations.E001"] == []
    settings.LOG_RETENTION_DAYS, settings.SHARING_RETENTION_DAYS = 30, 365

    assert [each.id for each in run_checks()].count("operations.E001") == 2


def test_what_staff_do_in_the_desk_is_on_record():
    institute = Institute()
    page = institute.draft()
    submit_listing(page=page, actor=institute.researcher)
    seen = set(AuditEvent.objects.values_list("action", flat=True))
    assert (seen >= {"wagtail.create", "wagtail.workflow.start"}, "wagtail.edit" in seen) == (
        True,
        False,
    )

    word = GenericWord.objects.create(word="系统化")
    log(word, "wagtail.edit", user=institute.owner)
    log(word, "wagtail.delete", user=institute.owner, deleted=True)

    lines = list(AuditEvent.objects.order_by("-pk")[:2])
    assert [(line.action, line.actor) for line in lines] == [
        ("wagtail.delete", institute.owner),
        ("wagtail.edit", institute.owner),
    ]
    assert [line.target_id for line in lines] == ["", str(word.pk)]
    assert find_first_break() is None
