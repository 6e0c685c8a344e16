"""An exhibitor's own pages: application, booth, materials, exhibits."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _, gettext_lazy

from events.registration.views.own import get_announced

from .. import queries, services
from ..checks import findings, missing_materials
from ..forms import ApplicationForm, ExhibitForm, ListingForm, MaterialsForm
from ..models import Exhibit, Exhibitor
from ..rules import (
    can_act_for,
    can_note_leads,
    can_withdraw,
    can_write_materials,
    takes_applications,
)

PAGE = 20


@login_required
def apply(request, code):
    """Apply for a booth in the name of an organization whose office one belongs to."""
    fair = get_announced(code)
    if not fair.has_exhibition:
        raise Http404
    if not request.user.office_organization_ids:
        raise PermissionDenied(
            _("The office of an organization applies for a booth: ask its owner, or join one.")
        )
    exhibition = queries.exhibition_of(fair)
    form = ApplicationForm(request.POST or None, user=request.user)
    is_open = takes_applications(fair, exhibition)
    if request.method == "POST" and form.is_valid():
        try:
            exhibitor = services.apply_to_exhibit(
                actor=request.user, fair=fair, **form.cleaned_data
            )
        except services.UnableToExhibit as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Your application is with the organizer."))
            return redirect("exhibition:mine", exhibitor.pk)
    context = {"fair": fair, "form": form, "exhibition": exhibition, "is_open": is_open}
    return render(request, "exhibition/apply.html", context, status=422 if form.errors else 200)


@login_required
def own_list(request):
    rows = queries.own_exhibitors(request.user)
    page_obj = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "exhibition/own.html", {"page_obj": page_obj})


def get_own(user, pk) -> Exhibitor:
    rows = Exhibitor.objects.for_user(user).with_names()
    return get_object_or_404(rows.select_related("fair__page", "fair__organizer"), pk=pk)


@login_required
def mine(request, pk):
    """Where one stands, the booth, the materials, what is next."""
    found = get_own(request.user, pk)
    may_write = can_write_materials(request.user, found)
    exhibits = list(found.exhibits.all())
    context = {
        "exhibitor": found,
        "fair": found.fair,
        "exhibition": queries.exhibition_of(found.fair),
        "industries": found.industries.order_by("pk"),
        "wanted": found.wanted.order_by("name"),
        "unwanted": found.unwanted.order_by("name"),
        "shown": queries.shown_exhibits(exhibits),
        "exhibits": exhibits,
        "may_write": may_write,
        "missing": missing_materials(found) if may_write else [],
        "findings": findings(found) if may_write else [],
        "may_withdraw": can_withdraw(request.user, found),
        "may_note": can_note_leads(request.user, found),
        "lead_count": found.leads.count(),
    }
    return render(request, "exhibition/mine.html", context)


ACTIONS = {
    "submit": (
        services.submit_materials,
        can_write_materials,
        gettext_lazy("The materials are with the organizer."),
    ),
    "withdraw": (
        services.withdraw_exhibitor,
        can_withdraw,
        gettext_lazy("You have withdrawn; the booth is free for others."),
    ),
}


@login_required
def act(request, pk, action):
    """Send the materials, or withdraw after a page that asks."""
    found = get_own(request.user, pk)
    if action not in ACTIONS or not can_act_for(request.user, found):
        raise Http404
    door, is_allowed, done = ACTIONS[action]
    if request.method != "POST":
        if action != "withdraw" or not is_allowed(request.user, found):
            raise Http404
        context = {"exhibitor": found, "fair": found.fair}
        return render(request, "exhibition/withdraw.html", context)
    try:
        door(actor=request.user, exhibitor=found)
    except services.UnableToExhibit as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("exhibition:mine", found.pk)


def _to_write(request, pk) -> Exhibitor:
    found = get_own(request.user, pk)
    if not can_write_materials(request.user, found):
        raise Http404
    return found


@login_required
def materials(request, pk):
    """Lettering and introduction of the booth."""
    found = _to_write(request, pk)
    form = MaterialsForm(request.POST or None, exhibitor=found)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        industries = values.pop("industries")
        services.edit_materials(
            actor=request.user, exhibitor=found, values=values, industries=industries
        )
        messages.success(request, _("Saved."))
        return redirect("exhibition:mine", found.pk)
    context = {"exhibitor": found, "fair": found.fair, "form": form}
    return render(request, "exhibition/materials.html", context, status=422 if form.errors else 200)


@login_required
def add_exhibit(request, pk):
    """Put a public listing on show, or write an exhibit in own words."""
    found = _to_write(request, pk)
    listings = queries.listings_to_show(found)
    is_listing = "page" in request.POST
    listing_form = ListingForm(request.POST if is_listing else None, listings=listings)
    own = (request.POST, request.FILES) if request.POST and not is_listing else ()
    form = ExhibitForm(*own)
    try:
        if is_listing and listing_form.is_valid():
            services.show_listing(
                actor=request.user, exhibitor=found, page_id=listing_form.cleaned_data["page"]
            )
            return _saved(request, found)
        if own and form.is_valid():
            services.save_exhibit(actor=request.user, exhibitor=found, **_words(form))
            return _saved(request, found)
    except services.UnableToExhibit as error:
        (listing_form if is_listing else form).add_error(None, str(error))
    context = {
        "exhibitor": found,
        "fair": found.fair,
        "form": form,
        "listing_form": listing_form,
        "listings": listings,
    }
    failed = form.errors or listing_form.errors
    return render(request, "exhibition/add_exhibit.html", context, status=422 if failed else 200)


def _words(form) -> dict:
    values = dict(form.cleaned_data)
    return {"picture": values.pop("picture"), "values": values}


def _saved(request, exhibitor):
    messages.success(request, _("Saved."))
    return redirect("exhibition:mine", exhibitor.pk)


@login_required
def exhibit(request, pk):
    """Change an exhibit in own words, or take one out."""
    rows = Exhibit.objects.select_related("exhibitor")
    found = get_object_or_404(rows, pk=pk)
    exhibitor = _to_write(request, found.exhibitor_id)
    found.exhibitor = exhibitor
    if "remove" in request.POST:
        services.remove_exhibit(actor=request.user, exhibit=found)
        return _saved(request, exhibitor)
    if found.page_id:
        raise Http404
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ExhibitForm(*sent, exhibit=found)
    if sent and form.is_valid():
        try:
            services.save_exhibit(
                actor=request.user, exhibitor=exhibitor, exhibit=found, **_words(form)
            )
            return _saved(request, exhibitor)
        except services.UnableToExhibit as error:
            form.add_error(None, str(error))
    context = {"exhibitor": exhibitor, "fair": exhibitor.fair, "form": form, "exhibit": found}
    return render(request, "exhibition/exhibit.html", context, status=422 if form.errors else 200)
