from pathlib import PurePath

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.audit.services import record

from .. import services
from ..enums import CheckResult
from ..forms import PaperForm
from ..identifiers import organization_code_matches
from ..limits import limited
from ..models import Membership, Organization, VerificationPaper
from ..queries import contacts_to_confirm
from ..rules import can_check_papers, can_edit_organization

CONTACTS_SHOWN = 20


@login_required
@limited("paper")
def papers(request, pk):
    """The papers of an organization and what the check said, for its office."""
    found = get_object_or_404(Organization, pk=pk)
    if not can_edit_organization(request.user, found):
        raise Http404
    form = PaperForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        services.submit_paper(actor=request.user, organization=found, **form.cleaned_data)
        messages.success(request, _("Handed in; you will be told what the check says."))
        return redirect("accounts:papers", pk)
    context = {
        "record": found,
        "form": form,
        "papers": found.papers.order_by("-pk"),
        "affirmed": contacts_to_confirm().filter(organization=found).first(),
        "code_is_odd": found.credit_code and not organization_code_matches(found.credit_code),
    }
    return render(request, "accounts/papers.html", context)


@login_required
@require_POST
def affirm_contact(request, pk):
    found = get_object_or_404(Organization, pk=pk)
    if not can_edit_organization(request.user, found):
        raise Http404
    if "acts_for" not in request.POST:
        messages.error(
            request, _("Please tick the box: it says that you act for the organization.")
        )
        return redirect("accounts:papers", pk)
    try:
        services.affirm_contact(actor=request.user, organization=found)
        messages.success(request, _("Noted. A reviewer confirms the contact; you will be told."))
    except services.UnableToChangeOrganization as error:
        messages.error(request, str(error))
    return redirect("accounts:papers", pk)


@login_required
def paper_file(request, pk):
    """Send a paper as an attachment to its office or a checker, and put that on record."""
    paper = get_object_or_404(VerificationPaper.objects.select_related("organization"), pk=pk)
    if not (
        can_edit_organization(request.user, paper.organization) or can_check_papers(request.user)
    ):
        raise Http404
    record(
        actor=request.user,
        action="accounts.read_paper",
        target=paper,
        organization_id=paper.organization_id,
    )
    response = FileResponse(
        paper.file.open("rb"),
        as_attachment=True,
        filename=PurePath(paper.file.name or "").name,
        content_type="application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
def paper_queue(request):
    """Contacts and papers that wait for a check, oldest first (认证审核)."""
    if not can_check_papers(request.user):
        raise PermissionDenied
    waiting = VerificationPaper.objects.filter(result=CheckResult.PENDING)
    waiting = waiting.select_related("organization", "uploaded_by").order_by("pk")
    page_obj = Paginator(waiting, 20).get_page(request.GET.get("page"))
    contacts = contacts_to_confirm()
    context = {
        "page_obj": page_obj,
        "contacts": contacts[:CONTACTS_SHOWN],
        "contact_count": contacts.count(),
    }
    return render(request, "accounts/paper_queue.html", context)


@login_required
@require_POST
def confirm_contact(request, pk):
    if not can_check_papers(request.user):
        raise PermissionDenied
    try:
        services.confirm_contact(
            actor=request.user,
            membership=get_object_or_404(Membership, pk=pk),
            note=request.POST.get("note", ""),
        )
        messages.success(request, _("Saved."))
    except services.UnableToChangeOrganization as error:
        messages.error(request, str(error))
    return redirect("accounts:paper-queue")


@login_required
@require_POST
def check_paper(request, pk):
    if not can_check_papers(request.user):
        raise PermissionDenied
    try:
        services.check_paper(
            actor=request.user,
            paper=get_object_or_404(VerificationPaper, pk=pk),
            accept="accept" in request.POST,
            note=request.POST.get("note", ""),
        )
        messages.success(request, _("Saved."))
    except services.UnableToChangeOrganization as error:
        messages.error(request, str(error))
    return redirect("accounts:paper-queue")
