from datetime import date

from django.db.models import Q, QuerySet

from portal.audit.models import AuditEvent
from portal.notifications.enums import MailState
from portal.notifications.models import OutgoingMail


def recorded_actions() -> list[str]:
    """Return the names of all actions that were ever recorded, in order."""
    return list(AuditEvent.objects.order_by("action").values_list("action", flat=True).distinct())


def audit_events(
    *,
    action: str = "",
    actor: str = "",
    target: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[AuditEvent]:
    """Return the audit log's lines that answer every given question, the newest first."""
    events = AuditEvent.objects.select_related("actor", "target_type").order_by("-pk")
    if action:
        events = events.filter(action=action)
    if actor:
        events = events.filter(Q(actor__email__icontains=actor) | Q(actor__name__icontains=actor))
    if target:
        events = events.filter(Q(target_label__icontains=target) | Q(target_id=target))
    if since:
        events = events.filter(recorded_at__date__gte=since)
    if until:
        events = events.filter(recorded_at__date__lte=until)
    return events


def outgoing_mails(*, query: str = "", state: str = "") -> QuerySet[OutgoingMail]:
    """Return the portal's mails, the newest first; ``query`` looks into address and subject."""
    mails = OutgoingMail.objects.order_by("-pk")
    if query:
        mails = mails.filter(Q(recipients__icontains=query) | Q(subject__icontains=query))
    if state in MailState.values:
        mails = mails.filter(
            sent_at__isnull=state != MailState.SENT, due_at__isnull=state != MailState.WAITING
        )
    return mails
