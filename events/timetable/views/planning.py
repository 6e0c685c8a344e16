"""The organizer's way: feasibility, calculating, versions side by side, publishing."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from .. import services
from ..effects import effect_of_publishing, effect_of_undo
from ..enums import VersionState
from ..forms import CommentForm, SolveForm
from ..instances import as_schedule, grid_of, plan_of, read_fair
from ..judging import name_request, prohibitions, warnings
from ..queries import (
    difference_of,
    feasibility_of,
    label_slot,
    quality_of,
    split_changes,
    versions_of,
    without_table,
)
from ..rules import can_schedule
from ..services import UnableToSchedule
from .getting import get_own, get_readable, get_version

PAGE = 20
MOST_SHOWN = 60


@login_required
def schedule(request, code):
    """All versions with their figures, what people have been told, what has happened since."""
    fair = get_readable(request.user, code)
    page = Paginator(versions_of(fair), PAGE).get_page(request.GET.get("page"))
    for version in page:
        version.quality = quality_of(version)
    concerned, met = split_changes(fair)
    context = {
        "fair": fair,
        "page_obj": page,
        "published": fair.schedule_versions.filter(state=VersionState.PUBLISHED).first(),
        "last": services.last_publication(fair),
        "changes": concerned,
        "met_changes": met,
        "without_table": without_table(fair),
        "may_schedule": can_schedule(request.user, fair),
    }
    return render(request, "timetable/schedule.html", context)


@login_required
def feasibility(request, code):
    """What stands in the way before anything is calculated, and what would help (可行性检查)."""
    fair = get_readable(request.user, code)
    found = feasibility_of(read_fair(fair))
    context = {
        "fair": fair,
        "found": found,
        "page_obj": Paginator(found.hindrances, PAGE).get_page(request.GET.get("page")),
        "series": [_("Pairs who could come"), _("Tables there are")],
        "may_schedule": can_schedule(request.user, fair),
    }
    return render(request, "timetable/feasibility.html", context)


@login_required
def solve(request, code):
    """Begin a calculation; locks of the version it starts from stay."""
    fair = get_own(request.user, code)
    finished = fair.schedule_versions.exclude(state=VersionState.SOLVING)
    number = request.GET.get("from", "")
    base = finished.filter(number=number).first() if number.isdecimal() else None
    form = SolveForm(
        request.POST or None,
        initial={k: v for k, v in base.params.items() if v is not None} if base else {},
    )
    if request.method == "POST" and form.is_valid():
        try:
            version = services.start_solving(
                actor=request.user,
                fair=fair,
                seconds=form.cleaned_data["seconds"],
                params=form.params,
                base=base,
                comment=form.cleaned_data["comment"],
            )
        except UnableToSchedule as error:
            form.add_error(None, str(error))
        else:
            return redirect("timetable:version", fair.code, version.number)
    context = {
        "fair": fair,
        "form": form,
        "base": base,
        "locked": base.planned.filter(is_locked=True).count() if base else 0,
        "told": len(services.told_plan(fair)),
    }
    return render(request, "timetable/solve.html", context, status=422 if form.errors else 200)


@login_required
def version(request, code, number):
    """One version: how it is being made, how good it is, what differs from another one."""
    fair = get_readable(request.user, code)
    found = get_version(fair, number)
    context = {
        "fair": fair,
        "version": found,
        "quality": quality_of(found),
        "may_schedule": can_schedule(request.user, fair),
        **_state_of(found),
    }
    if not found.is_solving:
        context |= _judge(found) | _compare(request, found)
        context["comment_form"] = CommentForm(initial={"comment": found.comment})
    return render(request, "timetable/version.html", context)


def _state_of(found) -> dict:
    return {"is_silent": services.is_silent(found), "can_go_on": services.can_go_on(found)}


def _judge(found) -> dict:
    """What the checker says as of now, and the load of tables by slot."""
    grid = grid_of(found)
    plan = plan_of(found)
    drawn = as_schedule(grid, plan)
    used = dict.fromkeys(range(len(grid.slots)), 0)
    for slot in drawn.slot_of.values():
        if slot in used:
            used[slot] += 1
    told_of, warned = prohibitions(grid, drawn), warnings(grid, drawn)
    met = {person for number in drawn.slot_of for person in grid.instance.meetings[number].people}
    return {
        "without": [row for number, row in enumerate(grid.people) if number not in met],
        "prohibited": told_of[:MOST_SHOWN],
        "warned": warned[:MOST_SHOWN],
        "more_warned": max(len(warned) - MOST_SHOWN, 0),
        "load": [
            {"label": label_slot(slot), "value": used[number]}
            for number, slot in enumerate(grid.slots)
        ],
        "lapsed": len(plan.keys() - grid.request_number.keys()),
        "left_out": len(grid.requests) - len(plan.keys() & grid.request_number.keys()),
    }


def _compare(request, found) -> dict:
    """The differences from the version asked for, or from the one it came from."""
    others = versions_of(found.fair).exclude(pk=found.pk).exclude(state=VersionState.SOLVING)
    wanted = request.GET.get("against", "")
    other = others.filter(number=wanted).first() if wanted.isdecimal() else found.base
    if other is None:
        return {"others": others}
    grid = read_fair(found.fair)
    requests = {each.pk: each for each in grid.requests}
    slots = {slot.pk: slot for slot in grid.slots}
    tables = {table.pk: table for table in grid.tables}

    def say(place) -> str:
        if place is None:
            return "—"
        return f"{slots.get(place[0], '?')} {tables.get(place[1], '?')}"

    changed = difference_of(found, other)
    rows = [
        {
            "label": name_request(requests[each.request]) if each.request in requests else "—",
            "before": say(each.before),
            "after": say(each.after),
        }
        for each in changed[:MOST_SHOWN]
    ]
    return {"others": others, "other": other, "changed": rows, "changed_count": len(changed)}


@login_required
def progress(request, code, number):
    """The part of a version's page that is fetched anew while it is calculated."""
    found = get_version(get_readable(request.user, code), number)
    if not found.is_solving and request.htmx:
        return HttpResponse(headers={"HX-Refresh": "true"})
    if not request.htmx:
        return redirect("timetable:version", code, number)
    context = {"fair": found.fair, "version": found, **_state_of(found)}
    context["may_schedule"] = can_schedule(request.user, found.fair)
    return render(request, "timetable/_progress.html", context)


@login_required
@require_POST
def act(request, code, number, action):
    """Stop, go on, copy, comment or publish."""
    fair = get_own(request.user, code)
    found = get_version(fair, number)
    url = reverse("timetable:version", args=[code, number])
    try:
        if action == "stop":
            services.stop_solving(actor=request.user, version=found)
            messages.success(request, _("It ends with the best so far."))
        elif action == "go-on":
            services.go_on_solving(actor=request.user, version=found)
        elif action == "publish":
            publication = services.publish_version(actor=request.user, version=found)
            told = publication.notices.count()
            messages.success(
                request, _("Published; %(count)d people are being told.") % {"count": told}
            )
        elif action == "copy":
            copy = services.copy_version(actor=request.user, version=found)
            url = reverse("timetable:board", args=[code, copy.number])
        elif action == "comment":
            text = request.POST.get("comment", "")[:300]
            services.comment_version(actor=request.user, version=found, comment=text)
        else:
            raise Http404
    except UnableToSchedule as error:
        messages.error(request, str(error))
    return redirect(url)


@login_required
@require_GET
def publish(request, code, number):
    """Before a version goes out: how many meetings change, how many people are told."""
    found = get_version(get_own(request.user, code), number)
    if not found.is_draft:
        return redirect("timetable:version", code, number)
    context = {
        "fair": found.fair,
        "title": _("Publish and tell people"),
        "effect": effect_of_publishing(found),
        "url": reverse("timetable:act", args=[code, number, "publish"]),
        "back": reverse("timetable:version", args=[code, number]),
        "button": "button--action",
    }
    return render(request, "timetable/confirm.html", context)


@login_required
def undo(request, code):
    """Take the last publication back, once it is said what that changes."""
    fair = get_own(request.user, code)
    last = services.last_publication(fair)
    if last is None:
        messages.error(request, _("There is no publication to take back."))
        return redirect("timetable:schedule", code)
    if request.method != "POST":
        context = {
            "fair": fair,
            "title": _("Take the publication back"),
            "effect": effect_of_undo(fair, last),
            "url": reverse("timetable:undo", args=[code]),
            "back": reverse("timetable:schedule", args=[code]),
            "button": "button--danger",
        }
        return render(request, "timetable/confirm.html", context)
    try:
        publication = services.undo_publication(actor=request.user, fair=fair)
    except UnableToSchedule as error:
        messages.error(request, str(error))
    else:
        told = publication.notices.count()
        messages.success(
            request, _("Taken back; %(count)d people are being told.") % {"count": told}
        )
    return redirect("timetable:schedule", code)
