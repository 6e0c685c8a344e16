"""Needs as everybody reads them, and what may be done with one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_POST

from portal.disclosure.services import read_listing, read_whole
from search.views import SearchListView

from .. import services
from ..documents import NeedSearch
from ..enums import NeedState
from ..forms import (
    CloseForm,
    ReviewForm,
    StartForm,
)
from ..models import Need
from ..queries import contact_of, desk_of, own_answers, related_needs
from ..readiness import assess_need
from ..rules import (
    can_answer_need,
    can_close_need,
    can_manage_need,
    can_reopen_need,
    can_repair_need,
    can_review_changes,
    can_review_need,
    can_rewrite_need,
    can_see_matches,
    can_take_back_need,
    can_take_need,
    can_withdraw_need,
    can_write_need,
)

PAGE = 20
OWN_SHELVES = {"own", "decide"}


class NeedListView(SearchListView):
    search_class = NeedSearch
    title = gettext_lazy("Needs")


def get_need(user, code, rule=None) -> Need:
    """Return the need, or 404 for whoever may not read it or act so on it."""
    needs = Need.objects.for_user(user).select_related("organization__district", "author", "broker")
    need = get_object_or_404(needs, code=code)
    if rule and not rule(user, need):
        raise Http404
    return need


def need_detail(request, code):
    need = get_need(request.user, code)
    user = request.user
    own = can_manage_need(user, need)
    readiness = _readiness(user, need)
    shown = _as_read_by(user, need)
    context = {
        "need": shown,
        "targets": shown.targets.order_by("sort_order", "pk"),
        "shows_organization": need.shows_organization or own,
        "own": own,
        "can_edit": can_write_need(user, need),
        "can_rewrite": can_rewrite_need(user, need),
        "can_review": can_review_need(user, need) or can_review_changes(user, need),
        "changes": services.describe_changes(need) if own or can_review_changes(user, need) else [],
        "field_notes": [(services.label_of(name), note) for name, note in need.field_notes.items()],
        "can_see_matches": can_see_matches(user, need),
        "readiness": readiness,
        "shows_remark": bool(need.return_reason and readiness),
        "proposal": need.proposals.filter(decided_at__isnull=True).first() if own else None,
        "review_form": ReviewForm(),
        "can_confirm": own and need.state in {NeedState.PUBLISHED, NeedState.EXPIRED},
        "can_close": can_close_need(user, need),
        "can_withdraw": can_withdraw_need(user, need),
        "can_reopen": can_reopen_need(user, need),
        "can_take_back": can_take_back_need(user, need),
        **_for_broker(user, need),
        **_for_institute(user, need),
        "related": related_needs(need, user) if need.state == NeedState.PUBLISHED else [],
    }
    return render(request, "matchmaking/need.html", context)


def _as_read_by(user, need: Need) -> Need:
    """Who checks or repairs a need reads all of it, others what is open to them."""
    if any(rule(user, need) for rule in (can_review_need, can_review_changes, can_repair_need)):
        return read_whole(user=user, listing=need)
    return read_listing(user=user, listing=need)


def _for_broker(user, need: Need) -> dict:
    if not can_repair_need(user, need):
        return {}
    return {"repairs": True, "can_take": can_take_need(user, need), "contact": contact_of(need)}


def _for_institute(user, need: Need) -> dict:
    """The way on for whoever can solve it; a visitor signs in first."""
    if not can_answer_need(user, need):
        return {"may_sign_in": not user.is_authenticated}
    return {"can_answer": True, "answers": own_answers(need, user)}


def _readiness(user, need: Need):
    """Score and checks for the company, the broker and the reviewer, who sees them with changes."""
    if can_review_changes(user, need):
        return services.assess_changes(need)
    reads = (can_manage_need, can_repair_need, can_review_need)
    return assess_need(need) if any(rule(user, need) for rule in reads) else None


@login_required
def start(request):
    if not request.user.organization_ids:
        messages.info(request, _("Join or register your organization first."))
        return redirect("accounts:organizations")
    form = StartForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        need = services.create_need(actor=request.user, **form.cleaned_data)
        return redirect("matchmaking:edit", need.code)
    return render(request, "matchmaking/start.html", {"form": form})


@login_required
@require_POST
def act(request, code, action):
    """One button of the need's page."""
    need = get_need(request.user, code)
    actor = request.user
    try:
        if action == "confirm":
            services.confirm_need(actor=actor, need=need)
        elif action == "reopen":
            services.reopen_need(actor=actor, need=need)
        elif action == "take_back":
            services.take_back_need(actor=actor, need=need)
        elif action == "take":
            services.take_need(actor=actor, need=need)
        elif action == "discard":
            services.discard_changes(actor=actor, need=need)
        elif action == "review":
            _review(request, need)
        else:
            raise Http404
        messages.success(request, _("Done."))
    except services.UnableToChangeNeed as error:
        messages.error(request, str(error))
    if action == "review":
        return redirect("workspace:home")
    return redirect(need)


@login_required
def close(request, code):
    """A step of its own: what became of the need, then its end."""
    need = get_need(request.user, code, can_close_need)
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.close_need(actor=request.user, need=need, **form.cleaned_data)
        except services.UnableToChangeNeed as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Closed. You can open it again on this page."))
        return redirect(need)
    return _confirm(
        request,
        need,
        title=_("Close the need"),
        text=_("It leaves the list of needs and is matched no longer."),
        form=form,
        button_label=_("Close the need"),
    )


@login_required
def withdraw(request, code):
    need = get_need(request.user, code, can_withdraw_need)
    if request.method == "POST":
        try:
            services.withdraw_need(actor=request.user, need=need)
        except services.UnableToChangeNeed as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Withdrawn. You can open it again on this page."))
        return redirect(need)
    return _confirm(
        request,
        need,
        title=_("Withdraw the need"),
        text=_("Nobody outside your organization reads it any more; you keep it as a draft."),
        form="",
        button_label=_("Withdraw the need"),
    )


def _confirm(request, need: Need, **context):
    context |= {"need": need, "cancel_url": need.get_absolute_url()}
    status = 422 if context["form"] and context["form"].is_bound else 200
    return render(request, "matchmaking/end.html", context, status=status)


def _review(request, need: Need) -> None:
    form = ReviewForm(request.POST)
    if not form.is_valid():
        raise services.UnableToChangeNeed(_("Please choose a decision."))
    is_change = need.state == NeedState.PUBLISHED
    if form.cleaned_data["decision"] == ReviewForm.APPROVE:
        approve = services.approve_changes if is_change else services.approve_need
        approve(actor=request.user, need=need)
        return
    send_back = services.return_changes if is_change else services.return_need
    send_back(
        actor=request.user,
        need=need,
        reason=form.cleaned_data["reason"],
        field_notes=form.field_notes,
    )


@login_required
def desk(request, shelf):
    """A person's desk of needs: what waits, and what is one's own."""
    shelves = desk_of(request.user)
    if shelf not in shelves:
        raise Http404
    label, rows = shelves[shelf]
    tabs = [
        {
            "label": name,
            "url": reverse("matchmaking:desk", args=[key]),
            "count": needs.count(),
            "is_current": key == shelf,
        }
        for key, (name, needs) in shelves.items()
    ]
    page_obj = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "heading": label,
        "tabs": tabs,
        "page_obj": page_obj,
        "shelf": shelf,
        "own": shelf in OWN_SHELVES,
    }
    return render(request, "matchmaking/desk.html", context)
