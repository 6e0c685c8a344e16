from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal.accounts.limits import limited

from .. import services
from ..forms import AnswerForm, RequestForm
from ..kinds import find_subject
from ..models import AccessRequest
from ..rules import can_answer_request, can_request_access, may_see_lists
from .shelves import page_of, tabs_for


@login_required
def requests(request):
    """The authority's requests, for itself and for the owners that they concern."""
    if not may_see_lists(request.user):
        raise Http404
    rows = AccessRequest.objects.for_user(request.user)
    rows = rows.select_related("owner_organization", "requester").order_by("-asked_at", "-pk")
    page_obj = page_of(request, rows)
    context = {
        "tabs": tabs_for(request.user, "requests"),
        "page_obj": page_obj,
        "can_request": can_request_access(request.user),
    }
    return render(request, "disclosure/requests.html", context)


@login_required
@limited("interest")
def new_request(request):
    """What is to be opened comes with the address: ``subject`` is a code of a listing or thread."""
    if not can_request_access(request.user):
        raise PermissionDenied
    subject = find_subject(request.user, request.GET.get("subject", "").strip().upper())
    if subject is None:
        is_asked = bool(request.GET.get("subject"))
        return render(request, "disclosure/find_subject.html", {"is_asked": is_asked})
    form = RequestForm(request.POST or None, subject=subject)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.request_access(
                actor=request.user, subject=subject.code, **form.cleaned_data
            )
        except services.UnableToDisclose as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Sent to the owner."))
            return redirect(made)
    context = {"subject": subject, "form": form}
    status = 422 if form.errors else 200
    return render(request, "disclosure/new_request.html", context, status=status)


@login_required
def request_page(request, code):
    """One request with its reason and state; the owner answers here."""
    rows = AccessRequest.objects.for_user(request.user)
    rows = rows.select_related("owner_organization", "requester", "answered_by")
    found = get_object_or_404(rows, code=code)
    can_answer = can_answer_request(request.user, found)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and not can_answer:
        raise Http404
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.answer_request(
                actor=request.user,
                request=found,
                grant=data["decision"] == AnswerForm.GRANT,
                answer=data["answer"],
            )
        except services.UnableToDisclose as error:
            form.add_error("answer", str(error))
        else:
            messages.success(request, _("Your answer is recorded."))
            return redirect(found)
    context = {"access_request": found, "can_answer": can_answer, "form": form}
    status = 422 if form.errors else 200
    return render(request, "disclosure/request.html", context, status=status)
