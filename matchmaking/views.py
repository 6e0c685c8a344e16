from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from search.views import SearchListView

from . import services
from .documents import NeedSearch
from .enums import Gate, NeedState
from .forms import (
    CloseForm,
    NeedForm,
    ReviewForm,
    RewriteForm,
    StartForm,
    TargetFormSet,
    VerdictForm,
)
from .models import Match, Need, NeedProposal
from .queries import is_reranked, ranked_matches
from .readiness import assess_need
from .rules import (
    can_edit_need,
    can_judge_match,
    can_manage_need,
    can_review_need,
    can_rewrite_need,
    can_see_matches,
)

RELATIONS = ("industries", "technical_fields", "modes", "directed_to")


class NeedListView(SearchListView):
    search_class = NeedSearch
    title = _("Needs")


def get_need(user, code, rule=None) -> Need:
    """Return the need, or 404 for whoever may not read it or act so on it."""
    needs = Need.objects.for_user(user).select_related("organization__district")
    need = get_object_or_404(needs, code=code)
    if rule and not rule(user, need):
        raise Http404
    return need


def need_detail(request, code):
    need = get_need(request.user, code)
    user = request.user
    own = can_manage_need(user, need)
    context = {
        "need": need,
        "targets": need.targets.order_by("sort_order", "pk"),
        "shows_organization": need.shows_organization or own,
        "own": own,
        "can_edit": can_edit_need(user, need),
        "can_rewrite": can_rewrite_need(user, need),
        "can_review": can_review_need(user, need),
        "can_see_matches": can_see_matches(user, need),
        "readiness": assess_need(need) if own or can_rewrite_need(user, need) else None,
        "proposal": need.proposals.filter(decided_at__isnull=True).first() if own else None,
        "review_form": ReviewForm(),
        "close_form": CloseForm(),
    }
    return render(request, "matchmaking/need.html", context)


@login_required
def start(request):
    if not request.user.organization_ids:
        raise PermissionDenied(_("Join or register your organization first."))
    form = StartForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        need = services.create_need(actor=request.user, **form.cleaned_data)
        return redirect("matchmaking:edit", need.code)
    return render(request, "matchmaking/start.html", {"form": form})


@login_required
def edit(request, code):
    need = get_need(request.user, code, can_edit_need)
    form = NeedForm(request.POST or None, instance=need)
    formset = TargetFormSet(request.POST or None, instance=need, prefix="targets")
    if request.method == "POST" and form.is_valid() and formset.is_valid():
        relations = {name: form.cleaned_data[name] for name in RELATIONS}
        services.edit_need(
            actor=request.user, need=form.instance, targets=_rows(formset), **relations
        )
        return redirect("matchmaking:check", need.code)
    return render(
        request, "matchmaking/edit.html", {"need": need, "form": form, "formset": formset}
    )


def _rows(formset) -> list[dict]:
    names = ("metric", "operator", "value", "unit")
    return [
        {name: row[name] for name in names}
        for row in (form.cleaned_data for form in formset.forms)
        if row.get("metric") and not row.get("DELETE")
    ]


@login_required
def check(request, code):
    need = get_need(request.user, code, can_edit_need)
    if request.method == "POST":
        try:
            need = services.submit_need(actor=request.user, need=need)
        except services.UnableToChangeNeed as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _submitted_message(need))
        return redirect(need)
    return render(request, "matchmaking/check.html", {"need": need, "readiness": assess_need(need)})


def _submitted_message(need: Need) -> str:
    if need.state == NeedState.AT_BROKER:
        return _("A broker will make it clearer and come back to you.")
    return _("Sent to the platform's review.")


@login_required
def rewrite(request, code):
    need = get_need(request.user, code, can_rewrite_need)
    form = RewriteForm(request.POST or None, instance=need)
    formset = TargetFormSet(request.POST or None, instance=need, prefix="targets")
    if request.method == "POST" and form.is_valid() and formset.is_valid():
        content = {name: form.cleaned_data[name] for name in form.Meta.fields}
        content["targets"] = _rows(formset)
        services.propose_rewrite(
            actor=request.user, need=need, content=content, note=form.cleaned_data["note"]
        )
        messages.success(request, _("Sent to the company."))
        return redirect("workspace:home")
    context = {"need": need, "form": form, "formset": formset, "readiness": assess_need(need)}
    return render(request, "matchmaking/rewrite.html", context)


@login_required
def decide(request, code):
    """Both texts side by side; the company takes each change or not."""
    need = get_need(request.user, code, can_manage_need)
    proposal = get_object_or_404(NeedProposal, need=need, decided_at__isnull=True)
    if request.method == "POST":
        try:
            services.decide_proposal(
                actor=request.user, proposal=proposal, accepted=request.POST.getlist("accept")
            )
            messages.success(request, _("Sent to the platform's review."))
        except services.UnableToChangeNeed as error:
            messages.error(request, str(error))
        return redirect(need)
    context = {"need": need, "proposal": proposal, "rows": _changes(need, proposal)}
    return render(request, "matchmaking/decide.html", context)


def _changes(need: Need, proposal: NeedProposal) -> list[dict]:
    rows = []
    for name in services.REWRITTEN_FIELDS:
        before, after = getattr(need, name), proposal.content.get(name)
        if after is not None and after != before:
            label = Need._meta.get_field(name).verbose_name
            rows.append({"name": name, "label": label, "before": before, "after": after})
    targets = proposal.content.get("targets")
    if targets:
        rows.append(
            {
                "name": "targets",
                "label": _("Targets"),
                "before": "\n".join(str(target) for target in need.targets.all()),
                "after": "\n".join(str(need.targets.model(**row)) for row in targets),
            }
        )
    return rows


@login_required
@require_POST
def act(request, code, action):
    """One button of the need's page."""
    need = get_need(request.user, code)
    actor = request.user
    try:
        if action == "confirm":
            services.confirm_need(actor=actor, need=need)
        elif action == "withdraw":
            services.withdraw_need(actor=actor, need=need)
        elif action == "close":
            form = CloseForm(request.POST)
            if form.is_valid():
                services.close_need(actor=actor, need=need, **form.cleaned_data)
        elif action == "review":
            _review(request, need)
        else:
            raise Http404
        messages.success(request, _("Done."))
    except services.UnableToChangeNeed as error:
        messages.error(request, str(error))
    if action == "review":
        return redirect("workspace:home")
    return redirect(need)


def _review(request, need: Need) -> None:
    form = ReviewForm(request.POST)
    if not form.is_valid():
        raise services.UnableToChangeNeed(_("Please choose a decision."))
    if form.cleaned_data["decision"] == ReviewForm.APPROVE:
        services.approve_need(actor=request.user, need=need)
    else:
        services.return_need(actor=request.user, need=need, reason=form.cleaned_data["reason"])


@login_required
def matches(request, code):
    """The match report: candidates with their reasons, and buttons for verdicts."""
    need = get_need(request.user, code, can_see_matches)
    ranked = ranked_matches(need, request.user)
    terms: dict[str, float] = {}
    for match in ranked:
        for term, share in match.terms:
            if len(term) > 1:
                terms[term] = max(share, terms.get(term, 0))
    context = {
        "need": need,
        "matches": ranked[:20],
        "terms": sorted(terms.items(), key=lambda pair: -pair[1])[:40],
        "reranked": is_reranked(need),
        "can_judge": can_judge_match(request.user, need),
        "verdict_form": VerdictForm(),
        "gates": dict(Gate.choices),
    }
    return render(request, "matchmaking/matches.html", context)


@login_required
@require_POST
def judge(request, code, page_id):
    need = get_need(request.user, code, can_judge_match)
    match = get_object_or_404(Match, need=need, page_id=page_id, direction="NEED_TO_LISTING")
    form = VerdictForm(request.POST)
    if form.is_valid():
        services.give_verdict(actor=request.user, match=match, **form.cleaned_data)
        messages.success(request, _("Your verdict is recorded."))
    else:
        messages.error(request, _("Please choose a level."))
    return redirect("matchmaking:matches", code)
