"""The grid editor: sessions with their slots, and the tables. Works without JavaScript."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import services
from ..enums import Step
from ..forms import SessionForm, SlotsForm, TableForm, TablesForm
from ..models import Fair
from ..rules import can_edit_plan
from ..ties import meetings_in
from .planning import next_url, step_links
from .reading import get_fair

TABLES_PAGE = 100


def _get(request, code) -> Fair:
    fair = get_fair(request.user, code, can_edit_plan)
    if not fair.has_meetings:
        raise Http404
    return fair


@login_required
def grid(request, code):
    """All sessions with their slots; a new session is added below."""
    fair = _get(request, code)
    form = SessionForm(request.POST or None, initial=None if request.POST else _first_session(fair))
    if request.method == "POST" and form.is_valid():
        try:
            added = services.add_session(actor=request.user, fair=fair, **form.cleaned_data)
        except services.UnableToChangeFair as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The slots are laid out; mark breaks below."))
            _warn_outside(request, added)
            return redirect("fairs:session", fair.code, added.pk)
    context = {
        "fair": fair,
        "form": form,
        "sessions": fair.sessions.prefetch_related("slots").order_by("starts_at", "pk"),
        "steps": step_links(fair, Step.GRID),
        "next_url": next_url(fair, Step.GRID),
    }
    return render(request, "fairs/grid.html", context, status=422 if form.errors else 200)


def _warn_outside(request, session) -> None:
    """Slots may be laid out before the fair's time is; they keep it from review until then."""
    page, [first, *others] = session.fair.page, session.slots.order_by("index")
    begins, ends = first.starts_at, (others or [first])[-1].ends_at
    if begins < page.starts_at or ends > page.ends_at:
        said = _(
            "%(slots)s lies outside the fair's time, %(fair)s: change one of them before review."
        )
        spans = {"slots": _span(begins, ends), "fair": _span(page.starts_at, page.ends_at)}
        messages.warning(request, said % spans)


def _span(begins, ends) -> str:
    return " – ".join(f"{timezone.localtime(each):%Y-%m-%d %H:%M}" for each in (begins, ends))


def _first_session(fair: Fair) -> dict:
    """A first session begins with the fair, the next one where the last one ended."""
    last = fair.sessions.order_by("-starts_at").first()
    slot = last.slots.order_by("-index").first() if last else None
    fields = {"slot_minutes": 20, "gap_minutes": 5, "count": 8}
    if last:
        fields = {**fields, "slot_minutes": last.slot_minutes, "gap_minutes": last.gap_minutes}
    return {**fields, "starts_at": slot.ends_at if slot else fair.page.starts_at}


@login_required
def session(request, code, pk):
    """One session: the kinds of its slots, laying them out anew, taking it out."""
    fair = _get(request, code)
    found = get_object_or_404(fair.sessions, pk=pk)
    action = request.POST.get("action", "")
    forms = {
        "slots": SlotsForm(
            request.POST if action == "slots" else None, slots=found.slots.order_by("index")
        ),
        "generate": SessionForm(request.POST if action == "generate" else None, session=found),
    }
    if request.method == "POST":
        try:
            done = _change(request, found, action, forms)
        except services.UnableToChangeFair as error:
            (forms.get(action) or forms["slots"]).add_error(None, str(error))
            done = None
        if done:
            messages.success(request, done)
            return redirect("fairs:grid", fair.code)
    context = {
        "fair": fair,
        "session": found,
        "slots_form": forms["slots"],
        "generate_form": forms["generate"],
        "meetings": meetings_in(found),
    }
    failed = any(form.errors for form in forms.values())
    return render(request, "fairs/session.html", context, status=422 if failed else 200)


def _change(request, found, action, forms) -> str:
    """Return what was done; nothing where a form has errors."""
    actor, is_confirmed = request.user, "confirm" in request.POST
    if action == "remove":
        services.remove_session(actor=actor, session=found)
        return _("The session is gone.")
    form = forms.get(action)
    if form is None:
        raise Http404
    if not form.is_valid():
        return ""
    if action == "generate":
        services.generate_slots(
            actor=actor, session=found, is_confirmed=is_confirmed, **form.cleaned_data
        )
        _warn_outside(request, found)
        return _("The slots are laid out anew.")
    with transaction.atomic():
        for slot, kind, label in form.changed():
            services.set_slot(
                actor=actor, slot=slot, kind=kind, label=label, is_confirmed=is_confirmed
            )
    return _("Saved.")


@login_required
def tables(request, code):
    """All tables; many are added or taken out in one go."""
    fair = _get(request, code)
    is_removal = "remove" in request.POST
    form = TablesForm(request.POST if request.POST and not is_removal else None)
    try:
        if is_removal:
            chosen = [int(pk) for pk in request.POST.getlist("table") if pk.isdecimal()]
            removed = services.remove_tables(actor=request.user, fair=fair, tables=chosen)
            messages.success(request, _("%(count)d tables are gone.") % {"count": removed})
            return redirect("fairs:tables", fair.code)
        if form.is_bound and form.is_valid():
            added = services.add_tables(actor=request.user, fair=fair, **form.cleaned_data)
            messages.success(request, _("%(count)d tables added.") % {"count": len(added)})
            return redirect("fairs:tables", fair.code)
    except services.UnableToChangeFair as error:
        form.add_error(None, str(error)) if form.is_bound else messages.error(request, str(error))
    rows = fair.tables.select_related("owner").order_by("code")
    context = {
        "fair": fair,
        "form": form,
        "page_obj": Paginator(rows, TABLES_PAGE).get_page(request.GET.get("page")),
        "steps": step_links(fair, Step.TABLES),
        "next_url": next_url(fair, Step.TABLES),
    }
    return render(request, "fairs/tables.html", context, status=422 if form.errors else 200)


@login_required
def table(request, code, pk):
    fair = _get(request, code)
    found = get_object_or_404(fair.tables.select_related("owner"), pk=pk)
    form = TableForm(request.POST or None, table=found)
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_table(actor=request.user, table=found, **form.cleaned_data)
        except services.UnableToChangeFair as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("fairs:tables", fair.code)
    context = {"fair": fair, "table": found, "form": form}
    return render(request, "fairs/table.html", context, status=422 if form.errors else 200)
