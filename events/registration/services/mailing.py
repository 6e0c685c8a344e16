"""Mails of the organizer to some of the people, and reminders to exactly those who need one."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext as _

from events.fairs.models import Fair
from portal.accounts.models import User
from portal.audit.services import record
from portal.taxonomy.models import in_language

from ..models import Delivery, Mailing, Registration
from ..reminders import Reminder
from ..rules import can_mail
from .changes import UnableToRegister, require, tell

NAME, FAIR = "{name}", "{fair}"
REMIND_AGAIN = timedelta(days=2)

in_either_language = lazy(in_language, str)


@transaction.atomic
def write_mailing(
    *, actor: User, fair: Fair, values: dict[str, Any], mailing: Mailing | None = None
) -> Mailing:
    """Keep a mail that is not sent yet, for its preview."""
    require(can_mail(actor, fair))
    mailing = mailing or Mailing(fair=fair)
    if mailing.sent_at:
        raise UnableToRegister(_("This mail has been sent: write another one."))
    mailing.author = actor
    for name, value in values.items():
        setattr(mailing, name, value)
    mailing.save()
    return mailing


def recipients_of(mailing: Mailing) -> QuerySet[Registration]:
    people = Registration.objects.filter(fair=mailing.fair, state__in=mailing.states)
    if mailing.roles:
        people = people.filter(role__in=mailing.roles)
    return people.select_related("person", "fair__page").order_by("pk")


def fill_in(text: str, registration: Registration, fair_title: str) -> str:
    """Put the person's name and the fair's title where the text asks for them."""
    return text.replace(NAME, registration.name).replace(FAIR, fair_title)


@transaction.atomic
def send_mailing(*, actor: User, mailing: Mailing) -> Mailing:
    """Send a mail once. Raises when it was sent, or would reach nobody."""
    from ..tasks import task_deliver_mailing

    mailing = Mailing.objects.select_for_update().select_related("fair").get(pk=mailing.pk)
    require(can_mail(actor, mailing.fair))
    if mailing.sent_at:
        raise UnableToRegister(_("This mail has been sent: write another one."))
    number = recipients_of(mailing).count()
    if not number:
        raise UnableToRegister(_("It would reach nobody: choose other states or roles."))
    mailing.sent_at = timezone.now()
    mailing.save(update_fields=["sent_at"])
    record(
        actor=actor,
        action="registration.send_mailing",
        target=mailing.fair,
        organization_id=mailing.fair.organizer_id,
        label=mailing.subject,
        count=number,
    )
    transaction.on_commit(lambda: task_deliver_mailing.delay(mailing_id=mailing.pk))
    return mailing


def deliver_mailing(*, mailing: Mailing) -> int:
    """Write to everybody who was not written to yet; nobody twice, however often it runs."""
    page, sent = mailing.fair.page, 0
    for registration in recipients_of(mailing):
        with transaction.atomic():
            sent += tell(
                registration,
                kind="fair-mailing",
                title=in_either_language(
                    fill_in(mailing.subject, registration, page.title),
                    fill_in(mailing.subject_en, registration, page.title_en or page.title),
                ),
                body=in_either_language(
                    fill_in(mailing.body, registration, page.title),
                    fill_in(mailing.body_en, registration, page.title_en or page.title),
                ),
                key=f"mailing:{mailing.pk}",
            )
    Mailing.objects.filter(pk=mailing.pk).update(done_at=timezone.now())
    return sent


@transaction.atomic
def remind(*, actor: User, fair: Fair, reminder: Reminder) -> int:
    """Remind exactly those whom the reminder finds; nobody twice within two days.

    Returns how many were told now.
    """
    require(can_mail(actor, fair))
    recently = timezone.now() - REMIND_AGAIN
    prefix = f"remind:{reminder.slug}:"
    told = Delivery.objects.filter(
        registration=OuterRef("pk"), key__startswith=prefix, sent_at__gt=recently
    )
    people = reminder.find(fair).exclude(Exists(told)).select_related("person", "fair__page")
    for registration in people:
        tell(
            registration,
            kind="fair-reminder",
            title=reminder.title,
            body=format_lazy("{}\n{}", fair.page.lazy_label, reminder.text),
            key=f"{prefix}{timezone.localdate():%Y%m%d}",
        )
    if people:
        record(
            actor=actor,
            action="registration.remind",
            target=fair,
            organization_id=fair.organizer_id,
            kind=reminder.slug,
            count=len(people),
        )
    return len(people)
