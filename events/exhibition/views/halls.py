"""The plan editor: halls, booths on the grid, by forms alone; dragging only fills the form."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from events.fairs.views.reading import get_fair

from .. import services
from ..forms import BoothForm, BoothsForm, HallForm
from ..models import Hall
from ..queries import organizers_plan
from ..rules import can_edit_halls, can_run_exhibition

STEPS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


@login_required
def halls(request, code):
    """All halls with their plans; another one is added below."""
    fair = get_fair(request.user, code, can_run_exhibition)
    may_edit = can_edit_halls(request.user, fair)
    form = HallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            added = services.add_hall(actor=request.user, fair=fair, **form.cleaned_data)
        except services.UnableToExhibit as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The hall is there; put booths on its plan."))
            return redirect("exhibition:hall", fair.code, added.pk)
    context = {
        "fair": fair,
        "form": form,
        "may_edit": may_edit,
        "plans": [organizers_plan(each) for each in fair.halls.all()],
    }
    return render(request, "exhibition/halls.html", context, status=422 if form.errors else 200)


@login_required
def hall(request, code, pk):
    """One hall: the plan, the chosen booth, several booths at once, the hall itself."""
    fair = get_fair(request.user, code, can_run_exhibition)
    found = get_object_or_404(Hall, fair=fair, pk=pk)
    found.fair = fair
    booth = _chosen(request, found)
    action = request.POST.get("action", "")
    forms = {
        "booth": BoothForm(request.POST if action == "booth" else None, booth=booth),
        "booths": BoothsForm(request.POST if action == "booths" else None),
        "hall": HallForm(request.POST if action == "hall" else None, hall=found),
    }
    if request.method == "POST":
        try:
            answer = _change(request, found, booth, action, forms)
        except services.UnableToExhibit as error:
            form = forms.get(action)
            form.add_error(None, str(error)) if form else messages.error(request, str(error))
            answer = "" if form else _back(found, booth)
        if answer:
            return redirect(answer)
    plan = organizers_plan(found, booth.pk if booth else None)
    context = {
        "fair": fair,
        "hall": found,
        "plan": plan,
        "beside": plan.beside(booth) if booth else [],
        "booth": booth,
        "forms": forms,
        "may_edit": can_edit_halls(request.user, fair),
        "here": reverse("exhibition:hall", args=[fair.code, found.pk]),
    }
    failed = any(form.errors for form in forms.values())
    return render(request, "exhibition/hall.html", context, status=422 if failed else 200)


def _chosen(request, hall):
    """The booth that the address or the form names, None for a new one."""
    pk = request.POST.get("booth") or request.GET.get("booth") or ""
    if not pk.isdecimal():
        return None
    return get_object_or_404(hall.booths.select_related("exhibitor__organization"), pk=pk)


def _back(hall, booth=None) -> str:
    address = reverse("exhibition:hall", args=[hall.fair.code, hall.pk])
    return f"{address}?booth={booth.pk}#booth" if booth else address


def _change(request, hall, booth, action, forms) -> str:
    """Return where to go on; nothing where a form has errors."""
    actor, form = request.user, forms.get(action)
    if form is not None and not form.is_valid():
        return ""
    match action:
        case "hall":
            services.edit_hall(actor=actor, hall=hall, **form.cleaned_data)
        case "remove-hall":
            services.remove_hall(actor=actor, hall=hall)
            messages.success(request, _("The hall is gone."))
            return reverse("exhibition:halls", args=[hall.fair.code])
        case "booths":
            added = services.add_booths(actor=actor, hall=hall, **form.cleaned_data)
            messages.success(request, _("%(count)d booths added.") % {"count": len(added)})
            return _back(hall)
        case "booth" if booth:
            booth = services.edit_booth(actor=actor, booth=booth, **form.values)
        case "booth":
            booth = services.add_booth(actor=actor, hall=hall, **form.values)
        case "move" if booth:
            booth = services.move_booth(actor=actor, booth=booth, **_target(request, booth))
        case "remove" if booth:
            services.remove_booth(actor=actor, booth=booth)
            booth = None
        case _:
            raise Http404
    messages.success(request, _("Saved."))
    return _back(hall, booth)


def _target(request, booth) -> dict[str, int]:
    """Where a booth goes: one cell in a direction, or the cell it was dropped on."""
    step = STEPS.get(request.POST.get("step", ""))
    if step:
        return {"x": booth.x + step[0], "y": booth.y + step[1]}
    try:
        return {name: int(request.POST.get(name, "")) for name in ("x", "y")}
    except ValueError:
        raise Http404 from None
