"""The board on the screens of the halls."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .. import queries
from ..boards import programme_of
from .reading import for_operators, get_door


@never_cache
@for_operators
@require_safe
def board(request, code):
    """Now and next in large letters, without names of people; it comes anew by itself.

    A large hall has a screen for each zone of its tables.
    """
    fair, _operator = get_door(request, code)
    now = timezone.now()
    zones = fair.tables.exclude(zone="").order_by("zone").values_list("zone", flat=True).distinct()
    zone = next((each for each in zones if each == request.GET.get("zone")), "")
    context = {
        "fair": fair,
        "now": now,
        "arrivals": queries.arrivals_of(fair),
        "programme": programme_of(fair, now, zone),
        "zones": zones,
        "zone": zone,
    }
    if request.htmx:
        return render(request, "gates/_board.html", context)
    return render(request, "gates/board.html", context)
