"""Prices by agreement, public for everybody, and objections to them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.limits import limited

from .. import services
from ..forms import ObjectionForm
from ..models import PricePublicity
from ..publicity import publicities
from ..rules import can_read_case

PAGE = 20


def publicity_list(request):
    """Current and past publicity of prices by agreement (协议定价公示)."""
    is_past = request.GET.get("when") == "past"
    running, past = publicities(is_past=False), publicities(is_past=True)
    page_obj = Paginator(past if is_past else running, PAGE).get_page(request.GET.get("page"))
    tabs = [
        {"label": _("Public now"), "url": "?", "count": running.count(), "is_current": not is_past},
        {"label": _("Past"), "url": "?when=past", "count": past.count(), "is_current": is_past},
    ]
    context = {"page_obj": page_obj, "tabs": tabs, "is_past": is_past}
    return render(request, "cases/publicities.html", context)


@limited("objection")
def publicity_detail(request, pk):
    """One publicity with its four facts; the signed-in may object while it runs."""
    publicity = get_object_or_404(publicities(), pk=pk)
    form = ObjectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        return _object(request, publicity, form)
    return _show(request, publicity, form, 200)


@login_required
def _object(request, publicity, form):
    if form.is_valid():
        try:
            services.raise_objection(
                actor=request.user,
                publicity=publicity,
                text=form.cleaned_data["text"],
                raised_on=timezone.localdate(),
            )
        except services.UnableToMoveCase as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Your objection is with the owner; you will be told."))
            return redirect(publicity)
    return _show(request, publicity, form, 422)


def _show(request, publicity: PricePublicity, form, status):
    user, objections = request.user, publicity.objections.order_by("pk")
    context = {
        "publicity": publicity,
        "objections": objections,
        "mine": objections.filter(author=user) if user.is_authenticated else [],
        "form": form,
        "case": publicity.case if can_read_case(user, publicity.case) else None,
    }
    return render(request, "cases/publicity.html", context, status=status)
