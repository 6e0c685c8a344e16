from django.db import transaction

from portal.accounts.models import User
from portal.audit.services import record

from ..models import CalendarFeed


@transaction.atomic
def open_feed(*, actor: User) -> CalendarFeed:
    """Give a person a calendar address; an address that was given before stops working."""
    CalendarFeed.objects.filter(user=actor).delete()
    feed = CalendarFeed.objects.create(user=actor)
    record(actor=actor, action="oversight.open_feed")
    return feed


@transaction.atomic
def revoke_feed(*, actor: User) -> None:
    """Close a person's calendar address; without one nothing happens."""
    if CalendarFeed.objects.filter(user=actor).delete()[0]:
        record(actor=actor, action="oversight.revoke_feed")
