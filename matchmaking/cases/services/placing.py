"""Where a case counts: its first owner and its first industry, kept in the case for the tables."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from matchmaking.queries import industry_of_need, industry_of_page

from ..enums import PartyRole
from ..models import CaseParty, ConversionCase

BATCH = 500


def lead_owner_of(parties: Iterable[CaseParty]) -> int | None:
    """The first owner, by the order of joining, that is an organization of the portal."""
    owners = (
        party
        for party in parties
        if party.role == PartyRole.OWNER and party.organization_id and party.left_on is None
    )
    first = min(owners, key=lambda party: party.pk, default=None)
    return first.organization_id if first else None


def place_with_owner(case: ConversionCase) -> None:
    """Follow a change of the parties."""
    case.lead_owner_id = lead_owner_of(case.parties.all())
    case.save(update_fields=["lead_owner"])


def place_in_industries(cases: Sequence[int] | None = None) -> int:
    """Follow the listings' industries, of all cases or of some ids; return how many changed."""
    if cases is None:
        return _place(ConversionCase.objects.all())
    return sum(
        _place(ConversionCase.objects.filter(pk__in=cases[start : start + BATCH]))
        for start in range(0, len(cases), BATCH)
    )


def _place(cases: Any) -> int:
    of_listing = Coalesce(industry_of_page("page"), industry_of_need("need"))
    moved = cases.annotate(found=of_listing).exclude(
        Q(industry=F("found")) | Q(industry=None, found__isnull=True)
    )
    return moved.update(industry=of_listing)
