"""A unit's side: its objects, the self-report, the answer to the result; and the check of it."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import services
from ..enums import Answer, Grade, RoundState
from ..forms import ReportForm
from ..indicators import is_small, query_of
from ..models import Evidence, Subject
from ..queries import open_calls, spreads_of
from ..rules import (
    can_answer_result,
    can_edit_report,
    can_judge_subject,
    can_read_evidence,
    can_see_result,
    can_submit_report,
    is_unit_office,
)
from .base import PAGE, attempt, id_in, number_in, text_in


@login_required
def own(request):
    """The objects of one's organizations in all rounds, and the calls that are open."""
    found = Subject.objects.filter(organization__in=request.user.organization_ids)
    found = found.select_related("round", "organization").order_by("-round", "number")
    context = {
        "page_obj": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "calls": open_calls(request.user),
    }
    return render(request, "evaluation/own.html", context)


def get_subject(request, pk: int) -> Subject:
    found = Subject.objects.for_user(request.user)
    return get_object_or_404(found.select_related("round__scheme", "organization"), pk=pk)


@login_required
def subject_detail(request, pk):
    """One object: values with their evidence, the check, result and answer."""
    subject = get_subject(request, pk)
    round_, user = subject.round, request.user
    judges = can_judge_subject(user, subject)
    sees_result = can_see_result(user, subject) and subject.rank is not None
    context = {
        "subject": subject,
        "round": round_,
        "value_groups": _groups(subject, sees_scores=sees_result),
        "opinions": _opinions(subject) if sees_result else [],
        "may_report": can_edit_report(user, subject),
        "may_withdraw": is_unit_office(user, subject)
        and round_.state in {RoundState.CALL, RoundState.SELF_REPORT, RoundState.FORMAL_CHECK}
        and subject.state != "WITHDRAWN",
        "may_answer": can_answer_result(user, subject),
        "sees_result": sees_result,
        "may_check": judges
        and round_.state == RoundState.FORMAL_CHECK
        and subject.state != "WITHDRAWN",
        "may_correct": judges and round_.state in services.CORRECTION_STATES,
        "may_reply": judges
        and round_.state == RoundState.CONFIRMATION
        and subject.answer == Answer.OBJECTED,
        "may_override": judges and round_.state == RoundState.CONFIRMATION,
        "may_replace": judges
        and bool(round_.seed)
        and round_.state in {RoundState.FORMAL_CHECK, RoundState.SCORING},
        "grades": Grade.choices,
    }
    return render(request, "evaluation/subject.html", context)


def _opinions(subject: Subject) -> list[str]:
    """What the experts wrote of the object as a whole, without saying who."""
    tasks = subject.assignments.submitted().exclude(opinion="")
    return list(tasks.order_by("pk").values_list("opinion", flat=True))


def _groups(subject: Subject, *, sees_scores: bool) -> list[dict]:
    """The indicators by group, each with its value, statement, files and the experts' scores."""
    spreads = spreads_of(subject.round, subject) if sees_scores else []
    scored = {spread.indicator.pk: spread for spread in spreads}
    values = {each.indicator_id: each for each in subject.values.all()}
    files: dict[int, list[Evidence]] = {}
    for evidence in subject.evidence.order_by("pk"):
        files.setdefault(evidence.indicator_id, []).append(evidence)
    return [
        {
            "label": group.label,
            "rows": [
                {
                    "leaf": leaf,
                    "value": values.get(leaf.pk),
                    "files": files.get(leaf.pk, []),
                    "query": query_of(leaf.query),
                    "scored": scored.get(leaf.pk),
                    "is_small": leaf.pk in values and is_small(values[leaf.pk].base),
                }
                for leaf in group.leaves
            ],
        }
        for group in subject.round.scheme.groups
    ]


@login_required
def report(request, pk):
    """The self-report as a form; it is kept as a draft with every save."""
    subject = get_subject(request, pk)
    if not can_edit_report(request.user, subject):
        raise Http404
    values = {each.indicator_id: each for each in subject.values.all()}
    form = ReportForm(
        request.POST or None,
        request.FILES or None,
        leaves=subject.round.scheme.leaves,
        values=values,
    )
    if request.method == "POST" and form.is_valid():
        submit = request.POST.get("do") == "submit"
        said = _("Handed in.") if submit else _("Saved as a draft.")
        if attempt(request, lambda: _keep(request, subject, form, submit=submit), said):
            return redirect(subject) if submit else redirect("evaluation:report", subject.pk)
    files: dict[int, list[Evidence]] = {}
    for evidence in subject.evidence.order_by("pk"):
        files.setdefault(evidence.indicator_id, []).append(evidence)
    context = {
        "subject": subject,
        "form": form,
        "rows": [
            {
                "leaf": leaf,
                "fields": fields,
                "files": files.get(leaf.pk, []),
                "value": values.get(leaf.pk),
                "query": query_of(leaf.query),
            }
            for leaf, fields in form.rows()
        ],
        "may_submit": can_submit_report(request.user, subject),
    }
    return render(request, "evaluation/report.html", context, status=422 if form.is_bound else 200)


@transaction.atomic
def _keep(request, subject: Subject, form: ReportForm, *, submit: bool) -> None:
    actor = request.user
    services.save_report(actor=actor, subject=subject, answers=form.answers)
    for leaf, file in form.chosen_files:
        services.attach_evidence(actor=actor, subject=subject, indicator=leaf, file=file)
    if submit:
        services.submit_report(actor=actor, subject=subject)


@login_required
@require_POST
def subject_action(request, pk, action):
    """What a unit or the commission does with one object."""
    subject = get_subject(request, pk)
    doers = {
        "check": _check,
        "correct": _correct,
        "detach": _detach,
        "withdraw": _withdraw,
        "confirm": _confirm,
        "object": _object,
        "reply": _reply,
        "deem": _deem,
        "override": _override,
        "replace": _replace,
    }
    if action not in doers:
        raise Http404
    attempt(request, lambda: doers[action](request, subject), _("Saved."))
    if action == "detach":
        return redirect("evaluation:report", subject.pk)
    return redirect(subject)


def _check(request, subject: Subject) -> None:
    outcome = request.POST.get("outcome", "")
    if outcome not in {"ACCEPTED", "RETURNED", "EXCLUDED"}:
        raise services.UnableToEvaluate(_("Please choose what becomes of it."))
    services.check_subject(
        actor=request.user, subject=subject, outcome=outcome, remark=text_in(request, "text")
    )


def _leaf(request, subject: Subject):
    return get_object_or_404(subject.round.scheme.indicators, pk=id_in(request, "leaf"))


def _correct(request, subject: Subject) -> None:
    services.correct_value(
        actor=request.user,
        subject=subject,
        indicator=_leaf(request, subject),
        value=number_in(request, "value"),
        reason=text_in(request, "text"),
    )


def _detach(request, subject: Subject) -> None:
    evidence = get_object_or_404(subject.evidence, pk=id_in(request, "evidence"))
    services.detach_evidence(actor=request.user, evidence=evidence)


def _withdraw(request, subject: Subject) -> None:
    services.withdraw_subject(actor=request.user, subject=subject, reason=text_in(request, "text"))


def _confirm(request, subject: Subject) -> None:
    services.confirm_result(actor=request.user, subject=subject)


def _object(request, subject: Subject) -> None:
    services.object_to_result(
        actor=request.user, subject=subject, objection=text_in(request, "text")
    )


def _reply(request, subject: Subject) -> None:
    services.answer_objection(
        actor=request.user,
        subject=subject,
        uphold=request.POST.get("outcome") == "uphold",
        reply=text_in(request, "text"),
    )


def _deem(request, subject: Subject) -> None:
    services.deem_confirmed(actor=request.user, subject=subject, reason=text_in(request, "text"))


def _override(request, subject: Subject) -> None:
    grade = request.POST.get("grade", "")
    if grade not in Grade.values:
        raise services.UnableToEvaluate(_("Please choose the grade."))
    services.override_grade(
        actor=request.user, subject=subject, grade=grade, reason=text_in(request, "text")
    )


def _replace(request, subject: Subject) -> None:
    services.draw_replacement(actor=request.user, subject=subject)


@login_required
def evidence_file(request, pk):
    """Send a file to those who may read the object's report."""
    found = Evidence.objects.select_related("subject__round")
    evidence = get_object_or_404(found, pk=pk)
    if not can_read_evidence(request.user, evidence):
        raise Http404
    response = FileResponse(
        evidence.file.open("rb"),
        as_attachment=True,
        filename=evidence.name,
        content_type="application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
