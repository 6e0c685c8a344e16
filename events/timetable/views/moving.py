"""The board of slots × tables, and moving one meeting by form; dragging sends the same form."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from events.meetings.models import MeetingRequest

from .. import services
from ..forms import LateForm, PlaceForm
from ..instances import agreed_requests, as_schedule, grid_of, plan_of, read_fair
from ..judging import name_request, warnings
from ..models import LateChange
from ..queries import board_rows, open_changes, slot_hints
from ..rules import can_schedule
from ..services import NeedsConfirmation, UnableToSchedule
from .getting import get_own, get_readable, get_version, require

TABLES_PAGE = 40
MOST_WAITING = 100


def _planned(version):
    return version.planned.select_related(
        "request__from_registration__organization",
        "request__to_registration__organization",
        "slot",
        "table",
    )


@login_required
def board(request, code, number):
    """All meetings of a version: a row for each table, a column for each slot (排期看板)."""
    fair = get_readable(request.user, code)
    version = get_version(fair, number)
    require(not version.is_solving)
    grid, planned = grid_of(version), list(_planned(version))
    plan = {each.request_id: (each.slot_id, each.table_id) for each in planned}
    warned = {
        grid.requests[each.key[2]].pk
        for each in warnings(grid, as_schedule(grid, plan))
        if isinstance(each.key, tuple) and each.key[0] == "steps"
    }
    page = Paginator(grid.tables, TABLES_PAGE).get_page(request.GET.get("page"))
    used = [
        (slot, sum(each.slot_id == slot.pk for each in planned), len(grid.tables))
        for slot in grid.slots
    ]
    waiting = [each for each in grid.requests if each.pk not in plan]
    context = {
        "fair": fair,
        "version": version,
        "columns": used,
        "rows": board_rows(grid, planned, list(page), warned),
        "page_obj": page,
        "waiting": [(each, name_request(each)) for each in waiting[:MOST_WAITING]],
        "waiting_count": len(waiting),
        "may_move": version.is_draft and can_schedule(request.user, fair),
    }
    return render(request, "timetable/board.html", context)


@login_required
def place(request, code, number, pk):
    """Move one meeting: pick slot and table, see what speaks against it, confirm warnings."""
    fair = get_own(request.user, code)
    version = get_version(fair, number)
    require(version.is_draft)
    wish = get_object_or_404(MeetingRequest.objects.with_people(), pk=pk, fair=fair)
    planned = version.planned.filter(request=wish).select_related("slot", "table").first()
    grid = grid_of(version)
    initial = {"slot": planned.slot_id, "table": planned.table_id} if planned else {}
    hints = slot_hints(grid, plan_of(version), wish)
    form = PlaceForm(request.POST or None, grid=grid, hints=hints, initial=initial)
    warned = ""
    if request.method == "POST" and request.POST.get("action"):
        return _lock_or_take_out(request, version, wish)
    if request.method == "POST" and form.is_valid():
        try:
            services.place_meeting(
                actor=request.user,
                version=version,
                request=wish,
                confirmed=form.cleaned_data["confirmed"],
                **form.place,
            )
        except NeedsConfirmation as error:
            warned = str(error)
            form = PlaceForm(request.POST, grid=grid, hints=hints, needs_confirmation=True)
        except UnableToSchedule as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved: %(what)s.") % {"what": name_request(wish)})
            return redirect("timetable:board", code, number)
    context = {
        "fair": fair,
        "version": version,
        "wish": wish,
        "name": name_request(wish),
        "planned": planned,
        "form": form,
        "warned": warned,
    }
    status = 422 if warned or form.errors else 200
    return render(request, "timetable/place.html", context, status=status)


def _lock_or_take_out(request, version, wish):
    action = request.POST["action"]
    try:
        if action == "take-out":
            services.take_out(actor=request.user, version=version, request=wish)
        else:
            services.set_lock(
                actor=request.user, version=version, request=wish, is_locked=action == "lock"
            )
    except UnableToSchedule as error:
        messages.error(request, str(error))
    return redirect("timetable:board", version.fair.code, version.number)


@login_required
def changes(request, code):
    """Who is ill or late, which table is lost; then a new calculation holds the rest."""
    fair = get_own(request.user, code)
    grid = read_fair(fair)
    form = LateForm(request.POST or None, fair=fair, slots=grid.slots)
    if request.method == "POST" and form.is_valid():
        try:
            services.report_change(actor=request.user, fair=fair, **form.cleaned_data)
        except UnableToSchedule as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Noted; calculate anew to see what it changes."))
            return redirect("timetable:changes", code)
    context = {
        "fair": fair,
        "form": form,
        "changes": open_changes(fair),
        "new_requests": [
            (each, name_request(each)) for each in agreed_requests(fair) if each.pk not in grid.told
        ]
        if grid.told
        else [],
    }
    return render(request, "timetable/changes.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def lift(request, code, pk):
    """It does not stand in the way any more."""
    fair = get_own(request.user, code)
    change = get_object_or_404(LateChange, pk=pk, fair=fair)
    try:
        services.lift_change(actor=request.user, change=change)
    except UnableToSchedule as error:
        messages.error(request, str(error))
    return redirect("timetable:changes", code)
