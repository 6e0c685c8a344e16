"""What the clock does with registrations: all of it follows from the database."""

from datetime import datetime, timedelta

from django.core.files.storage import Storage
from django.db import transaction
from django.utils import timezone

from events.fairs.enums import FairState
from events.fairs.models import Fair
from portal.audit.services import record

from ..enums import RegistrationState
from ..models import Answer, Availability, Delivery, Entry, Mailing, Registration
from .mailing import deliver_mailing
from .waiting import sweep_waiting_lists


def sweep_registrations(*, now: datetime | None = None) -> None:
    """Pass places on, note who stayed away, send what was left, erase what is kept too long."""
    now = now or timezone.now()
    sweep_waiting_lists(now=now)
    over = Fair.objects.filter(state__in=[FairState.CLOSED, FairState.ARCHIVED])
    absent = Registration.objects.filter(state=RegistrationState.APPROVED)
    for fair in over.filter(pk__in=absent.values("fair")).order_by("pk"):
        note_absent(fair=fair)
    for mailing in Mailing.objects.filter(sent_at__isnull=False, done_at=None):
        deliver_mailing(mailing=mailing)
    ended = Fair.objects.filter(
        state__in=[FairState.ARCHIVED, FairState.CANCELLED, FairState.CLOSED],
        purged_at=None,
        page__ends_at__lt=now,
    ).select_related("page")
    for fair in ended:
        if fair.page.ends_at + timedelta(days=fair.retention_days) <= now:
            purge_fair(fair=fair, now=now)


@transaction.atomic
def note_absent(*, fair: Fair) -> int:
    """Mark those who were admitted and did not check in, once the fair is over."""
    absent = Registration.objects.filter(fair=fair, state=RegistrationState.APPROVED)
    number = absent.update(state=RegistrationState.NO_SHOW)
    if number:
        record(
            actor=None,
            action="registration.note_absent",
            target=fair,
            organization_id=fair.organizer_id,
            count=number,
        )
    return number


@transaction.atomic
def purge_fair(*, fair: Fair, now: datetime) -> int:
    """Erase the personal data of a fair whose retention is over; roles and states stay as figures.

    The retention is what people were told when they registered (PIPL art. 19, 47).
    """
    fair = Fair.objects.select_for_update().get(pk=fair.pk)
    if fair.purged_at:
        return 0
    people = Registration.objects.filter(fair=fair)
    files = Answer.objects.filter(registration__fair=fair).exclude(file="")
    stored = [(answer.file.storage, str(answer.file.name)) for answer in files]
    Answer.objects.filter(registration__fair=fair).delete()
    people.filter(state=RegistrationState.REJECTED).update(reject_reason="—")
    number = people.update(
        person=None, name="", email="", organization_name="", post="", headline="", introduction=""
    )
    for model in (Entry, Availability, Delivery):
        model._default_manager.filter(registration__fair=fair).delete()
    Fair.objects.filter(pk=fair.pk).update(purged_at=now)
    record(
        actor=None,
        action="registration.purge_fair",
        target=fair,
        organization_id=fair.organizer_id,
        count=number,
    )
    transaction.on_commit(lambda: _delete_files(stored))
    return number


def _delete_files(stored: list[tuple[Storage, str]]) -> None:
    for storage, name in stored:
        storage.delete(name)
