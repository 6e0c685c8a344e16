from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import services
from ..enums import MembershipRole, MembershipState
from ..forms import InvitationForm, JoinForm
from ..models import Invitation, Membership, Organization
from ..queries import open_invitations
from ..rules import can_manage_members


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
