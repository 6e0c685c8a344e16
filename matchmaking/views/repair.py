"""The broker's repair of a need, and the company's decision on it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from achievements.comparison import mark_changes
from portal.disclosure.services import read_whole

from .. import services
from ..enums import NeedState
from ..forms import RewriteForm, SendBackForm, TargetFormSet, with_more_targets
from ..models import Need, NeedProposal
from ..queries import contact_of
from ..readiness import assess_need
from ..rules import can_manage_need, can_rewrite_need, may_repair
from .needs import get_need


@login_required
def rewrite(request, code):
    """The broker's form: another text for the company, or a question to it."""
    need = get_need(
        request.user, code, may_repair if request.method == "POST" else can_rewrite_need
    )
    read_whole(user=request.user, listing=need)
    readiness = assess_need(need)
    data = with_more_targets(request.POST) if "more" in request.POST else request.POST or None
    form = RewriteForm(data, instance=need)
    rows = services.current_values(need, ["targets"])["targets"]
    formset = TargetFormSet(data, initial=rows, prefix="targets")
    if request.method == "POST" and "more" not in request.POST:
        try:
            if _repaired(request, need, form, formset):
                messages.success(request, _("Sent to the company."))
                return redirect("matchmaking:desk", "repair")
        except services.UnableToChangeNeed as error:
            messages.error(request, str(error))
    context = {
        "need": need,
        "form": form,
        "formset": formset,
        "readiness": readiness,
        "contact": contact_of(need),
    }
    status = 422 if form.is_bound and "more" not in request.POST else 200
    return render(request, "matchmaking/rewrite.html", context, status=status)


def _repaired(request, need: Need, form: RewriteForm, formset) -> bool:
    if request.POST.get("do") == "ask":
        question = request.POST.get("note", "")[:1000]
        services.ask_company(actor=request.user, need=need, question=question)
        return True
    if not form.is_valid() & formset.is_valid():
        return False
    content = {**form.cleaned_data, "targets": formset.rows}
    note = content.pop("note")
    services.propose_rewrite(actor=request.user, need=need, content=content, note=note)
    return True


@login_required
def decide(request, code):
    """Both texts side by side; the company takes each change or not, or asks for another text.

    An htmx request asks for the score that the ticked changes would bring.
    """
    need = get_need(request.user, code, can_manage_need)
    proposal = get_object_or_404(NeedProposal, need=need, decided_at__isnull=True)
    proposal.need = need
    send_back_form = SendBackForm(
        request.POST if request.POST.get("do") == "send_back" else None, auto_id="send_back_%s"
    )
    if request.method == "POST" and (not send_back_form.is_bound or send_back_form.is_valid()):
        return _decided(request, proposal, send_back_form)
    prefetch_related_objects([need], "targets")
    changes = services.proposed_changes(proposal)
    chosen = request.GET.getlist("accept")
    context = {
        "need": need,
        "proposal": proposal,
        "rows": _rows(need, changes, chosen),
        "score": _scores(need, changes, chosen),
        "send_back_form": send_back_form,
    }
    if request.htmx:
        return render(request, "matchmaking/_score.html", context)
    return render(
        request,
        "matchmaking/decide.html",
        context,
        status=422 if send_back_form.is_bound else 200,
    )


def _decided(request, proposal: NeedProposal, send_back_form: SendBackForm):
    need = proposal.need
    try:
        if send_back_form.is_bound:
            note = send_back_form.cleaned_data["note"]
            services.send_back_proposal(actor=request.user, proposal=proposal, note=note)
            messages.success(request, _("Sent back to the broker."))
            return redirect(need)
        accepted = request.POST.getlist("accept")
        if request.POST.get("do") == "take_all":
            accepted = [change["name"] for change in services.proposed_changes(proposal)]
        need = services.decide_proposal(actor=request.user, proposal=proposal, accepted=accepted)
    except services.UnableToChangeNeed as error:
        messages.error(request, str(error))
        return redirect(need)
    if need.state == NeedState.IN_REVIEW:
        messages.success(request, _("Sent to the platform's review."))
        return redirect(need)
    messages.warning(
        request,
        _("Your choice is kept. The need is still below the line: complete it, or send it again."),
    )
    return redirect("matchmaking:check", need.code)


def _rows(need: Need, changes: list[dict], chosen: list[str]) -> list[dict]:
    """The changes as the component of differences shows them, each with its tick."""
    now = assess_need(need).score
    rows = []
    for change in changes:
        before, after = mark_changes(change["before"], change["after"])
        gain = services.assess_with(need, change["values"]).score - now
        take = {"name": change["name"], "gain": gain, "is_chosen": change["name"] in chosen}
        choice = render_to_string("matchmaking/_take.html", take)
        rows.append(
            {
                "label": change["label"],
                "before": before or "—",
                "after": after or "—",
                "choice": choice,
            }
        )
    return rows


def _scores(need: Need, changes: list[dict], chosen: list[str]) -> dict:
    """How ready the need is now, with all changes, and with the chosen ones."""
    everything = [change["name"] for change in changes]
    return {
        "now": assess_need(need),
        "all": services.assess_with(need, services.chosen_values(changes, everything)),
        "chosen": services.assess_with(need, services.chosen_values(changes, chosen)),
        "is_chosen": bool(chosen),
    }
