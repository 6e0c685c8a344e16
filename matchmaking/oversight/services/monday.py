from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import PortalRole
from portal.accounts.models import User
from portal.notifications.services import notify

from ..monday import as_text, monday_of, week_of
from .recount import recount


def send_monday(*, today: date) -> int:
    """Mail the week's sheet to the commission, once a week; return how many were told."""
    monday = monday_of(today)
    recount(now=timezone.now())
    people = User.objects.filter(role_grants__role=PortalRole.COMMISSION, is_active=True)
    sent = 0
    for person in people.distinct():
        lines = as_text(week_of(person, monday))
        told = notify(
            user=person,
            kind="monday",
            title=format_lazy(_("Monday page of {day}"), day=monday.isoformat()),
            body=format_lazy("\n".join(["{}"] * len(lines)), *lines),
            url=reverse("oversight:monday"),
            dedupe_key=f"monday:{monday}:{person.pk}",
        )
        sent += told is not None
    return sent
