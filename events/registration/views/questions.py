"""The organizer's questions."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from events.fairs.enums import ParticipantRole, Step
from events.fairs.rules import can_edit_plan, can_manage_fair
from events.fairs.views.planning import step_links
from events.fairs.views.reading import get_fair

from .. import services
from ..forms import QuestionForm
from ..rules import can_edit_questions


@login_required
def questions(request, code):
    """All questions; a new one is added below."""
    fair = get_fair(request.user, code, can_manage_fair)
    may_edit = can_edit_questions(request.user, fair)
    form = QuestionForm(request.POST or None)
    if request.method == "POST":
        if not may_edit:
            raise Http404
        if form.is_valid() and _save(request, fair, form):
            return redirect("registration:questions", fair.code)
    labels = dict(ParticipantRole.choices)
    context = {
        "fair": fair,
        "form": form if may_edit else None,
        "rows": [
            (each, [labels[role] for role in each.roles if role in labels])
            for each in fair.questions.order_by("order", "pk")
        ],
        "steps": step_links(fair, Step.QUESTIONS) if can_edit_plan(request.user, fair) else [],
    }
    status = 422 if form.errors else 200
    return render(request, "registration/questions.html", context, status=status)


def _save(request, fair, form, stored=None) -> bool:
    try:
        services.save_question(actor=request.user, fair=fair, values=form.values, question=stored)
    except services.UnableToRegister as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("Saved."))
    return True


@login_required
def question(request, code, pk):
    """Change one question, or take it out with its answers."""
    fair = get_fair(request.user, code, can_edit_questions)
    found = get_object_or_404(fair.questions, pk=pk)
    form = QuestionForm(request.POST if "remove" not in request.POST else None, instance=found)
    form.is_bound = request.method == "POST" and "remove" not in request.POST
    if "remove" in request.POST:
        services.remove_question(actor=request.user, question=found)
        messages.success(request, _("The question is gone, with its answers."))
        return redirect("registration:questions", fair.code)
    if form.is_bound and form.is_valid():
        stored = fair.questions.get(pk=pk)
        if _save(request, fair, form, stored):
            return redirect("registration:questions", fair.code)
    context = {
        "fair": fair,
        "question": found,
        "form": form,
        "answered": found.answers.count(),
    }
    status = 422 if form.errors else 200
    return render(request, "registration/question.html", context, status=status)
