"""What staff see of the matching."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import render

from portal.taxonomy.models import Industry

from .. import statistics
from ..rules import (
    can_see_statistics,
)

PAGE = 20


@login_required
def matching_statistics(request):
    """Precision of the matching as chart, table and the records behind each number."""
    if not can_see_statistics(request.user):
        raise PermissionDenied
    chosen = {key: request.GET.get(key, "")[:20] for key in ("month", "band", "industry")}
    industries = {term.code: term.label for term in Industry.objects.current()}
    records = (
        statistics.filtered(statistics.impressions(), **chosen)
        .select_related("need", "page")
        .order_by("-shown_at", "pk")
    )
    context = {
        "overall": statistics.overall(),
        "months": statistics.by_month(),
        "bands": statistics.by_band(),
        "industries": statistics.by_industry(industries),
        "too_few": statistics.TOO_FEW,
        "page_obj": Paginator(records, PAGE).get_page(request.GET.get("page")),
        "chosen": [
            value if key != "industry" else industries.get(value, value)
            for key, value in chosen.items()
            if value
        ],
    }
    return render(request, "matchmaking/statistics.html", context)
