from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import PortalRole
from portal.accounts.models import User
from portal.audit.services import record
from portal.notifications.services import notify

from ..counters import differences, figures
from ..models import CounterSnapshot


@transaction.atomic
def store_snapshot(*, day: date, now: datetime) -> CounterSnapshot:
    """Count the public counters anew; a second run on a day replaces the first."""
    until, found = figures(day)
    snapshot, _created = CounterSnapshot.objects.update_or_create(
        day=day, defaults={"until": until, "computed_at": now, "figures": found}
    )
    record(actor=None, action="oversight.store_snapshot", target=snapshot)
    return snapshot


def check_snapshot(*, day: date) -> list[str]:
    """Compare the published counters with the ledger; tell the operators of differences daily."""
    found = differences()
    if found:
        for person in User.objects.filter(role_grants__role=PortalRole.OPERATOR, is_active=True):
            notify(
                user=person,
                kind="counters",
                title=_("The public counters disagree with the ledger"),
                body="\n".join(found),
                dedupe_key=f"counters:{day}:{person.pk}",
            )
    return found
