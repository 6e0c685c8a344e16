from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal.accounts.limits import limited

from .. import services
from ..forms import GrantForm, RefuseForm
from ..kinds import address_of, find_listing
from ..models import DisclosureConsent
from ..rules import can_answer_consent, can_end_consent, may_see_lists
from .shelves import add_subjects, page_of, tabs_for


@login_required
def consents(request):
    if not may_see_lists(request.user):
        raise Http404
    rows = DisclosureConsent.objects.for_user(request.user)
    rows = rows.select_related("organization", "owner_organization").order_by("-asked_at", "-pk")
    page_obj = page_of(request, rows)
    add_subjects(page_obj)
    context = {
        "tabs": tabs_for(request.user, "consents"),
        "page_obj": page_obj,
    }
    return render(request, "disclosure/consents.html", context)


@login_required
@limited("interest")
def consent(request, pk):
    """One question: what it is for, and the owner's answer, until the owner ends it."""
    rows = DisclosureConsent.objects.for_user(request.user).select_related(
        "organization", "owner_organization", "asked_by", "granted_by", "refused_by", "ended_by"
    )
    found = get_object_or_404(rows, pk=pk)
    listing = find_listing(found.listing)
    action = request.POST.get("action", "")
    grant_form = GrantForm(request.POST if action == "grant" else None)
    refuse_form = RefuseForm(request.POST if action == "refuse" else None)
    if request.method == "POST":
        try:
            done = _act(request, found, action, grant_form, refuse_form)
        except services.UnableToDisclose as error:
            messages.error(request, str(error))
            return redirect(found)
        if done:
            messages.success(request, done)
            return redirect(found)
    context = {
        "consent": found,
        "listing": listing,
        "url": address_of(listing) if listing else "",
        "can_answer": can_answer_consent(request.user, found, listing),
        "can_end": can_end_consent(request.user, found, listing),
        "grant_form": grant_form,
        "refuse_form": refuse_form,
    }
    status = 422 if grant_form.errors or refuse_form.errors else 200
    return render(request, "disclosure/consent.html", context, status=status)


def _act(request, found: DisclosureConsent, action, grant_form, refuse_form) -> str:
    """Return what was done; nothing where a form has errors."""
    actor = request.user
    if action == "grant":
        if not grant_form.is_valid():
            return ""
        services.grant_consent(actor=actor, consent=found, **grant_form.cleaned_data)
        return _("Open from now on; every reading is put on record.")
    if action == "refuse":
        if not refuse_form.is_valid():
            return ""
        services.refuse_consent(actor=actor, consent=found, **refuse_form.cleaned_data)
        return _("Refused; the other side has been told why.")
    if action == "end":
        services.end_consent(actor=actor, consent=found)
        return _("Closed from now on. What was read stays on record.")
    raise Http404
