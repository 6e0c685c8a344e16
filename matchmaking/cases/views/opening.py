"""Opening a case by hand or from a match, and who takes part in it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from matchmaking.interests.enums import TargetKind
from matchmaking.interests.models import Interest
from matchmaking.interests.queries import accepted_interests
from matchmaking.models import Need

from .. import forms, services
from ..descriptions import party_names
from ..enums import PartyRole
from ..rules import can_manage_parties, can_open_case, takes_part
from ..services import UnableToMoveCase
from .cases import get_case

INVALID = 422


@login_required
def open_case(request):
    """Open a case; ``?need=…&page=…`` fills it in from a match, ``?interest=…`` from talks."""
    user = request.user
    if not can_open_case(user):
        messages.info(request, _("Cases are opened by an organization's office or a broker."))
        return redirect("cases:list")
    if "more" in request.POST:
        form = forms.OpenCaseForm(forms.with_more_rows(request.POST), user=user)
        return _show(request, form, 200, shows_errors=False)
    form = forms.OpenCaseForm(
        request.POST if request.method == "POST" else None, user=user, initial=_prefilled(request)
    )
    if request.method != "POST":
        return _show(request, form, 200, shows_errors=False)
    if form.is_valid():
        data = form.cleaned_data
        try:
            case = services.open_case(
                actor=user,
                title=data["title"],
                parties=form.parties,
                opened_on=data["opened_on"],
                page=data["listing"],
                need=data["need"],
                interest=data["interest"],
                broker=user if data["role"] == PartyRole.BROKER else None,
                mode=data["mode"],
            )
        except UnableToMoveCase as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The case is open; the other side has been told."))
            return redirect(case)
    return _show(request, form, INVALID, shows_errors=True)


def _show(request, form, status, *, shows_errors):
    context = {"form": form, "rows": form.rows, "shows_errors": shows_errors}
    return render(request, "cases/new.html", context, status=status)


def _prefilled(request) -> dict:
    """What a match says of both sides; a withheld name stays withheld."""
    user, asked = request.user, request.GET
    talks = accepted_interests(user).filter(code=asked.get("interest", "")).first()
    if talks:
        return _from_talks(user, talks)
    need = Need.objects.for_user(user).filter(code=asked.get("need", "")).first()
    page = forms.find_listing(user, asked.get("page", ""))
    found: dict = {"listing": page.code if page else "", "need": need.code if need else ""}
    if page:
        owner = page.institute.organization
        found |= {"title": page.label, "owner": owner.name}
        if owner.pk in user.office_organization_ids:
            found |= {"role": PartyRole.OWNER, "organization": owner.pk, "owner": ""}
            found["completers"] = _completers(page)
    if need:
        is_own = need.organization_id in user.office_organization_ids
        if is_own:
            found |= {"role": PartyRole.TAKER, "organization": need.organization_id}
        elif need.shows_organization:
            found["taker"] = need.organization.name
        found.setdefault("title", need.title)
    return found


def _from_talks(user, talks: Interest) -> dict:
    """Both sides of an interest; who was asked for a result owns it, who has a need takes it."""
    owner, taker = talks.receiver_organization, talks.sender_organization
    if talks.kind == TargetKind.NEED:
        owner, taker = taker, owner
    found = {
        "interest": talks.code,
        "title": talks.target_label,
        "listing": talks.page.specific.code if talks.page else "",
        "need": talks.need.code if talks.need else "",
        "opened_on": timezone.localdate(talks.accepted_at),
    }
    if owner.pk in user.office_organization_ids:
        return found | {
            "role": PartyRole.OWNER,
            "organization": owner.pk,
            "taker": taker.credit_code or taker.name,
            "completers": _completers(talks.page.specific if talks.page else None),
        }
    own = {"role": PartyRole.TAKER, "organization": taker.pk}
    if taker.pk not in user.office_organization_ids:
        own = {"role": PartyRole.BROKER, "taker": taker.credit_code or taker.name}
    return found | own | {"owner": owner.credit_code or owner.name}


def _completers(page) -> list[dict]:
    """The rows of those who made it, for the owner's office alone: names are shown by consent."""
    return [{"name": each.name} for each in forms.people_behind(page)]


@login_required
def parties(request, code):
    """Who takes part, since when and with which share; parties add others or let one leave."""
    case = get_case(request.user, code)
    may_manage = can_manage_parties(request.user, case)
    form = forms.PartyForm(initial={"version": case.version})
    succession = forms.SuccessionForm(case=case)
    status = 200
    if request.method == "POST":
        if not may_manage:
            raise PermissionDenied
        status = INVALID
        if "leave" in request.POST:
            done = _leave(request, case)
        elif "succeed" in request.POST:
            succession = forms.SuccessionForm(request.POST, case=case)
            done = succession.is_valid() and _succeed(request, case, succession)
        else:
            form = forms.PartyForm(request.POST)
            done = form.is_valid() and _join(request, case, form)
        if done:
            return redirect("cases:parties", case.code)
    context = {
        "case": case,
        "form": form,
        "succession": succession,
        "may_manage": may_manage,
        "rows": _party_rows(request.user, case),
        "names_people": takes_part(request.user, case),
    }
    return render(request, "cases/parties.html", context, status=status)


def _party_rows(user, case) -> list[dict]:
    everybody = case.fetched_parties
    names = party_names(everybody, shows_people=takes_part(user, case))
    return [{"party": party, "name": names[party.pk]} for party in everybody]


def _join(request, case, form) -> bool:
    try:
        services.add_party(
            actor=request.user,
            case=case,
            entry=form.entry,
            occurred_on=form.cleaned_data["occurred_on"],
            version=form.cleaned_data["version"],
        )
    except UnableToMoveCase as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("The party has joined."))
    return True


def _succeed(request, case, form) -> bool:
    try:
        services.succeed_party(actor=request.user, case=case, **form.cleaned_data)
    except UnableToMoveCase as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("The party has been succeeded."))
    return True


def _leave(request, case) -> bool:
    form = forms.LeaveForm(_leaving(request.POST), case=case)
    if not form.is_valid():
        messages.error(request, _("Please choose the party and the day."))
        return False
    try:
        services.remove_party(actor=request.user, case=case, **form.cleaned_data)
    except UnableToMoveCase as error:
        messages.error(request, str(error))
        return False
    messages.success(request, _("The party has left."))
    return True


def _leaving(data: QueryDict) -> QueryDict:
    data = data.copy()
    data["party"] = str(data["leave"])
    return data
