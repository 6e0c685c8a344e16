"""The organizer's desk: applications, booths, the check of materials, settings and awards."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_POST

from events.fairs.views.reading import get_fair

from .. import queries, services
from ..checks import findings, missing_materials
from ..enums import ExhibitorState
from ..forms import AwardForm, SettingsForm
from ..models import Award, Booth, Exhibitor
from ..rules import (
    can_check_materials,
    can_decide,
    can_publish_result,
    can_run_exhibition,
    can_set_exhibition,
    votes_are_open,
)

PAGE = 30


@login_required
def applications(request, code):
    """Everybody who applied, by state."""
    fair = get_fair(request.user, code, can_run_exhibition)
    counted, state = queries.states_of(fair), request.GET.get("state", "")
    rows = queries.applications(fair)
    if state in ExhibitorState.values:
        rows = rows.filter(state=state)
    here = reverse("exhibition:applications", args=[fair.code])
    tabs = [
        {"label": _("All"), "url": here, "count": sum(counted.values()), "is_current": not state}
    ]
    tabs += [
        {
            "label": each.label,
            "url": f"{here}?state={each.value}",
            "count": counted[each],
            "is_current": state == each.value,
        }
        for each in ExhibitorState
        if counted.get(each)
    ]
    context = {
        "fair": fair,
        "page_obj": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "states": tabs,
    }
    return render(request, "exhibition/applications.html", context)


def _get(request, code, pk) -> Exhibitor:
    fair = get_fair(request.user, code, can_run_exhibition)
    found = get_object_or_404(Exhibitor.objects.filter(fair=fair).with_names(), pk=pk)
    found.fair = fair
    return found


@login_required
def application(request, code, pk):
    """One exhibitor: wishes, the decision, free booths with what speaks against them, the check."""
    found = _get(request, code, pk)
    may_decide = can_decide(request.user, found)
    chooses = may_decide and queries.may_have_booth(found)
    is_checked = found.state == ExhibitorState.SUBMITTED
    context = {
        "fair": found.fair,
        "exhibitor": found,
        "industries": found.industries.order_by("pk"),
        "wanted": found.wanted.order_by("name"),
        "unwanted": found.unwanted.order_by("name"),
        "may_decide": may_decide,
        "may_check": can_check_materials(request.user, found),
        "options": queries.booth_options(found) if chooses else [],
        "chooses": chooses,
        "concerns": queries.booth_concerns(found, found.booth) if found.booth else [],
        "shown": queries.shown_exhibits(found.exhibits.all()),
        "findings": findings(found),
        "missing": missing_materials(found) if is_checked else [],
    }
    return render(request, "exhibition/application.html", context)


DOORS: dict[str, tuple[Callable[..., Exhibitor], Promise]] = {
    "accept": (services.accept_exhibitor, gettext_lazy("Taken; the exhibitor has been told.")),
    "waitlist": (services.waitlist_exhibitor, gettext_lazy("On the waiting list.")),
    "reject": (services.reject_exhibitor, gettext_lazy("Refused; the exhibitor has been told.")),
    "give": (services.assign_booth, gettext_lazy("The booth is given.")),
    "take-back": (services.take_booth_back, gettext_lazy("The booth is free again.")),
    "pass": (services.pass_materials, gettext_lazy("Passed: the booth is in the public hall.")),
    "return": (services.return_materials, gettext_lazy("Returned; the exhibitor has been told.")),
}
REASONED = {"reject", "return"}
CHECKING = {"pass", "return"}


@login_required
@require_POST
def decide(request, code, pk, action):
    """One decision about an exhibitor; what cannot be is told."""
    found = _get(request, code, pk)
    may = can_check_materials if action in CHECKING else can_decide
    if action not in DOORS or not may(request.user, found):
        raise Http404
    door, done = DOORS[action]
    more: dict = {}
    if action in REASONED:
        more["reason"] = request.POST.get("reason", "")[:300]
    if action == "give":
        chosen = request.POST.get("booth", "")
        booths = Booth.objects.filter(hall__fair=found.fair)
        more["booth"] = booths.filter(pk=chosen).first() if chosen.isdecimal() else None
    if "booth" in more and more["booth"] is None:
        messages.error(request, _("Choose a booth."))
    else:
        try:
            door(actor=request.user, exhibitor=found, **more)
        except services.UnableToExhibit as error:
            messages.error(request, str(error))
        else:
            messages.success(request, str(done))
    return redirect("exhibition:application", found.fair.code, found.pk)


@login_required
def settings(request, code):
    """Dates, the on-line hall, awards with their votes, and publishing the result."""
    fair = get_fair(request.user, code, can_run_exhibition)
    exhibition = queries.exhibition_of(fair)
    action = request.POST.get("action", "")
    initial = {name: getattr(exhibition, name) for name in SettingsForm.base_fields}
    form = SettingsForm(request.POST if action == "settings" else None, initial=initial)
    award_form = AwardForm(request.POST if action == "award" else None)
    if request.method == "POST":
        try:
            done = _set(request, fair, action, form, award_form)
        except services.UnableToExhibit as error:
            messages.error(request, str(error))
            done = ""
        if done:
            messages.success(request, done)
        if done or action not in {"settings", "award"}:
            return redirect("exhibition:settings", fair.code)
    context = {
        "fair": fair,
        "exhibition": exhibition,
        "form": form,
        "award_form": award_form,
        "tallies": queries.tallies(fair),
        "may_set": can_set_exhibition(request.user, fair),
        "may_publish": can_publish_result(request.user, fair, exhibition),
        "votes_are_open": votes_are_open(fair, exhibition),
    }
    failed = form.errors or award_form.errors
    return render(request, "exhibition/settings.html", context, status=422 if failed else 200)


def _set(request, fair, action, form, award_form) -> str:
    """Return what was done; nothing where a form has errors."""
    actor = request.user
    if action == "settings":
        if not form.is_valid():
            return ""
        services.set_exhibition(actor=actor, fair=fair, **form.cleaned_data)
        return _("Saved.")
    if action == "award":
        if not award_form.is_valid():
            return ""
        services.add_award(actor=actor, fair=fair, **award_form.cleaned_data)
        return _("The award is there.")
    if action == "remove-award":
        pk = request.POST.get("award", "")
        award = get_object_or_404(Award, fair=fair, pk=pk if pk.isdecimal() else 0)
        services.remove_award(actor=actor, award=award)
        return _("The award is gone.")
    if action == "publish":
        services.publish_result(actor=actor, fair=fair)
        return _("The result is public; the winners have been told.")
    raise Http404
