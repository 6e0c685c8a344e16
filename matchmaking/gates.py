"""Conditions that a candidate fails, said in words beside the match."""

from datetime import timedelta

from django.utils import timezone

from achievements.enums import Stage
from achievements.models import ListingPage

from .enums import Gate
from .models import Need

EARLY_NEEDS = timedelta(days=365)
FAR_BELOW = 0.5


def failed_gates(need: Need, page: ListingPage) -> list[Gate]:
    """Return the gates that ``page`` fails for ``need``, in the order of the enumeration."""
    failed = []
    stage = getattr(page, "stage", None)
    is_soon = need.deadline and need.deadline - timezone.localdate() < EARLY_NEEDS
    if is_soon and stage == Stage.EARLY:
        failed.append(Gate.STAGE_TOO_EARLY)
    price = page.price_min if page.price_min is not None else page.price_max
    if need.budget_max is not None and price and need.budget_max < FAR_BELOW * price:
        failed.append(Gate.BUDGET_TOO_LOW)
    wished = need.wished_district_id
    if wished and page.institute.organization.district_id != wished:
        failed.append(Gate.OTHER_DISTRICT)
    return failed


def conditions_of(need: Need, page) -> dict[str, bool | None]:
    """Say of each condition whether it holds; None where one of the sides says nothing.

    The industry is no gate and moves nothing; it is what people look at first.
    """
    failed = failed_gates(need, page)
    wanted = {term.pk for term in need.industries.all()}
    offered = {term.pk for term in page.industries.all()}
    says_stage = need.deadline and getattr(page, "stage", None)
    says_money = need.budget_max is not None and not page.price_is_negotiable
    return {
        "stage": Gate.STAGE_TOO_EARLY not in failed if says_stage else None,
        "budget": Gate.BUDGET_TOO_LOW not in failed if says_money else None,
        "district": Gate.OTHER_DISTRICT not in failed if need.wished_district_id else None,
        "industry": bool(wanted & offered) if wanted and offered else None,
    }
