"""The list of cases, and the page of one with its tracks and its ledger."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from matchmaking.origins import origin_of

from .. import progress, services
from ..descriptions import ledger_entries, party_names
from ..dues import dues_of
from ..enums import CaseStage, PartyRole
from ..forms import CaseFilterForm
from ..models import ConversionCase
from ..queries import (
    count_by_stage,
    find_cases,
    options,
    rules_in_force,
    waiting_cases,
    with_parties,
)
from ..rules import (
    can_correct,
    can_manage_parties,
    can_open_case,
    can_read_file,
    can_see_reward,
    can_see_shares,
    takes_part,
)

PAGE, SHOWN_WAITING = 20, 6


def get_case(user, code) -> ConversionCase:
    """Return the case with its parties, or 404 for whoever may not read it."""
    cases = ConversionCase.objects.for_user(user).select_related("broker", "need", "page")
    return get_object_or_404(with_parties(cases), code=code)


@login_required
def case_list(request):
    """The cases of one's organizations, every case for the commission (转化案例)."""
    form = CaseFilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    user, text = request.user, chosen.get("q", "")
    everything = find_cases(user, mode=chosen.get("mode", ""), text=text)
    cases = find_cases(user, mode=chosen.get("mode", ""), text=text, stage=chosen.get("stage", ""))
    page_obj = Paginator(with_parties(cases), PAGE).get_page(request.GET.get("page"))
    rules = rules_in_force(timezone.localdate())
    only_waiting = "waiting" in request.GET
    is_filtered = any(chosen.values()) or page_obj.number > 1
    waiting = waiting_cases(user) if only_waiting or not is_filtered else []
    shown = waiting if only_waiting else waiting[:SHOWN_WAITING]
    prefetch_related_objects(
        [*page_obj.object_list, *(each.case for each in shown)],
        "contracts__instalments",
        "payments",
    )
    context = {
        "form": form,
        "is_filtered": is_filtered,
        "stages": _stage_links(request, count_by_stage(everything), chosen.get("stage", "")),
        "page_obj": page_obj,
        "rows": [_row(case, rules) for case in page_obj],
        "waiting": [_row(each.case, rules) | {"options": each.options} for each in shown],
        "waiting_total": len(waiting),
        "only_waiting": only_waiting,
        "may_open": can_open_case(user),
    }
    return render(request, "cases/list.html", context)


def _row(case, rules) -> dict:
    """A case as a list shows it: both sides by their organizations, and what falls due next."""
    sides = [
        str(party)
        for party in case.present_parties()
        if party.role in {PartyRole.OWNER, PartyRole.TAKER}
    ]
    return {"case": case, "sides": sides, "due": next(iter(dues_of(case, rules)), None)}


def _stage_links(request, counted, chosen) -> list[dict]:
    links = []
    for stage, count in counted:
        query = request.GET.copy()
        for name in ("page", "waiting", "stage"):
            query.pop(name, None)
        is_chosen = stage == chosen
        if not is_chosen:
            query["stage"] = stage.value
        links.append(
            {
                "label": stage.label,
                "count": count,
                "url": f"?{query.urlencode()}" if query else reverse("cases:list"),
                "is_chosen": is_chosen,
                "is_end": stage in {CaseStage.CLOSED, CaseStage.TERMINATED},
            }
        )
    return links


@login_required
def case_detail(request, code):
    """Where a case stands, what may be done now, who takes part, and its ledger."""
    user, case = request.user, get_case(request.user, code)
    events = list(case.events.select_related("actor", "organization").order_by("sequence"))
    parties = case.fetched_parties
    names = party_names(parties, shows_people=takes_part(user, case))
    rules = rules_in_force(timezone.localdate())
    offered = options(case, user)
    files = list(case.files.order_by("pk"))
    context = {
        "case": case,
        "stages": progress.stage_steps(case, events),
        "tracks": progress.track_board(case),
        "dues": dues_of(case, rules),
        "origin": origin_of(case),
        "received_percent": progress.received_percent(case),
        "parties": [(party, names[party.pk]) for party in parties],
        "names_people": takes_part(user, case),
        "entries": ledger_entries(events, files, names, shows_rewards=can_see_reward(user, case)),
        "readable_files": _readable(user, case, files),
        "may_correct": can_correct(user, case),
        "may_manage_parties": can_manage_parties(user, case),
        "rewards": _rewards(user, case),
        "language": get_language(),
        **progress.sort_options(case, offered, rules),
    }
    return render(request, "cases/case.html", context)


def _readable(user, case, files) -> set[int]:
    """Whoever reads the page reads its papers, confidential ones as a party."""
    inside = takes_part(user, case)
    return {file.pk for file in files if inside or not file.is_confidential}


def _rewards(user, case) -> list[dict]:
    if not can_see_reward(user, case):
        return []
    shares_shown = can_see_shares(user, case)
    return [
        {"reward": reward, "shares": reward.shares.order_by("pk") if shares_shown else []}
        for reward in case.rewards.order_by("pk")
    ]


@login_required
def case_file(request, code, pk):
    """Send a paper of a case as an attachment, and put its reading on record."""
    case = get_case(request.user, code)
    file = get_object_or_404(case.files.select_related("case"), pk=pk)
    if not can_read_file(request.user, file):
        raise Http404
    try:
        content = file.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    services.read_file(actor=request.user, file=file)
    response = FileResponse(
        content,
        as_attachment=True,
        filename=file.name,
        content_type="application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
