"""What of a price's publicity everybody reads."""

from django.db.models import Prefetch, QuerySet

from .enums import PartyRole, TrackState
from .models import CaseParty, PricePublicity

RUNNING = (TrackState.RUNNING, TrackState.OBJECTED)


def publicities(*, is_past: bool | None = None) -> QuerySet[PricePublicity]:
    """Publicities with their owners' organizations; names of persons are not fetched."""
    owners = CaseParty.objects.filter(
        role=PartyRole.OWNER, organization__isnull=False, left_on__isnull=True
    )
    found = PricePublicity.objects.select_related("case").prefetch_related(
        Prefetch(
            "case__parties",
            owners.select_related("organization").order_by("pk"),
            to_attr="owner_parties",
        ),
        "objections",
    )
    if is_past is None:
        return found
    if is_past:
        return found.exclude(state__in=RUNNING).order_by("-closed_on", "-pk")
    return found.filter(state__in=RUNNING).order_by("ends_on", "pk")
