from pathlib import PurePath

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.audit.services import record

from . import services
from .enums import CheckResult, MembershipRole, MembershipState
from .forms import InvitationForm, JoinForm, OrganizationForm, PaperForm, ProfileForm
from .models import ConsentText, Invitation, Membership, Organization, VerificationPaper
from .queries import consents_in_force, current_texts, find_organizations, open_invitations
from .rules import can_check_papers, can_edit_organization, can_manage_members


def organizations(request):
    """Find an organization by name or code (机构名录)."""
    query = request.GET.get("q", "").strip()[:120]
    page_obj = Paginator(find_organizations(query), 20).get_page(request.GET.get("page"))
    return render(request, "accounts/organizations.html", {"page_obj": page_obj, "query": query})


def organization(request, pk):
    found = get_object_or_404(Organization.objects.select_related("district"), pk=pk)
    user = request.user
    context = {
        "organization_record": found,
        "join_form": JoinForm(),
        "is_member": user.is_authenticated and found.pk in user.organization_ids,
        "can_edit": can_edit_organization(user, found),
        "can_manage": can_manage_members(user, found),
    }
    return render(request, "accounts/organization.html", context)


@login_required
def create_organization(request):
    form = OrganizationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            created = services.create_organization(
                actor=request.user,
                organization=form.instance,
                industries=form.cleaned_data["industries"],
            )
        except services.UnableToChangeOrganization as error:
            form.add_error("credit_code", str(error))
        else:
            if form.code_warning:
                messages.warning(request, form.code_warning)
            messages.success(request, _("Registered. You are its first owner."))
            return redirect("accounts:organization", created.pk)
    return render(request, "accounts/organization_form.html", {"form": form})


@login_required
def edit_organization(request, pk):
    found = get_object_or_404(Organization, pk=pk)
    if not can_edit_organization(request.user, found):
        raise Http404
    form = OrganizationForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        services.edit_organization(
            actor=request.user, organization=found, industries=form.cleaned_data["industries"]
        )
        messages.success(request, _("Saved."))
        return redirect("accounts:organization", pk)
    return render(request, "accounts/organization_form.html", {"form": form, "record": found})


@login_required
@require_POST
def join(request, pk):
    form = JoinForm(request.POST)
    try:
        services.request_membership(
            actor=request.user,
            organization=get_object_or_404(Organization, pk=pk),
            message=form.data.get("message", ""),
        )
        messages.success(request, _("The owners have been asked; you will get a message."))
    except services.UnableToChangeOrganization as error:
        messages.error(request, str(error))
    return redirect("accounts:organization", pk)


@login_required
def members(request, pk):
    """The people of an organization, requests and invitations, for its owners."""
    found = get_object_or_404(Organization, pk=pk)
    if not can_manage_members(request.user, found):
        raise Http404
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.invite_member(actor=request.user, organization=found, **form.cleaned_data)
        messages.success(request, _("Invited; the link in the mail holds for seven days."))
        return redirect("accounts:members", pk)
    memberships = found.memberships.select_related("user").order_by("role", "pk")
    context = {
        "record": found,
        "form": form,
        "active": [m for m in memberships if m.state == MembershipState.ACTIVE],
        "roles": MembershipRole.choices,
        "requests": [m for m in memberships if m.state == MembershipState.REQUESTED],
        "invitations": found.invitations.filter(
            accepted_at__isnull=True, revoked_at__isnull=True
        ).order_by("-pk"),
    }
    return render(request, "accounts/members.html", context)


@login_required
@require_POST
def member_action(request, pk, action):
    membership = get_object_or_404(Membership.objects.select_related("organization"), pk=pk)
    is_own = membership.user_id == request.user.pk
    if not is_own and not can_manage_members(request.user, membership.organization):
        raise Http404
    try:
        if action in {"accept", "decline"}:
            services.decide_membership(
                actor=request.user, membership=membership, accept=action == "accept"
            )
        elif action == "remove":
            services.leave_organization(actor=request.user, membership=membership)
        elif action == "role" and request.POST.get("role") in MembershipRole.values:
            services.change_role(
                actor=request.user, membership=membership, role=request.POST["role"]
            )
        else:
            raise Http404
    except services.UnableToChangeOrganization as error:
        messages.error(request, str(error))
    if is_own:
        return redirect("workspace:home")
    return redirect("accounts:members", membership.organization_id)


@login_required
def invitation(request, token):
    if request.method == "POST":
        try:
            membership = services.accept_invitation(actor=request.user, token=token)
        except services.UnableToChangeOrganization as error:
            messages.error(request, str(error))
            return redirect("workspace:home")
        messages.success(request, _("Welcome."))
        return redirect("accounts:organization", membership.organization_id)
    return render(request, "accounts/invitation.html")


@login_required
def own_invitation(request, pk):
    """An invitation to one's own confirmed address, found in the workspace."""
    found = get_object_or_404(open_invitations(request.user), pk=pk)
    if request.method == "POST":
        try:
            services.accept_own_invitation(actor=request.user, invitation=found)
        except services.UnableToChangeOrganization as error:
            messages.error(request, str(error))
            return redirect("workspace:home")
        messages.success(request, _("Welcome."))
        return redirect("accounts:organization", found.organization_id)
    return render(request, "accounts/invitation.html", {"invitation": found})


@login_required
def profile(request):
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        services.edit_profile(actor=request.user, user=form.instance, fields=form.changed_data)
        messages.success(request, _("Saved."))
        return redirect("accounts:profile")
    return render(request, "accounts/profile.html", {"form": form})


@login_required
def consents(request):
    """Every purpose with its text; given and withdrawn with one button each."""
    if request.method == "POST":
        text = get_object_or_404(ConsentText, pk=request.POST.get("text") or 0)
        if request.POST.get("give"):
            services.give_consent(
                actor=request.user, text=text, ip_address=request.META.get("REMOTE_ADDR")
            )
        else:
            services.withdraw_consent(actor=request.user, purpose=text.purpose)
        return redirect("accounts:consents")
    held = consents_in_force(request.user)
    rows = [{"text": text, "consent": held.get(text.purpose)} for text in current_texts()]
    return render(request, "accounts/consents.html", {"rows": rows})


@login_required
def export(request):
    """Everything the portal holds about the person, as JSON."""
    user = request.user
    data = {
        "email": user.email,
        "name": user.name,
        "phone": user.phone,
        "language": user.language,
        "joined_at": user.date_joined.isoformat(),
        "memberships": [
            {"organization": m.organization.name, "role": m.role, "state": m.state}
            for m in user.memberships.select_related("organization")
        ],
        "consents": [
            {
                "purpose": c.text.purpose,
                "version": c.text.version,
                "given_at": c.given_at.isoformat(),
                "withdrawn_at": c.withdrawn_at and c.withdrawn_at.isoformat(),
            }
            for c in user.consents.select_related("text")
        ],
    }
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@login_required
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
    context = {"record": found, "form": form, "papers": found.papers.order_by("-pk")}
    return render(request, "accounts/papers.html", context)


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
    """Papers that wait for a check, oldest first (认证审核)."""
    if not can_check_papers(request.user):
        raise PermissionDenied
    waiting = VerificationPaper.objects.filter(result=CheckResult.PENDING)
    waiting = waiting.select_related("organization", "uploaded_by").order_by("pk")
    page_obj = Paginator(waiting, 20).get_page(request.GET.get("page"))
    return render(request, "accounts/paper_queue.html", {"page_obj": page_obj})


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


@login_required
@require_POST
def revoke_invitation(request, pk):
    found = get_object_or_404(Invitation.objects.select_related("organization"), pk=pk)
    if not can_manage_members(request.user, found.organization):
        raise Http404
    try:
        services.revoke_invitation(actor=request.user, invitation=found)
    except services.UnableToChangeOrganization as error:
        messages.error(request, str(error))
    return redirect("accounts:members", found.organization_id)
