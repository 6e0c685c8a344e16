"""The answer clock's sweep: everything follows from the database, so it may run twice or late."""

from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from portal.accounts.enums import PortalRole
from portal.accounts.models import User
from portal.audit.services import record

from ..clock import due_date, reminder_date
from ..enums import InterestState, Party
from ..models import Interest
from .brokers import assign_broker, brokers_for
from .changes import lock, tell, tell_side

CALLED_ROLES = (PortalRole.OPERATOR, PortalRole.COMMISSION)


def sweep_interests(*, today: date | None = None) -> None:
    """Let terms grow by new holidays, remind once, and call a broker after the last day."""
    today = today or timezone.localdate()
    waiting = Interest.objects.filter(state=InterestState.SENT).order_by("pk")
    for interest in waiting:
        extend_term(interest=interest)
    for interest in waiting.filter(due_on__gte=today):
        remind_receiver(interest=interest, today=today)
    for interest in waiting.filter(due_on__lt=today):
        escalate(interest=interest, today=today)


@transaction.atomic
def extend_term(*, interest: Interest) -> None:
    """Move the last day back for holidays that were entered after the sending, never forward."""
    due_on = due_date(timezone.localdate(interest.sent_at), interest.term_days)
    if due_on <= interest.due_on:
        return
    interest = lock(interest)
    if interest.state != InterestState.SENT or due_on <= interest.due_on:
        return
    before, interest.due_on = interest.due_on, due_on
    interest.save(update_fields=["due_on"])
    record(
        actor=None,
        action="interests.extend_term",
        target=interest,
        organization_id=interest.receiver_organization_id,
        before=before.isoformat(),
        after=due_on.isoformat(),
    )


@transaction.atomic
def remind_receiver(*, interest: Interest, today: date) -> None:
    """Remind from half of the term on, each person once; after the last day nobody is reminded."""
    sent_on = timezone.localdate(interest.sent_at)
    if not reminder_date(sent_on, interest.term_days) <= today <= interest.due_on:
        return
    interest = lock(interest)
    if interest.state != InterestState.SENT:
        return
    title = format_lazy(
        gettext_lazy("An interest waits for your answer until {date}"),
        date=f"{interest.due_on:%Y-%m-%d}",
    )
    tell_side(
        interest,
        Party.RECEIVER,
        kind="interest-reminder",
        title=title,
        dedupe_key=f"interest-reminder:{interest.pk}",
    )


@transaction.atomic
def escalate(*, interest: Interest, today: date) -> None:
    """Give an unanswered interest to a broker after its last day, once as long as that one serves.

    Without any broker those who run the service and the commission are told.
    """
    interest = lock(interest)
    if interest.state != InterestState.SENT or interest.due_on >= today:
        return
    brokers = brokers_for(interest)
    if interest.broker_id and brokers.filter(pk=interest.broker_id).exists():
        return
    broker = brokers.first()
    if broker is None:
        _tell_who_runs_the_service(interest)
        return
    assign_broker(interest, broker, assigned_by=None)
    record(
        actor=None,
        action="interests.escalate",
        target=interest,
        organization_id=interest.receiver_organization_id,
    )
    key = f"interest-late:{interest.pk}"
    titles = {
        Party.RECEIVER: gettext_lazy("An interest is overdue; a broker will talk to you"),
        Party.SENDER: gettext_lazy("No answer in time; a broker looks after your interest"),
        Party.BROKER: gettext_lazy("An overdue interest was given to you"),
    }
    for side, title in titles.items():
        tell_side(interest, side, kind="interest-late", title=title, dedupe_key=f"{key}:{side}")


def _tell_who_runs_the_service(interest: Interest) -> None:
    people = User.objects.filter(is_active=True, role_grants__role__in=CALLED_ROLES).distinct()
    for user in people:
        tell(
            interest,
            user,
            kind="interest-without-broker",
            title=gettext_lazy("An interest is overdue and no broker can take it"),
            url=reverse("interests:list", args=["desk"]),
            dedupe_key=f"interest-without-broker:{interest.pk}:{user.pk}",
        )
