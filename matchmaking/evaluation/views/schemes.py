"""Schemes: public to read, drafted by the commission."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import services
from ..enums import SchemeState
from ..forms import ComparisonForm, IndicatorForm, LeafFormSet, SchemeForm
from ..indicators import outcomes_for, query_of
from ..models import Indicator, Scheme
from ..queries import afterwards
from ..ready_made import READY_MADE
from ..rules import can_edit_scheme, can_run_evaluation
from .base import attempt, id_in


def schemes(request):
    """Schemes in force with their weights; for the commission drafts and ready-made ones too."""
    found = list(Scheme.objects.for_user(request.user).order_by("object_type", "code", "-version"))
    known = set(Scheme.objects.values_list("code", flat=True))
    runs = can_run_evaluation(request.user)
    context = {
        "schemes": [each for each in found if each.state != SchemeState.SUPERSEDED],
        "former": [each for each in found if each.state == SchemeState.SUPERSEDED],
        "ready_made": [each for code, each in READY_MADE.items() if runs and code not in known],
    }
    return render(request, "evaluation/schemes.html", context)


def scheme_detail(request, pk):
    """One version: purpose, weights as picture and table, how it reckons, what came of it."""
    scheme = get_object_or_404(Scheme.objects.for_user(request.user), pk=pk)
    versions = Scheme.objects.for_user(request.user).filter(code=scheme.code).order_by("-version")
    may_edit = can_edit_scheme(request.user, scheme)
    context = {
        "scheme": scheme,
        "versions": versions,
        "parts": [{"label": group.label, "value": float(group.total)} for group in scheme.groups],
        "bars": [
            {"label": leaf.label, "value": float(leaf.weight)}
            for leaf in sorted(scheme.leaves, key=lambda leaf: -leaf.weight)
        ],
        "numbers": [(leaf, query_of(leaf.query)) for leaf in scheme.leaves if query_of(leaf.query)],
        "hierarchy": services.hierarchy_of(scheme),
        "faults": services.faults_of(scheme) if may_edit else [],
        "outcomes": outcomes_for(scheme.object_type),
        "afterwards": afterwards(scheme),
        "may_edit": may_edit,
        "may_succeed": can_run_evaluation(request.user)
        and scheme.state == SchemeState.PUBLISHED
        and all(each.state != SchemeState.DRAFT for each in versions),
    }
    return render(request, "evaluation/scheme.html", context)


@login_required
@require_POST
def begin_scheme(request):
    if not can_run_evaluation(request.user):
        raise PermissionDenied
    ready_made = request.POST.get("ready_made", "")
    if ready_made not in READY_MADE:
        raise Http404
    begun: list[Scheme] = []
    attempt(
        request,
        lambda: begun.append(services.create_scheme(actor=request.user, ready_made=ready_made)),
    )
    return redirect(begun[0]) if begun else redirect("evaluation:schemes")


def _draft(request, pk: int) -> Scheme:
    scheme = get_object_or_404(Scheme, pk=pk)
    if not can_edit_scheme(request.user, scheme):
        raise Http404
    return scheme


@login_required
def edit_scheme(request, pk):
    scheme = _draft(request, pk)
    form = SchemeForm(request.POST or None, instance=scheme)
    leaves = scheme.indicators.exclude(parent=None).order_by("parent__sort_order", "sort_order")
    formset = LeafFormSet(request.POST or None, queryset=leaves, prefix="leaves")
    if request.method == "POST" and form.is_valid() & formset.is_valid():
        changed = [each.instance for each in formset if each.has_changed()]
        if attempt(
            request,
            lambda: services.edit_scheme(actor=request.user, scheme=scheme, leaves=changed),
            _("Saved."),
        ):
            return redirect(scheme)
    context = {"scheme": scheme, "form": form, "formset": formset}
    return render(
        request, "evaluation/edit_scheme.html", context, status=422 if form.is_bound else 200
    )


@login_required
def add_indicator(request, pk):
    scheme = _draft(request, pk)
    form = IndicatorForm(request.POST or None, scheme=scheme, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        indicator = form.save(commit=False)
        if attempt(
            request,
            lambda: services.add_indicator(actor=request.user, scheme=scheme, indicator=indicator),
            _("Saved."),
        ):
            return redirect(scheme)
    context = {"scheme": scheme, "form": form}
    return render(
        request, "evaluation/add_indicator.html", context, status=422 if form.is_bound else 200
    )


@login_required
def compare(request, pk):
    """Pairwise comparison of the groups, with what the consistency ratio says of it."""
    scheme = _draft(request, pk)
    form = ComparisonForm(request.POST or None, scheme=scheme)
    if request.method == "POST" and form.is_valid():
        attempt(
            request,
            lambda: services.compare_groups(actor=request.user, scheme=scheme, above=form.above),
            _("Saved."),
        )
        return redirect("evaluation:compare", scheme.pk)
    hierarchy = services.hierarchy_of(scheme)
    context = {
        "scheme": scheme,
        "form": form,
        "hierarchy": hierarchy,
        "weights": [
            {"label": group.label, "value": 100 * weight}
            for group, weight in zip(scheme.groups, hierarchy.weights, strict=True)
        ]
        if hierarchy
        else [],
        "advice": _advice(scheme, hierarchy),
    }
    return render(request, "evaluation/compare.html", context, status=422 if form.is_bound else 200)


def _advice(scheme: Scheme, hierarchy) -> str:
    if hierarchy is None or hierarchy.advice is None:
        return ""
    advice = hierarchy.advice
    return _(
        "Look again at “%(one)s compared with %(other)s”: it says %(now)s, the other comparisons "
        "say about %(fitting)s; with that CR would be %(ratio).2f."
    ) % {
        "one": scheme.groups[advice.row].label,
        "other": scheme.groups[advice.column].label,
        "now": _step(advice.now),
        "fitting": _step(advice.fitting),
        "ratio": advice.ratio_then,
    }


def _step(value: float) -> str:
    return f"1/{1 / value:.0f}" if value < 1 else f"{value:.0f}"


@login_required
@require_POST
def scheme_action(request, pk, action):
    """Publish or delete a draft, take an indicator out of it, begin the next version."""
    scheme = get_object_or_404(Scheme.objects.for_user(request.user), pk=pk)
    if not can_run_evaluation(request.user):
        raise PermissionDenied
    actor = request.user
    if action == "publish":
        publish = services.publish_scheme
        attempt(request, lambda: publish(actor=actor, scheme=scheme), _("It is in force."))
    elif action == "delete":
        if attempt(request, lambda: services.delete_scheme(actor=actor, scheme=scheme)):
            return redirect("evaluation:schemes")
    elif action == "remove":
        found = get_object_or_404(Indicator, scheme=scheme, pk=id_in(request, "indicator"))
        remove = services.remove_indicator
        attempt(request, lambda: remove(actor=actor, indicator=found), _("Taken out."))
    elif action == "succeed":
        begun: list[Scheme] = []
        succeed = services.start_successor
        attempt(request, lambda: begun.append(succeed(actor=actor, scheme=scheme)))
        return redirect(begun[0] if begun else scheme)
    else:
        raise Http404
    return redirect(scheme)
