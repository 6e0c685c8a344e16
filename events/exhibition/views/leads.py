"""Leads: noted at the booth, read and exported by the exhibitor alone."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal.accounts.limits import limited

from .. import services
from ..exports import WRITERS
from ..forms import LeadForm, RatingForm
from ..models import Lead
from ..queries import leads_of
from ..rules import can_export_leads, can_note_leads
from .own import get_own

PAGE = 30


@login_required
@limited("lead")
def leads(request, pk):
    """Note a visitor by ticket; everybody noted so far below."""
    found = get_own(request.user, pk)
    may_note = can_note_leads(request.user, found)
    given = request.GET.get("ticket", "")[:64]
    form = LeadForm(request.POST or None, initial={"ticket": given})
    if request.method == "POST" and form.is_valid():
        try:
            lead = services.note_lead(actor=request.user, exhibitor=found, **form.cleaned_data)
        except services.UnableToExhibit as error:
            form.add_error("ticket", str(error))
        else:
            messages.success(
                request,
                _("Noted: %(name)s. The visitor is asked for the contact data.")
                % {"name": lead.registration.organization_label or _("a visitor")},
            )
            return redirect("exhibition:leads", found.pk)
    rows = leads_of(request.user, found)
    context = {
        "exhibitor": found,
        "fair": found.fair,
        "form": form,
        "may_note": may_note,
        "may_export": can_export_leads(request.user, found),
        "page_obj": Paginator(rows, PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "exhibition/leads.html", context, status=422 if form.errors else 200)


@login_required
def lead(request, pk):
    """One lead with its rating and note."""
    rows = Lead.objects.for_user(request.user).with_consent()
    rows = rows.select_related("exhibitor__fair__page", "registration__organization")
    found = get_object_or_404(rows.select_related("registration__person"), pk=pk)
    form = RatingForm(request.POST or None, initial={"rating": found.rating, "note": found.note})
    if request.method == "POST" and form.is_valid():
        services.rate_lead(actor=request.user, lead=found, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("exhibition:leads", found.exhibitor_id)
    context = {"lead": found, "exhibitor": found.exhibitor, "form": form}
    return render(request, "exhibition/lead.html", context, status=422 if form.errors else 200)


@login_required
def export(request, pk, suffix):
    """The leads as a table, for the exhibitor's office; recorded."""
    found = get_own(request.user, pk)
    if suffix not in WRITERS or not can_export_leads(request.user, found):
        raise Http404
    services.record_export(actor=request.user, exhibitor=found, kind=suffix)
    write, content_type = WRITERS[suffix]
    response = HttpResponse(write(leads_of(request.user, found)), content_type=content_type)
    name = f"{found.fair.code}-leads.{suffix}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
