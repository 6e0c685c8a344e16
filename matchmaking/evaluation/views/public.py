"""What everybody may see: published rounds with ranks, reasons and the draw."""

from django.core.paginator import Paginator
from django.db.models import Count, F
from django.shortcuts import get_object_or_404, render

from ..enums import Recusal, RoundState
from ..models import Draw, Round
from .base import PAGE


def published(request):
    """Rounds in publicity and archived ones, the latest first (评估公示)."""
    found = Round.objects.public().select_related("scheme").annotate(size=Count("subjects"))
    context = {
        "page_obj": Paginator(found.order_by("-published_at", "-pk"), PAGE).get_page(
            request.GET.get("page")
        )
    }
    return render(request, "evaluation/published.html", context)


def public_round(request, pk):
    """The results of a round as they are published, and all that repeats its draw."""
    round_ = get_object_or_404(Round.objects.public().select_related("scheme"), pk=pk)
    subjects = (
        round_.subjects.taking_part()
        .select_related("organization")
        .order_by(F("rank").asc(nulls_last=True), "number")
    )
    draws = Draw.objects.filter(subject__round=round_).select_related("subject")
    labels = dict(Recusal.choices)
    context = {
        "round": round_,
        "subjects": subjects,
        "bars": [
            {"label": each.label, "value": round(each.score, 2)}
            for each in subjects
            if each.score is not None
        ][:20],
        "draws": [
            {
                "draw": draw,
                "recused": [
                    (code, "、".join(str(labels.get(each, each)) for each in reasons))
                    for code, reasons in draw.recusals.items()
                ],
            }
            for draw in draws.order_by("subject__number", "pk")
        ],
        "is_running": round_.state == RoundState.PUBLICITY,
    }
    return render(request, "evaluation/public_round.html", context)
