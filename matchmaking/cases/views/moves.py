"""One form and one service for each move of a case."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User

from .. import forms, services
from ..descriptions import ledger_entries, party_names
from ..enums import EventKind, PricingRoute, RuleCode, TrackState
from ..ledger import standing_entries
from ..models import Contract, ConversionCase
from ..moves import MOVES
from ..queries import fits, options, rules_in_force, slug_of
from ..rules import can_correct, can_move, can_see_reward, takes_part
from .cases import get_case

CONFLICT, INVALID = 409, 422
Caller = Callable[[User, ConversionCase, forms.MoveForm], object]


@dataclass(frozen=True)
class Door:
    form: type[forms.MoveForm]
    call: Caller


def _shared(form: forms.MoveForm) -> dict:
    return {
        "occurred_on": form.cleaned_data["occurred_on"],
        "version": form.cleaned_data["version"],
    }


def _with_files(form: forms.MoveForm) -> dict:
    return _shared(form) | {"files": list(form.papers)}


def _fields(form: forms.MoveForm, *names: str) -> dict:
    return {name: form.cleaned_data[name] for name in names}


def _plain(kind: EventKind, form_class: type[forms.MoveForm] = forms.MoveForm) -> Door:
    def call(actor, case, form):
        services.make_move(
            actor=actor, case=case, kind=kind, payload=form.payload, **_with_files(form)
        )

    return Door(form_class, call)


def _last_contract(case: ConversionCase) -> Contract:
    contract = case.contracts.order_by("pk").last()
    if contract is None:
        raise services.UnableToMoveCase(_("There is no contract yet."))
    return contract


def _set_price(actor, case, form):
    services.set_price(
        actor=actor,
        case=case,
        route=PricingRoute(form.cleaned_data["route"]),
        **_fields(form, "price", "venue", "base_price"),
        **_with_files(form),
    )


def _open_publicity(actor, case, form):
    names = ("name", "abstract", "own_venue", "market_venue", "is_related", "related_note")
    services.open_publicity(actor=actor, case=case, **_fields(form, *names), **_with_files(form))


def _close_publicity(actor, case, form):
    publicity = case.publicities.filter(state=TrackState.RUNNING).order_by("pk").last()
    if publicity is None:
        raise services.UnableToMoveCase(_("No publicity is running."))
    services.close_publicity(actor=actor, publicity=publicity, **_with_files(form))


def _decide(*, is_upheld: bool) -> Caller:
    def call(actor, case, form):
        services.decide_objection(
            actor=actor,
            is_upheld=is_upheld,
            decided_on=form.cleaned_data["occurred_on"],
            **_fields(form, "objection", "reasons", "version"),
        )

    return call


def _notify(actor, case, form):
    services.notify_completers(
        actor=actor, case=case, terms=form.cleaned_data["terms"], **_with_files(form)
    )


def _answer(*, is_exercised: bool) -> Caller:
    def call(actor, case, form):
        services.record_refusal(
            actor=actor,
            case=case,
            is_exercised=is_exercised,
            completer=form.cleaned_data["completer"],
            **_with_files(form),
        )

    return call


def _consent(actor, case, form):
    services.record_consent(
        actor=actor, case=case, owner=form.cleaned_data["owner"], **_with_files(form)
    )


def _sign(actor, case, form):
    services.sign_contract(
        actor=actor,
        case=case,
        contract=form.contract,
        instalments=form.instalments,
        files=list(form.papers),
        version=form.cleaned_data["version"],
    )


def _amend(actor, case, form):
    services.amend_contract(
        actor=actor,
        contract=_last_contract(case),
        instalments=form.instalments,
        **_fields(form, "total_amount", "technology_amount", "reason"),
        **_with_files(form),
    )


def _register(actor, case, form):
    services.register_contract(
        actor=actor,
        contract=_last_contract(case),
        number=form.cleaned_data["number"],
        **_with_files(form),
    )


def _file(actor, case, form):
    services.file_licence(
        actor=actor,
        contract=_last_contract(case),
        filing_number=form.cleaned_data["filing_number"],
        **_with_files(form),
    )


def _receive(actor, case, form):
    services.receive_payment(
        actor=actor, case=case, **_fields(form, "amount", "reference"), **_with_files(form)
    )


def _fix_reward(actor, case, form):
    names = ("income", "costs", "taxes", "pool", "below_floor_reason")
    services.fix_reward(
        actor=actor, case=case, shares=form.shares, **_fields(form, *names), **_with_files(form)
    )


def _publicise_reward(actor, case, form):
    services.publicise_reward(actor=actor, case=case, **_with_files(form))


def _pay_reward(actor, case, form):
    services.pay_reward(actor=actor, case=case, **_with_files(form))


class PapersForm(forms.MoveForm):
    """A move that says nothing but its day, and may be proven."""

    takes_note = False


OWN_DOORS = {
    EventKind.PRICE_SET: Door(forms.PriceForm, _set_price),
    EventKind.PUBLICITY_OPENED: Door(forms.PublicityForm, _open_publicity),
    EventKind.PUBLICITY_CLOSED: Door(PapersForm, _close_publicity),
    EventKind.OBJECTION_DISMISSED: Door(forms.ObjectionDecisionForm, _decide(is_upheld=False)),
    EventKind.OBJECTION_UPHELD: Door(forms.ObjectionDecisionForm, _decide(is_upheld=True)),
    EventKind.REFUSAL_NOTIFIED: Door(forms.NoticeForm, _notify),
    EventKind.REFUSAL_WAIVED: Door(forms.RefusalForm, _answer(is_exercised=False)),
    EventKind.REFUSAL_EXERCISED: Door(forms.RefusalForm, _answer(is_exercised=True)),
    EventKind.CO_OWNER_CONSENTED: Door(forms.ConsentForm, _consent),
    EventKind.CONTRACT_SIGNED: Door(forms.ContractForm, _sign),
    EventKind.CONTRACT_AMENDED: Door(forms.AmendmentForm, _amend),
    EventKind.CONTRACT_REGISTERED: Door(forms.RegistrationForm, _register),
    EventKind.LICENCE_FILED: Door(forms.FilingForm, _file),
    EventKind.PAYMENT_RECEIVED: Door(forms.PaymentForm, _receive),
    EventKind.REWARD_FIXED: Door(forms.RewardForm, _fix_reward),
    EventKind.REWARD_PUBLICISED: Door(PapersForm, _publicise_reward),
    EventKind.REWARD_PAID: Door(PapersForm, _pay_reward),
}
FORMS = {
    EventKind.NDA_SIGNED: forms.NdaForm,
    EventKind.PROOF_ENDED: forms.ResultForm,
    EventKind.PILOT_ENDED: forms.ResultForm,
    EventKind.TRIAL_BEGUN: forms.TrialForm,
    EventKind.TRIAL_ENDED: forms.TrialResultForm,
    EventKind.DECIDED: forms.DecisionForm,
    EventKind.REGISTRATION_REFUSED: forms.ReasonForm,
    EventKind.MILESTONE_REACHED: forms.MilestoneForm,
    EventKind.ACCEPTED: forms.AcceptanceForm,
    EventKind.OUTPUT_REPORTED: forms.OutputForm,
    EventKind.SUBSIDY_GRANTED: forms.SubsidyForm,
    EventKind.TERMINATED: forms.TerminationForm,
}
# Moves with a page of their own.
ELSEWHERE = {
    EventKind.PARTY_ADDED: "cases:parties",
    EventKind.PARTY_LEFT: "cases:parties",
    EventKind.PARTY_SUCCEEDED: "cases:parties",
}
RULES_SHOWN = {
    EventKind.PUBLICITY_OPENED: RuleCode.PRICE_PUBLICITY,
    EventKind.REFUSAL_NOTIFIED: RuleCode.FIRST_REFUSAL,
    EventKind.CO_OWNER_CONSENTED: RuleCode.CO_OWNERS,
    EventKind.CONTRACT_SIGNED: RuleCode.DEFAULT_OWNERSHIP,
    EventKind.LICENCE_FILED: RuleCode.LICENCE_FILING,
    EventKind.REWARD_FIXED: RuleCode.REWARD,
    EventKind.REWARD_PUBLICISED: RuleCode.REWARD,
    EventKind.REWARD_PAID: RuleCode.REWARD,
}


def door_of(kind: EventKind) -> Door:
    return OWN_DOORS.get(kind) or _plain(kind, FORMS.get(kind, forms.MoveForm))


def _kind_or_404(slug: str) -> EventKind:
    for kind in MOVES:
        if slug_of(kind) == slug:
            return kind
    raise Http404


@login_required
def move(request, code, move):
    """The form of one move; it keeps what was typed when the case does not let it pass."""
    case, kind = get_case(request.user, code), _kind_or_404(move)
    if not can_move(request.user, case, kind):
        raise Http404
    if kind in ELSEWHERE:
        return redirect(ELSEWHERE[kind], case.code)
    door = door_of(kind)
    if request.method != "POST":
        if not fits(MOVES[kind], case.state):
            messages.info(request, _("This step is not possible where the case stands now."))
            return redirect(case)
        return _show(request, case, kind, door.form(case=case), 200)
    asks = next((name for name in ("more", "compute") if name in request.POST), None)
    data = forms.with_more_rows(request.POST) if asks == "more" else request.POST
    form = door.form(data, request.FILES, case=case)
    if asks:
        return _show(request, case, kind, form, 200, asks=asks)
    if not form.is_valid():
        return _show(request, case, kind, form, INVALID)
    return _make(request, case, kind, door, form)


def _make(request, case, kind, door, form):
    try:
        door.call(request.user, case, form)
    except services.UnableToMoveCase as error:
        form.add_error(None, str(error))
    except ValidationError as error:
        form.add_error(None, error.messages)
    else:
        messages.success(request, _("“%(step)s” is entered.") % {"step": kind.label})
        return redirect(case)
    given_out = form.cleaned_data.get("version")
    case = get_case(request.user, case.code)
    if given_out in {None, case.version}:
        return _show(request, case, kind, form, INVALID)
    form.keep_up(case.version)
    return _show(request, case, kind, form, CONFLICT, newer_than=given_out)


def _show(request, case, kind, form, status, *, asks="", newer_than=None):
    option = next((each for each in options(case, request.user) if each.kind == kind), None)
    rules = rules_in_force(timezone.localdate())
    context = {
        "case": case,
        "kind": kind,
        "form": form,
        "rows": form.rows,
        "missing": [(guard.text, rules.get(guard.rule or "")) for guard in option.missing]
        if option
        else [],
        "rule": rules.get(RULES_SHOWN.get(kind, "")),
        "shows_errors": form.is_bound and not asks,
        "newer": _entries_after(request.user, case, newer_than),
        "computes": kind == EventKind.REWARD_FIXED,
        "preview": form.preview() if asks == "compute" else None,
        "asked": asks == "compute",
    }
    if request.htmx and asks == "compute":
        return render(request, "cases/_preview.html", context)
    return render(request, "cases/move.html", context, status=status)


def _entries_after(user, case, version):
    """What others entered since the form was given out."""
    if version is None:
        return []
    events = case.events.filter(sequence__gt=version).select_related("actor", "organization")
    parties = case.parties.select_related("organization").order_by("pk")
    names = party_names(parties, shows_people=takes_part(user, case))
    return ledger_entries(events, [], names, shows_rewards=can_see_reward(user, case))


@login_required
def correct(request, code, sequence):
    """A new entry that says what is wrong with an earlier one (更正)."""
    case = get_case(request.user, code)
    if not can_correct(request.user, case):
        raise Http404
    event = get_object_or_404(case.events.exclude(kind=EventKind.CORRECTED), sequence=sequence)
    standing = list(standing_entries(case.events.order_by("sequence")))
    entry = next((each for each in standing if each.sequence == sequence), None)
    if entry is None:
        messages.info(request, _("This entry is void already."))
        return redirect(case)
    form = forms.CorrectionForm(
        request.POST or None,
        case=case,
        event=event,
        entry=entry,
        is_last=entry.sequence == standing[-1].sequence,
    )
    status, newer_than = 200, None
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            try:
                services.correct_event(
                    actor=request.user,
                    case=case,
                    sequence=sequence,
                    reason=form.cleaned_data["reason"],
                    version=form.cleaned_data["version"],
                    **form.changes,
                )
            except (services.UnableToMoveCase, ValidationError) as error:
                form.add_error(None, error.messages if hasattr(error, "messages") else str(error))
                newer_than = form.cleaned_data["version"]
            else:
                messages.success(request, _("Corrected. The earlier entry stays readable."))
                return redirect(case)
    context = {"case": case, "event": event, "form": form}
    if newer_than is not None:
        case = get_case(request.user, code)
        if case.version != newer_than:
            form.keep_up(case.version)
            status = CONFLICT
            context["newer"] = _entries_after(request.user, case, newer_than)
    return render(request, "cases/correct.html", context, status=status)
