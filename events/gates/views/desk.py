"""The organizer's side of the doors: gates, who stands there, who has come, what does not hold."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from events.fairs.views.reading import get_fair
from events.meetings.rules import can_arrange
from events.registration.badges import ticket_svg

from .. import queries, services
from ..forms import GateForm, LinkForm, PersonForm
from ..models import CheckIn
from ..rules import can_manage_gates, can_read_arrivals
from .reading import get_gate

LATEST, PAGE = 12, 30


@login_required
def desk(request, code):
    """Who has come, gate by gate; its figures come anew every few seconds."""
    fair = get_fair(request.user, code, can_read_arrivals)
    counts = queries.gate_counts(fair)
    nobody = queries.GateCount(0, 0, 0)
    conflicts = queries.conflicts_of(fair)
    latest = CheckIn.objects.of_fair(fair).select_related(
        "gate", "registration__organization", "duty", "operator"
    )
    context = {
        "fair": fair,
        "arrivals": queries.arrivals_of(fair),
        "gates": [
            (gate, counts.get(gate.pk, nobody)) for gate in fair.gates.order_by("opens_at", "pk")
        ],
        "conflicts": conflicts,
        "times": queries.arrivals_by_time(fair),
        "latest": latest.order_by("-at", "-pk")[:LATEST],
        "now": timezone.now(),
        "may_manage": can_manage_gates(request.user, fair),
        "may_arrange": can_arrange(request.user, fair),
    }
    if request.htmx:
        return render(request, "gates/_figures.html", context)
    return render(request, "gates/desk.html", context)


@login_required
def conflicts(request, code):
    """Answers of the doors that do not hold now that all scans are here."""
    fair = get_fair(request.user, code, can_read_arrivals)
    found = Paginator(queries.conflicts_of(fair), PAGE)
    context = {"fair": fair, "page_obj": found.get_page(request.GET.get("page"))}
    return render(request, "gates/conflicts.html", context)


@login_required
def gate(request, code, pk):
    """Add a gate (0) or change one."""
    fair = get_fair(request.user, code, can_manage_gates)
    found = get_gate(fair, pk) if pk else None
    form = GateForm(request.POST or None, initial=_values(fair, found))
    if request.method == "POST" and "remove" in request.POST and found is not None:
        return _remove(request, fair, found)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_gate(actor=request.user, fair=fair, values=form.cleaned_data, gate=found)
        except services.UnableToCheckIn as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The gate is set up."))
            return redirect("gates:desk", fair.code)
    context = {"fair": fair, "gate": found, "form": form}
    return render(request, "gates/gate.html", context, status=422 if form.errors else 200)


def _values(fair, found) -> dict:
    """What the form begins with: the gate's own values, or those of the usual entrance."""
    if found is not None:
        return {name: getattr(found, name) for name in GateForm.base_fields}
    values = services.default_gate(fair)
    return {**values, "name": "", "name_en": ""} if fair.gates.exists() else values


def _remove(request, fair, found):
    try:
        services.remove_gate(actor=request.user, gate=found)
    except services.UnableToCheckIn as error:
        messages.error(request, str(error))
        return redirect("gates:gate", fair.code, found.pk)
    messages.success(request, _("The gate is gone."))
    return redirect("gates:desk", fair.code)


@login_required
def duties(request, code):
    """Who stands at the doors; a new link is shown once, with its code for the phone."""
    fair = get_fair(request.user, code, can_manage_gates)
    initial = {"expires_at": fair.page.ends_at}
    which = request.POST.get("form", "")
    person_form = PersonForm(
        request.POST if which == "person" else None, fair=fair, initial=initial, prefix="p"
    )
    link_form = LinkForm(request.POST if which == "link" else None, initial=initial, prefix="l")
    link = ""
    bound = {"person": person_form, "link": link_form}.get(which)
    if bound is not None and bound.is_valid():
        given = {"actor": request.user, "fair": fair, **bound.cleaned_data}
        try:
            if which == "person":
                services.name_person(**given)
                messages.success(request, _("Named for the doors."))
                return redirect("gates:duties", fair.code)
            _duty, token = services.make_link(**given)
            link = request.build_absolute_uri(reverse("gates:enter", args=[token]))
            link_form = LinkForm(initial=initial, prefix="l")
        except services.UnableToCheckIn as error:
            bound.add_error("expires_at", str(error))
    now = timezone.now()
    rows = fair.duties.select_related("person", "named_by").order_by("-named_at", "-pk")
    context = {
        "fair": fair,
        "person_form": person_form,
        "link_form": link_form,
        "link": link,
        "link_code": ticket_svg(link) if link else "",
        "page_obj": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "now": now,
    }
    status = 422 if bound is not None and bound.errors else 200
    return render(request, "gates/duties.html", context, status=status)


@login_required
@require_POST
def revoke(request, code, pk):
    fair = get_fair(request.user, code, can_manage_gates)
    services.revoke_duty(actor=request.user, duty=get_object_or_404(fair.duties, pk=pk))
    messages.success(request, _("Access has ended."))
    return redirect("gates:duties", fair.code)
