from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.taxonomy.models import in_language

from .. import edits, services
from ..forms import JoinForm, OrganizationForm
from ..models import Organization
from ..queries import find_organizations
from ..rules import can_edit_organization, can_manage_members


def organizations(request):
    """Find an organization by name or code (机构名录)."""
    query = request.GET.get("q", "").strip()[:120]
    page_obj = Paginator(find_organizations(query), 20).get_page(request.GET.get("page"))
    return render(request, "accounts/organizations.html", {"page_obj": page_obj, "query": query})


def organization(request, pk):
    """What everybody may know of an organization (机构)."""
    found = get_object_or_404(Organization.objects.select_related("district", "park"), pk=pk)
    user = request.user
    context = {
        "organization_record": found,
        "introduction": in_language(found.introduction, found.introduction_en),
        "facts": _facts(found),
        "crumbs": [
            {"label": _("Organizations"), "url": reverse("accounts:organizations")},
            {"label": found.label, "url": ""},
        ],
        "join_form": JoinForm(),
        "membership": user.is_authenticated and found.memberships.filter(user=user).first(),
        "can_edit": can_edit_organization(user, found),
        "can_manage": can_manage_members(user, found),
    }
    return render(request, "accounts/organization.html", context)


def _facts(organization: Organization) -> list[dict]:
    facts = [
        (_("Unified social credit code"), organization.credit_code),
        (_("Kind"), organization.get_kind_display()),
        (_("District"), organization.district.label),
        (_("Park"), organization.park and organization.park.label),
        (_("Industries"), "、".join(term.label for term in organization.industries.all())),
        (_("Size"), organization.get_size_display()),
    ]
    return [{"label": label, "value": value} for label, value in facts if value]


def _warn_of_code(request, form) -> None:
    if form.code_warning:
        messages.warning(request, form.code_warning)


@login_required
def create_organization(request):
    form = OrganizationForm(request.POST or None, request.FILES or None)
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
            _warn_of_code(request, form)
            messages.success(request, _("Registered. You are its first owner."))
            return redirect("accounts:organization", created.pk)
    return render(request, "accounts/organization_form.html", {"form": form})


@login_required
def edit_organization(request, pk):
    found = get_object_or_404(Organization, pk=pk)
    if not can_edit_organization(request.user, found):
        raise Http404
    stored = OrganizationForm(instance=Organization.objects.get(pk=pk))
    form = OrganizationForm(request.POST or None, request.FILES or None, instance=found)
    is_good = request.method == "POST" and form.is_valid()
    overtaken = is_good and edits.is_overtaken(request, edits.fingerprint(stored))
    if is_good and not overtaken:
        try:
            services.edit_organization(
                actor=request.user, organization=found, industries=form.cleaned_data["industries"]
            )
        except services.UnableToChangeOrganization as error:
            form.add_error("credit_code", str(error))
        else:
            _warn_of_code(request, form)
            messages.success(request, _("Saved."))
            return redirect("accounts:organization", pk)
    status = edits.CONFLICT if overtaken else 200
    context = {
        "form": form,
        "name": stored.instance.label,
        **edits.form_context(request, [stored], [form], status),
    }
    return render(request, "accounts/organization_form.html", context, status=status)
