"""An expert's side: interests, tasks, and one object at a time, blind to all other scores."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from .. import services
from ..enums import AssignmentState, RoundState
from ..forms import InterestForm, ScoreForm
from ..models import Assignment, Evidence, PoolMember
from ..rules import can_declare_interest, can_score
from .base import attempt, text_in


@login_required
def tasks(request):
    """What the person has to score, has scored, and the pools that ask for interests."""
    found = Assignment.objects.for_user(request.user)
    found = found.select_related("subject__round", "subject__organization")
    pools = PoolMember.objects.filter(expert=request.user).select_related("round")
    context = {
        "tasks": found.exclude(subject__round__state=RoundState.CANCELLED).order_by(
            "-subject__round", "subject__number"
        )[:100],
        "pools": [each for each in pools if can_declare_interest(request.user, each)],
    }
    return render(request, "evaluation/tasks.html", context)


@login_required
def score(request, pk):
    """Score one object: its report and files on one side of the form, nobody else's scores."""
    found = Assignment.objects.for_user(request.user)
    task = get_object_or_404(
        found.select_related("subject__round__scheme", "subject__organization"), pk=pk
    )
    may_score = can_score(request.user, task)
    if request.method == "POST" and request.POST.get("do") == "decline":
        decline = services.decline_task
        reason = text_in(request, "text")
        attempt(
            request,
            lambda: decline(actor=request.user, task=task, reason=reason),
            _("Noted; another expert will be drawn."),
        )
        return redirect("evaluation:tasks")
    leaves = task.subject.round.scheme.scored_leaves
    known = {each.indicator_id: each for each in task.scores.all()}
    form = ScoreForm(
        request.POST or None, leaves=leaves, scores=known, initial={"opinion": task.opinion}
    )
    if request.method == "POST":
        if not may_score:
            raise Http404
        if form.is_valid() and _kept(request, task, form):
            return redirect("evaluation:tasks")
    context = _context(task, form) | {
        "may_score": may_score,
        "may_decline": task.state == AssignmentState.OPEN
        and task.subject.round.state in {RoundState.FORMAL_CHECK, RoundState.SCORING},
    }
    return render(request, "evaluation/score.html", context, status=422 if form.is_bound else 200)


def _kept(request, task: Assignment, form: ScoreForm) -> bool:
    submit = request.POST.get("do") == "submit"
    said = _("Handed in.") if submit else _("Saved as a draft.")
    return attempt(
        request,
        lambda: services.save_scores(
            actor=request.user,
            task=task,
            scores=form.scores,
            opinion=form.cleaned_data["opinion"],
            submit=submit,
        ),
        said,
    )


def _context(task: Assignment, form: ScoreForm) -> dict:
    subject = task.subject
    values = {each.indicator_id: each for each in subject.values.all()}
    files: dict[int, list[Evidence]] = {}
    for evidence in subject.evidence.order_by("pk"):
        files.setdefault(evidence.indicator_id, []).append(evidence)
    others = [leaf for leaf in subject.round.scheme.leaves if leaf not in form.leaves]
    return {
        "task": task,
        "subject": subject,
        "form": form,
        "rows": [
            {
                "leaf": leaf,
                "fields": fields,
                "value": values.get(leaf.pk),
                "files": files.get(leaf.pk, []),
            }
            for leaf, fields in form.rows()
        ],
        "others": [
            {"leaf": leaf, "value": values.get(leaf.pk), "files": files.get(leaf.pk, [])}
            for leaf in others
        ],
    }


@login_required
def interests(request, pk):
    """Declare before the draw whose objects one must not judge."""
    found = PoolMember.objects.filter(expert=request.user).select_related("round")
    member = get_object_or_404(found, pk=pk)
    if not can_declare_interest(request.user, member):
        raise Http404
    initial = {"organizations": member.interests.all(), "note": member.interest_note}
    form = InterestForm(request.POST or None, round_=member.round, initial=initial)
    if request.method == "POST" and form.is_valid():
        declare = services.declare_interest
        if attempt(
            request,
            lambda: declare(actor=request.user, member=member, **form.cleaned_data),
            _("Declared. Thank you."),
        ):
            return redirect("evaluation:tasks")
    context = {"member": member, "form": form}
    return render(
        request, "evaluation/interests.html", context, status=422 if form.is_bound else 200
    )
