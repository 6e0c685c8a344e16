"""The commission's side of a round: board, entry of objects, experts and their draw."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.accounts.models import User
from portal.accounts.rules import can_oversee

from .. import services
from ..enums import RoundState
from ..forms import RoundForm
from ..models import Draw, PoolMember, Round
from ..objects import source_of
from ..queries import progress_of, recusals_of, steps_of, with_tasks
from ..rules import can_run_evaluation
from .base import PAGE, attempt, id_in, ids_in, overseen_round, text_in

CANDIDATES = 200


@login_required
def rounds(request):
    """All rounds, the latest first."""
    if not can_oversee(request.user):
        raise PermissionDenied
    found = Round.objects.select_related("scheme").annotate(size=Count("subjects"))
    context = {
        "page_obj": Paginator(found.order_by("-pk"), PAGE).get_page(request.GET.get("page")),
        "may_run": can_run_evaluation(request.user),
    }
    return render(request, "evaluation/rounds.html", context)


@login_required
def open_round(request):
    if not can_run_evaluation(request.user):
        raise PermissionDenied
    form = RoundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        round_ = form.save(commit=False)
        if attempt(
            request,
            lambda: services.open_round(actor=request.user, round_=round_),
            _("The call is open."),
        ):
            return redirect(round_)
    return render(
        request,
        "evaluation/open_round.html",
        {"form": form},
        status=422 if form.is_bound else 200,
    )


@login_required
def round_detail(request, pk):
    """Where a round stands, what comes next, and every object with its state."""
    round_ = overseen_round(request, pk)
    subjects = with_tasks(round_.subjects.select_related("organization")).order_by("number")
    context = {
        "round": round_,
        "steps": steps_of(round_),
        "progress": progress_of(round_),
        "page_obj": Paginator(subjects, 2 * PAGE).get_page(request.GET.get("page")),
        "may_run": can_run_evaluation(request.user),
        "may_reopen": round_.state
        in {RoundState.CONFIRMATION, RoundState.DECIDED, RoundState.PUBLICITY},
        "may_cancel": RoundState.CANCELLED in services.ALLOWED_TRANSITIONS[round_.state],
    }
    return render(request, "evaluation/round.html", context)


@login_required
def enter(request, pk):
    """Choose the objects that take part: the commission of all, a unit's office of its own."""
    round_ = get_object_or_404(Round.objects.select_related("scheme"), pk=pk)
    runs = can_run_evaluation(request.user)
    source = source_of(round_.scheme.object_type)
    states = services.ENTRY_STATES if runs else (RoundState.CALL,)
    if source is None or round_.state not in states:
        raise Http404
    if not (runs or request.user.office_organization_ids):
        raise Http404
    own = None if runs else request.user.office_organization_ids
    candidates = source.candidates(organization_ids=own)
    if request.method == "POST":
        chosen = ids_in(request, "object")
        if attempt(
            request,
            lambda: services.enter_subjects(actor=request.user, round_=round_, object_ids=chosen),
            _("Entered."),
        ):
            return redirect(round_ if runs else "evaluation:own")
    query = request.GET.get("q", "").strip()[:100]
    known = set(round_.subjects.values_list("object_id", flat=True))
    free = [each for each in candidates if each.object_id not in known and query in each.label]
    context = {
        "round": round_,
        "candidates": free[:CANDIDATES],
        "more": max(0, len(free) - CANDIDATES),
        "query": query,
        "runs": runs,
    }
    return render(request, "evaluation/enter.html", context)


@login_required
def panel(request, pk):
    """The pool, who must step back from what and why, and the draw with all that repeats it."""
    round_ = overseen_round(request, pk)
    if request.method == "POST":
        if not can_run_evaluation(request.user):
            raise PermissionDenied
        _change_pool(request, round_)
        return redirect("evaluation:panel", round_.pk)
    members = list(
        PoolMember.objects.filter(round=round_)
        .select_related("expert__expert__organization")
        .prefetch_related("interests")
        .order_by("expert")
    )
    recusals = recusals_of(round_)
    pooled = {member.expert_id for member in members}
    query = request.GET.get("q", "").strip()[:60]
    people = User.objects.filter(is_active=True).exclude(pk__in=pooled)
    wanted = {"name__icontains": query} if query else {"expert__isnull": False}
    context = {
        "round": round_,
        "members": [
            {"member": each, "recused": sum(each.expert_id in one for one in recusals.values())}
            for each in members
        ],
        "people": people.filter(**wanted)
        .select_related("expert__organization")
        .order_by("name", "pk")[:50],
        "query": query,
        "draws": Draw.objects.filter(subject__round=round_)
        .select_related("subject")
        .order_by("subject__number", "pk"),
        "may_change": can_run_evaluation(request.user)
        and not round_.seed
        and round_.state in services.POOL_STATES,
        "may_draw": can_run_evaluation(request.user)
        and not round_.seed
        and round_.state == RoundState.FORMAL_CHECK,
    }
    return render(request, "evaluation/panel.html", context)


def _change_pool(request, round_: Round) -> None:
    actor = request.user
    if request.POST.get("do") == "draw":
        seed = text_in(request, "seed")
        draw = services.draw_experts
        attempt(
            request, lambda: draw(actor=actor, round_=round_, seed=seed), _("Experts are drawn.")
        )
        return
    if request.POST.get("do") == "remove":
        member = round_.pool.filter(pk=id_in(request, "member")).first()
        if member:
            remove = services.remove_from_pool
            attempt(request, lambda: remove(actor=actor, member=member), _("Taken out."))
        return
    experts = list(User.objects.filter(pk__in=ids_in(request, "person")))
    add = services.add_to_pool
    attempt(request, lambda: add(actor=actor, round_=round_, experts=experts), _("Saved."))


@login_required
@require_POST
def round_action(request, pk, action):
    """Move a round to its next step."""
    round_ = overseen_round(request, pk)
    if not can_run_evaluation(request.user):
        raise PermissionDenied
    actor, text = request.user, text_in(request, "text")
    plain = {
        "reports": services.start_reports,
        "check": services.start_check,
        "scoring": services.start_scoring,
        "moderation": services.start_moderation,
        "announce": services.announce_results,
        "publicity": services.start_publicity,
        "archive": services.archive_round,
    }
    if action in plain:
        step = plain[action]
        attempt(request, lambda: step(actor=actor, round_=round_), _("The round has moved on."))
    elif action == "decide":
        decide = services.decide_round
        attempt(request, lambda: decide(actor=actor, round_=round_, decision=text), _("Decided."))
    elif action in {"reopen", "cancel"}:
        end = services.reopen_moderation if action == "reopen" else services.cancel_round
        attempt(request, lambda: end(actor=actor, round_=round_, reason=text), _("Saved."))
    else:
        raise Http404
    return redirect(round_)
