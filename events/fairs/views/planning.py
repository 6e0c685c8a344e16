"""Planning a fair in steps, with a check page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from .. import services
from ..checks import plan_checks
from ..enums import FairState, Step
from ..forms import BasicsForm, DatesForm, PeopleForm, PlaceForm, PlanForm, PrivacyForm
from ..models import Fair
from ..rules import can_edit_plan, can_plan_fairs, can_submit_fair
from .reading import get_fair

FORMS = {
    Step.BASICS: BasicsForm,
    Step.PLACE: PlaceForm,
    Step.PEOPLE: PeopleForm,
    Step.DATES: DatesForm,
    Step.PRIVACY: PrivacyForm,
}
ELSEWHERE = {
    Step.GRID: "fairs:grid",
    Step.TABLES: "fairs:tables",
    Step.QUESTIONS: "registration:questions",
}


def steps_of(fair: Fair) -> list[Step]:
    """The steps of this kind of fair; without meetings neither slots nor tables."""
    left_out = set() if fair.has_meetings else {Step.GRID, Step.TABLES}
    return [step for step in Step if step not in left_out]


def step_url(fair: Fair, step: Step) -> str:
    if step in ELSEWHERE:
        return reverse(ELSEWHERE[step], args=[fair.code])
    return reverse("fairs:step", args=[fair.code, step.value])


def step_links(fair: Fair, current: Step | None = None) -> list[dict]:
    """What ``components/steps.html`` shows; the check page comes last."""
    lacking = {check.step for check in plan_checks(fair) if not check.passed}
    links = [
        {
            "label": step.label,
            "url": step_url(fair, step),
            "state": "current" if step == current else "" if step in lacking else "done",
        }
        for step in steps_of(fair)
    ]
    check_url = reverse("fairs:check", args=[fair.code])
    state = "current" if current is None else ""
    return [*links, {"label": _("Check"), "url": check_url, "state": state}]


def next_url(fair: Fair, step: Step) -> str:
    steps = steps_of(fair)
    place = steps.index(step) + 1
    if place < len(steps):
        return step_url(fair, steps[place])
    return reverse("fairs:check", args=[fair.code])


@login_required
def plan(request):
    """Begin a fair (新建活动)."""
    if not can_plan_fairs(request.user):
        raise PermissionDenied(
            _("Fairs are planned by the office of an organization whose licence was checked.")
        )
    form = PlanForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            fair = services.plan_fair(actor=request.user, **form.cleaned_data)
        except services.UnableToChangeFair as error:
            form.add_error(None, str(error))
        else:
            return redirect(step_url(fair, Step.BASICS))
    return render(request, "fairs/new.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def step(request, code, step):
    if step not in Step.values or Step(step) not in FORMS:
        raise Http404
    fair, current = get_fair(request.user, code, can_edit_plan), Step(step)
    data = request.POST if request.method == "POST" else None
    form = FORMS[current](data, fair=fair)
    if request.method == "POST" and form.is_valid():
        try:
            _save(request.user, fair, current, form.cleaned_data)
        except services.UnableToChangeFair as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect(next_url(fair, current))
    context = {"fair": fair, "form": form, "step": current, "steps": step_links(fair, current)}
    template = "fairs/people_step.html" if current == Step.PEOPLE else "fairs/step.html"
    return render(request, template, context, status=422 if form.errors else 200)


def _save(user, fair, current, data):
    if current == Step.PEOPLE:
        given = {name: data[name] for name in ("capacity", "roles", "pairs")}
        services.set_people(actor=user, fair=fair, **given)
    else:
        services.edit_fair(actor=user, fair=fair, values=data)


@login_required
def check(request, code):
    """What the plan says, and what it lacks."""
    fair = get_fair(request.user, code)
    checks = plan_checks(fair)
    may_edit = can_edit_plan(request.user, fair)
    context = {
        "fair": fair,
        "checks": [
            {"label": each.label, "passed": each.passed, "advice": each.advice} for each in checks
        ],
        "missing": [(each, step_url(fair, each.step)) for each in checks if not each.passed],
        "steps": step_links(fair) if may_edit else [],
        "may_edit": may_edit,
        "may_submit": can_submit_fair(request.user, fair),
        "is_draft": fair.state == FairState.DRAFT,
        "roles": fair.roles.order_by("pk"),
        "pairs": _pairs(fair),
        "sessions": fair.sessions.prefetch_related("slots").order_by("starts_at", "pk"),
        "tables": fair.tables.count(),
        "questions": fair.questions.order_by("order", "pk"),
    }
    return render(request, "fairs/check.html", context)


def _pairs(fair):
    """Who asks → whom, in words."""
    found: dict[str, list[str]] = {}
    for pair in fair.pairs.order_by("pk"):
        found.setdefault(pair.get_asking_display(), []).append(pair.get_asked_display())
    return sorted(found.items())
