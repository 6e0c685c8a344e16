from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import services
from ..enums import MembershipRole, MembershipState
from ..forms import InvitationForm, JoinForm
from ..limits import limited
from ..models import Invitation, Membership, Organization
from ..queries import invitation_by_token, open_invitations
from ..rules import can_manage_members


@login_required
@require_POST
@limited("join")
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
@limited("invite")
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
def take_back(request, pk):
    found = get_object_or_404(Organization, pk=pk)
    try:
        services.take_back_request(actor=request.user, organization=found)
        messages.success(request, _("You have taken your request back."))
    except services.UnableToChangeOrganization as error:
        messages.error(request, str(error))
    return redirect("accounts:organization", pk)


@login_required
@require_POST
def member_action(request, pk, action):
    membership = _membership_or_404(request, pk)
    try:
        if action in {"accept", "decline"}:
            services.decide_membership(
                actor=request.user, membership=membership, accept=action == "accept"
            )
        elif action == "role" and request.POST.get("role") in MembershipRole.values:
            services.change_role(
                actor=request.user, membership=membership, role=request.POST["role"]
            )
            messages.success(request, _("Saved."))
        else:
            raise Http404
    except services.UnableToChangeOrganization as error:
        messages.error(request, str(error))
    return _back(request, membership.organization)


@login_required
def leave(request, pk):
    """End a membership after a question, one's own or another's as an owner."""
    membership = _membership_or_404(request, pk)
    if membership.state != MembershipState.ACTIVE:
        raise Http404
    is_own = membership.user_id == request.user.pk
    if request.method == "POST":
        try:
            services.leave_organization(actor=request.user, membership=membership)
            left = _("You have left the organization.") if is_own else _("Removed.")
            messages.success(request, left)
        except services.UnableToChangeOrganization as error:
            messages.error(request, str(error))
        return _back(request, membership.organization)
    context = {"membership": membership, "is_own": is_own, "record": membership.organization}
    return render(request, "accounts/leave.html", context)


def _membership_or_404(request, pk) -> Membership:
    memberships = Membership.objects.select_related("organization", "user")
    membership = get_object_or_404(memberships, pk=pk)
    is_own = membership.user_id == request.user.pk
    if not is_own and not can_manage_members(request.user, membership.organization):
        raise Http404
    return membership


def _back(request, organization):
    """Return to the members' page as long as it is open to the person."""
    name = "members" if can_manage_members(request.user, organization) else "organization"
    return redirect(f"accounts:{name}", organization.pk)


@login_required
def invitation(request, token):
    """The page that a mailed link opens; the token is the right to see it."""
    found = invitation_by_token(token)
    return _answer_invitation(request, found)


@login_required
def own_invitation(request, pk):
    """An invitation to one's own confirmed address, found in the workspace."""
    return _answer_invitation(request, get_object_or_404(open_invitations(request.user), pk=pk))


def _answer_invitation(request, found):
    if found is None or found.accepted_at or found.revoked_at:
        messages.error(request, _("This invitation is no longer open. Ask for a new one."))
        return redirect("workspace:home")
    if request.method != "POST":
        return render(request, "accounts/invitation.html", {"invitation": found})
    try:
        if "decline" in request.POST:
            services.decline_invitation(actor=request.user, invitation=found)
            messages.success(request, _("You have declined the invitation."))
            return redirect("workspace:home")
        services.accept_own_invitation(actor=request.user, invitation=found)
    except services.UnableToChangeOrganization as error:
        messages.error(request, str(error))
        return redirect("workspace:home")
    messages.success(request, _("Welcome."))
    return redirect("accounts:organization", found.organization_id)


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
