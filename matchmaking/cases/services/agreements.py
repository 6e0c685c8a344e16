"""Confidentiality agreements signed on the portal, entered in the cases that they cover."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.disclosure.models import ConfidentialityAgreement

from ..enums import EventKind, PartyRole, Track
from ..models import CaseEvent, CaseParty, ConversionCase
from ..moves import MOVES
from ..queries import fits
from .ledger import lock_case, write_event

SIDES = (PartyRole.OWNER, PartyRole.TAKER)


def cases_under(agreement: ConfidentialityAgreement) -> QuerySet[ConversionCase]:
    """The open cases between both parties about a listing or need that the agreement covers."""
    listings = agreement.listings.values("listing")
    cases = ConversionCase.objects.open().filter(
        Q(listing_code__in=listings) | Q(need__code__in=listings)
    )
    for party in (agreement.proposer_id, agreement.counterparty_id):
        sides = CaseParty.objects.present().filter(organization=party, role__in=SIDES)
        cases = cases.filter(pk__in=sides.values("case"))
    return cases.order_by("pk")


def enter_agreements_in_force(case: ConversionCase) -> ConversionCase:
    """Enter what both sides of a new case have signed before it; return the case as it stands."""
    codes = [case.listing_code, case.need.code if case.need else ""]
    found = ConfidentialityAgreement.objects.in_force().filter(listings__listing__in=codes)
    for agreement in found.distinct().order_by("signed_at"):
        if cases_under(agreement).filter(pk=case.pk).exists():
            enter_agreement(case=case, agreement=agreement)
            case.refresh_from_db()
    return case


@transaction.atomic
def enter_agreement(
    *, case: ConversionCase, agreement: ConfidentialityAgreement
) -> CaseEvent | None:
    """Enter a signed agreement as the portal's entry; a case that has one, or a contract, none."""
    case = lock_case(case)
    if not fits(MOVES[EventKind.NDA_SIGNED], case.state) or agreement.signed_at is None:
        return None
    earliest = case.state.since(Track.NDA) or case.opened_on
    return write_event(
        actor=None,
        case=case,
        kind=EventKind.NDA_SIGNED,
        occurred_on=max(timezone.localdate(agreement.signed_at), earliest),
        payload={"agreement": agreement.code, "nda_until": agreement.ends_on.isoformat()},
    )


@transaction.atomic
def end_agreement(*, case: ConversionCase, agreement: ConfidentialityAgreement) -> CaseEvent | None:
    """Enter the early end of the agreement that a case stands under."""
    case = lock_case(case)
    stands_under = case.facts.get("agreement") == agreement.code
    if not (stands_under and fits(MOVES[EventKind.NDA_ENDED], case.state)):
        return None
    return write_event(
        actor=None,
        case=case,
        kind=EventKind.NDA_ENDED,
        occurred_on=timezone.localdate(),
        payload={"agreement": agreement.code},
    )
