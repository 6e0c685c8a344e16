from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from portal.accounts.models import Consent, User
from portal.audit.services import record
from portal.jobs.models import Job
from portal.notifications.models import Notification, OutgoingMail
from portal.notifications.tasks import task_deliver

from .rules import can_send_again


@transaction.atomic
def purge_old_records(*, now: datetime) -> dict[str, int]:
    """Delete what has been kept as long as the law asks; return how many of each kind.

    The audit log is left whole: no line can leave a hash chain, and its lines hold no contact
    data. Of the consent ledger only those lines go that named a recipient of personal data and
    ended longer ago than ``SHARING_RETENTION_DAYS``.
    """
    logged = now - timedelta(days=settings.LOG_RETENTION_DAYS)
    shared = now - timedelta(days=settings.SHARING_RETENTION_DAYS)
    jobs = Job.objects.filter(finished_at__lt=logged)
    files = [job.parameters["path"] for job in jobs if "path" in job.parameters]
    due: dict[str, QuerySet] = {
        "mails": OutgoingMail.objects.filter(created_at__lt=logged),
        "notifications": Notification.objects.filter(read_at__lt=logged),
        "jobs": jobs,
        "sign_ins": UserSession.objects.filter(last_seen_at__lt=logged),
        "sessions": Session.objects.filter(expire_date__lt=now),
        "shared": Consent.objects.filter(recipient__isnull=False, withdrawn_at__lt=shared),
    }
    counts = {name: rows.delete()[0] for name, rows in due.items()}
    if any(counts.values()):
        record(actor=None, action="operations.purge", counts=counts)
    transaction.on_commit(lambda: _delete_files(files))
    return counts


def _delete_files(paths: list[str]) -> None:
    for path in paths:
        default_storage.delete(path)


@transaction.atomic
def send_again(*, actor: User, mail: OutgoingMail) -> OutgoingMail:
    """Try a mail anew that was given up, from the first attempt on.

    Raises PermissionDenied for those who do not keep the outbox, and for any other mail.
    """
    mail = OutgoingMail.objects.select_for_update().get(pk=mail.pk)
    if not can_send_again(actor, mail):
        raise PermissionDenied
    mail.due_at, mail.attempts = timezone.now(), 0
    mail.save(update_fields=["due_at", "attempts"])
    record(actor=actor, action="operations.send_again", target=mail)
    transaction.on_commit(task_deliver.delay, robust=True)
    return mail
