"""Where experts disagree, what the results are, and how far they move."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext as _

from .. import services
from ..methods import Sensitivity
from ..models import Archive, Subject
from ..queries import RoundTable, sensitivity_of, spreads_of, table_of
from ..rules import can_run_evaluation
from .base import attempt, id_in, number_in, overseen_round, text_in

PICTURED = 20
LABEL_LENGTH = {"zh-hans": 11, "en": 18}


@login_required
def moderate(request, pk):
    """Each spread beyond the scheme's limit, with the scores, their comments and the decision."""
    round_ = overseen_round(request, pk)
    if request.method == "POST":
        if not can_run_evaluation(request.user):
            raise PermissionDenied
        subject = get_object_or_404(Subject, round=round_, pk=id_in(request, "subject"))
        leaf = get_object_or_404(round_.scheme.indicators, pk=id_in(request, "leaf"))
        attempt(
            request,
            lambda: services.moderate_score(
                actor=request.user,
                subject=subject,
                indicator=leaf,
                value=number_in(request, "value"),
                reason=text_in(request, "reason"),
            ),
            _("Saved."),
        )
        return redirect("evaluation:moderate", round_.pk)
    spreads = spreads_of(round_)
    context = {
        "round": round_,
        "wide": [each for each in spreads if each.is_wide],
        "spreads": spreads,
        "may_moderate": can_run_evaluation(request.user) and round_.state == "MODERATION",
    }
    return render(request, "evaluation/moderate.html", context)


@login_required
def results(request, pk):
    """Scores and ranks, under other methods and other weights: what moves is said to move."""
    round_ = overseen_round(request, pk)
    found = table_of(round_)
    context = {"round": round_}
    if found is not None:
        context |= _shown(found, sensitivity_of(found))
    return render(request, "evaluation/results.html", context)


def _shown(found: RoundTable, sensitivity: Sensitivity) -> dict:
    scores = found.score(found.table)
    order = sorted(
        range(len(found.subjects)),
        key=lambda place: (sensitivity.base[place] is None, sensitivity.base[place]),
    )
    methods = [each for each in sensitivity.variants if each.factor == 1]
    rows: list[dict[str, Any]] = [
        {
            "subject": found.subjects[place],
            "score": scores[place],
            "rank": sensitivity.base[place],
            "range": sensitivity.range_of(place),
            "moves": sensitivity.moves(place),
        }
        for place in order
    ]
    pictured, length = order[:PICTURED], LABEL_LENGTH.get(get_language() or "", 11)
    return {
        "rows": rows,
        "moving": sum(row["moves"] for row in rows),
        "bars": [
            {
                "label": row["subject"].label,
                "value": round(row["score"], 2),
                "url": row["subject"].get_absolute_url(),
            }
            for row in rows[:PICTURED]
            if row["score"] is not None
        ],
        "heat_columns": [_("This scheme"), *(each.label for each in methods)],
        "heat": [
            {
                "label": Truncator(found.subjects[place].label).chars(length),
                "values": [sensitivity.base[place], *(each.ranks[place] for each in methods)],
            }
            for place in pictured
        ],
        "weights": _moved_by_weights(found, sensitivity),
        "tried": 2 * len(found.leaves),
        "leaf_weights": [
            {"label": leaf.label, "value": round(weight, 2)}
            for leaf, weight in zip(found.leaves, found.weights_in_force(), strict=True)
        ],
    }


def _moved_by_weights(found: RoundTable, sensitivity: Sensitivity) -> list[dict]:
    """The changed weights that move a rank, each with the objects whose rank it moves."""
    changed = [each for each in sensitivity.variants if each.factor != 1]
    rows: list[dict[str, Any]] = [
        {
            "label": each.label,
            "sign": "+20 %" if each.factor > 1 else "−20 %",
            "moved": [
                {"subject": subject, "before": before, "after": after}
                for subject, before, after in zip(
                    found.subjects, sensitivity.base, each.ranks, strict=True
                )
                if before != after
            ],
        }
        for each in changed
    ]
    return [row for row in rows if row["moved"]]


@login_required
def archive_file(request, pk):
    """The sealed bundle, as it lies in the archive."""
    round_ = overseen_round(request, pk)
    archive = Archive.objects.filter(round=round_).first()
    if archive is None:
        raise Http404
    response = FileResponse(
        archive.file.open("rb"),
        as_attachment=True,
        filename=f"evaluation-{round_.pk}.json",
        content_type="application/json",
    )
    response["Cache-Control"] = "private, no-store"
    return response
