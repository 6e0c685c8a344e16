from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal.accounts.limits import limited

from .. import rules, services
from ..forms import ConfirmForm, CopyForm, RefuseForm
from ..kinds import find_listings
from ..models import ConfidentialityAgreement
from ..pdf import agreement_pdf
from .shelves import page_of, tabs_for

FORMS = {"confirm": ConfirmForm, "upload": CopyForm, "decline": RefuseForm, "end": RefuseForm}


def _get(user, code: str) -> ConfidentialityAgreement:
    rows = ConfidentialityAgreement.objects.for_user(user).select_related(
        "proposer",
        "counterparty",
        "proposed_by",
        "proposer_confirmed_by",
        "counterparty_confirmed_by",
        "copy_organization",
        "ended_by",
    )
    return get_object_or_404(rows, code=code)


def _get_own(user, code: str) -> ConfidentialityAgreement:
    found = _get(user, code)
    if not rules.can_read_agreement(user, found):
        raise Http404
    return found


@login_required
def agreements(request):
    if not rules.may_see_lists(request.user):
        raise Http404
    rows = ConfidentialityAgreement.objects.for_user(request.user)
    rows = rows.select_related("proposer", "counterparty").order_by("-proposed_at", "-pk")
    page_obj = page_of(request, rows)
    context = {"tabs": tabs_for(request.user, "agreements"), "page_obj": page_obj}
    return render(request, "disclosure/agreements.html", context)


@login_required
@limited("agreement")
def agreement(request, code):
    """One agreement: its text, its signatures, and what may be done now."""
    found, user = _get(request.user, code), request.user
    action = request.POST.get("action", "")
    forms = {
        name: form(
            request.POST if action == name else None,
            request.FILES if action == name else None,
            auto_id=f"{name}_%s",
        )
        for name, form in FORMS.items()
    }
    if request.method == "POST":
        try:
            done = _act(request, found, action, forms.get(action))
        except services.UnableToDisclose as error:
            messages.error(request, str(error))
            return redirect(found)
        if done:
            messages.success(request, done)
            return redirect(found)
    is_party = rules.can_read_agreement(user, found)
    codes = list(found.listings.order_by("listing").values_list("listing", flat=True))
    context = {
        "agreement": found,
        "is_party": is_party,
        "lines": list(zip(found.text.splitlines(), found.text_en.splitlines(), strict=True))
        if is_party
        else [],
        "covered": _covered(codes),
        "forms": forms,
        "can_confirm": rules.can_confirm_agreement(user, found),
        "can_upload": rules.can_upload_copy(user, found),
        "can_accept": rules.can_accept_copy(user, found),
        "can_decline": rules.can_decline_agreement(user, found),
        "can_end": rules.can_end_agreement(user, found),
        "has_second_step": user.authenticator_set.filter(type="totp").exists(),
    }
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "disclosure/agreement.html", context, status=status)


def _covered(codes):
    listings = find_listings(codes)
    return [(code, listings.get(code)) for code in codes]


def _act(request, found: ConfidentialityAgreement, action, form) -> str:
    """Return what was done; nothing where a form has errors."""
    actor, post = request.user, request.POST
    if form is not None and not form.is_valid():
        return ""
    if action == "confirm":
        digest = post.get("digest", "")
        code = form.cleaned_data["code"]
        services.confirm_agreement(actor=actor, agreement=found, digest=digest, code=code)
        return _("Confirmed for your organization.")
    if action == "upload":
        services.upload_copy(actor=actor, agreement=found, file=form.cleaned_data["file"])
        return _("Handed in; the other side checks it.")
    if action == "accept":
        copy = post.get("copy", "")
        services.accept_copy(actor=actor, agreement=found, copy_digest=copy)
        return _("Accepted; the agreement is signed.")
    if action == "decline":
        services.decline_agreement(actor=actor, agreement=found, **form.cleaned_data)
        return _("Turned down; both sides have been told.")
    if action == "end":
        services.end_agreement(actor=actor, agreement=found, **form.cleaned_data)
        return _("Ended; access is closed from now on.")
    raise Http404


@login_required
def agreement_file(request, code):
    """The agreement as PDF, for both parties."""
    found = _get_own(request.user, code)
    response = HttpResponse(agreement_pdf(found), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{found.code}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
def signed_copy(request, code):
    """The copy signed on paper, for both parties."""
    found = _get_own(request.user, code)
    if not found.signed_copy:
        raise Http404
    suffix = (found.signed_copy.name or "").rsplit(".", 1)[-1]
    response = FileResponse(
        found.signed_copy.open("rb"),
        as_attachment=True,
        filename=f"{found.code}-signed.{suffix}",
        content_type="application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
