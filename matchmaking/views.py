from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST

from achievements.documents import AchievementDocument
from achievements.queries import listings_of
from ip.documents import PatentDocument
from portal.accounts.enums import PortalRole
from portal.taxonomy.models import Industry
from search.highlight import phrases
from search.views import SearchListView

from . import services, statistics
from .documents import NeedSearch
from .enums import CandidateKind, NeedState
from .forms import (
    CloseForm,
    MarkForm,
    NoteForm,
    ReviewForm,
    RewriteForm,
    StartForm,
    TargetFormSet,
    VerdictForm,
)
from .models import Match, Need, NeedProposal
from .queries import (
    MODELS,
    desk_of,
    fitting_needs,
    is_reranked,
    match_of,
    needs_for_listing,
    ranked_matches,
)
from .readiness import assess_need
from .reasons import SHOWN_WORDS, is_telling, reasons_of
from .rules import (
    can_manage_need,
    can_review_changes,
    can_review_need,
    can_rewrite_need,
    can_see_match,
    can_see_matches,
    can_see_statistics,
    can_write_need,
    judging_side,
)
from .steps import STEPS, step_of, step_with

SHOWN_MATCHES = 20
CHECKED_FIELDS = {
    "targets": "targets",
    "length": "problem",
    "problem": "problem",
    "current": "current_solution",
    "constraints": "constraints",
    "budget": "budget_max",
    "deadline": "deadline",
    "decision": "decision_maker",
}


class NeedListView(SearchListView):
    search_class = NeedSearch
    title = _("Needs")


def get_need(user, code, rule=None) -> Need:
    """Return the need, or 404 for whoever may not read it or act so on it."""
    needs = Need.objects.for_user(user).select_related("organization__district")
    need = get_object_or_404(needs, code=code)
    if rule and not rule(user, need):
        raise Http404
    return need


def need_detail(request, code):
    need = get_need(request.user, code)
    user = request.user
    own = can_manage_need(user, need)
    context = {
        "need": need,
        "targets": need.targets.order_by("sort_order", "pk"),
        "shows_organization": need.shows_organization or own,
        "own": own,
        "can_edit": can_write_need(user, need),
        "can_rewrite": can_rewrite_need(user, need),
        "can_review": can_review_need(user, need) or can_review_changes(user, need),
        "changes": services.describe_changes(need) if own or can_review_changes(user, need) else [],
        "field_notes": [(services.label_of(name), note) for name, note in need.field_notes.items()],
        "can_see_matches": can_see_matches(user, need),
        "readiness": assess_need(need) if own or can_rewrite_need(user, need) else None,
        "proposal": need.proposals.filter(decided_at__isnull=True).first() if own else None,
        "review_form": ReviewForm(),
        "close_form": CloseForm(),
    }
    return render(request, "matchmaking/need.html", context)


@login_required
def start(request):
    if not request.user.organization_ids:
        raise PermissionDenied(_("Join or register your organization first."))
    form = StartForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        need = services.create_need(actor=request.user, **form.cleaned_data)
        return redirect("matchmaking:edit", need.code)
    return render(request, "matchmaking/start.html", {"form": form})


@login_required
def edit(request, code):
    """The form from its first step."""
    need = get_need(request.user, code, can_write_need)
    return redirect("matchmaking:step", need.code, STEPS[0].slug)


class NeedStepView(LoginRequiredMixin, View):
    """One step of the form; an htmx post autosaves, a plain post goes on to the next step.

    A published need keeps its text: what is written here waits beside it for the review.
    """

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.need = get_need(request.user, kwargs["code"], can_write_need)
        self.step = step_of(kwargs["step"])
        if self.step is None:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def _forms(self, data=None):
        instance, related = services.with_changes(self.need)
        initial = {name: value for name, value in related.items() if name != "targets"}
        form = self.step.form(data, instance=instance, initial=initial)
        formset = None
        if self.step.with_targets:
            rows = (
                related.get("targets") or services.current_values(self.need, ["targets"])["targets"]
            )
            formset = TargetFormSet(data, initial=rows, prefix="targets")
        return form, formset

    def get(self, request, **kwargs):
        return self._render(*self._forms())

    def post(self, request, **kwargs):
        form, formset = self._forms(request.POST)
        valid = form.is_valid() & (formset is None or formset.is_valid())
        if request.htmx and not valid:
            return HttpResponse(_("Not saved yet: please see the marked fields."))
        if not valid:
            return self._render(form, formset, status=422)
        try:
            self._save(form, formset)
        except services.UnableToChangeNeed as error:
            messages.error(request, str(error))
            return redirect(self.need)
        if request.htmx:
            return HttpResponse(_("Draft saved."))
        position = STEPS.index(self.step) + 1
        if position < len(STEPS):
            return redirect("matchmaking:step", self.need.code, STEPS[position].slug)
        return redirect("matchmaking:check", self.need.code)

    def _save(self, form, formset) -> None:
        relations = {
            name: value for name, value in form.cleaned_data.items() if name in services.RELATIONS
        }
        targets = {} if formset is None else {"targets": _rows(formset)}
        if self.need.state != NeedState.PUBLISHED:
            services.edit_need(actor=self.request.user, need=form.instance, **targets, **relations)
            return
        values = {
            name: [each.pk for each in relations[name]]
            if name in relations
            else form.instance._meta.get_field(name).value_from_object(form.instance)
            for name in form.cleaned_data
        }
        services.save_changes(actor=self.request.user, need=self.need, values={**values, **targets})

    def _render(self, form, formset, status=200):
        current = STEPS.index(self.step)
        links = [
            {
                "label": step.label,
                "url": reverse("matchmaking:step", args=[self.need.code, step.slug]),
                "state": "current" if position == current else "done",
            }
            for position, step in enumerate(STEPS)
        ]
        check_url = reverse("matchmaking:check", args=[self.need.code])
        context = {
            "need": self.need,
            "step": self.step,
            "form": form,
            "formset": formset,
            "step_links": [
                *links,
                {"label": _("Check and send"), "url": check_url, "state": "done"},
            ],
            "notes": [
                (services.label_of(name), note)
                for name, note in self.need.field_notes.items()
                if name in self.step.field_names
            ],
        }
        return render(self.request, "matchmaking/edit.html", context, status=status)


def _rows(formset) -> list[dict]:
    names = ("metric", "operator", "value", "unit")
    return [
        {name: row[name] for name in names}
        for row in (form.cleaned_data for form in formset.forms)
        if row.get("metric") and not row.get("DELETE")
    ]


@login_required
def check(request, code):
    """What is missing, what has changed, and the button that sends it on."""
    need = get_need(request.user, code, can_write_need)
    is_published = need.state == NeedState.PUBLISHED
    if request.method == "POST":
        submit = services.submit_changes if is_published else services.submit_need
        try:
            need = submit(actor=request.user, need=need)
        except services.UnableToChangeNeed as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _submitted_message(need))
        return redirect(need)
    readiness = assess_need(need)
    context = {
        "need": need,
        "readiness": readiness,
        "repairs": [
            {"check": each, "step": step_with(CHECKED_FIELDS[each.name])}
            for each in readiness.checks
            if not each.passed
        ],
        "changes": services.describe_changes(need) if is_published else [],
        "is_published": is_published,
    }
    return render(request, "matchmaking/check.html", context)


def _submitted_message(need: Need) -> str:
    if need.state == NeedState.PUBLISHED:
        return _("Your changes went to the platform's review; the published text stands.")
    if need.state == NeedState.AT_BROKER:
        return _("A broker will make it clearer and come back to you.")
    return _("Sent to the platform's review.")


@login_required
def rewrite(request, code):
    need = get_need(request.user, code, can_rewrite_need)
    form = RewriteForm(request.POST or None, instance=need)
    rows = services.current_values(need, ["targets"])["targets"]
    formset = TargetFormSet(request.POST or None, initial=rows, prefix="targets")
    if request.method == "POST" and form.is_valid() and formset.is_valid():
        content = {name: form.cleaned_data[name] for name in form.Meta.fields}
        content["targets"] = _rows(formset)
        services.propose_rewrite(
            actor=request.user, need=need, content=content, note=form.cleaned_data["note"]
        )
        messages.success(request, _("Sent to the company."))
        return redirect("workspace:home")
    context = {"need": need, "form": form, "formset": formset, "readiness": assess_need(need)}
    return render(request, "matchmaking/rewrite.html", context)


@login_required
def decide(request, code):
    """Both texts side by side; the company takes each change or not."""
    need = get_need(request.user, code, can_manage_need)
    proposal = get_object_or_404(NeedProposal, need=need, decided_at__isnull=True)
    if request.method == "POST":
        try:
            services.decide_proposal(
                actor=request.user, proposal=proposal, accepted=request.POST.getlist("accept")
            )
            messages.success(request, _("Sent to the platform's review."))
        except services.UnableToChangeNeed as error:
            messages.error(request, str(error))
        return redirect(need)
    context = {"need": need, "proposal": proposal, "rows": _changes(need, proposal)}
    return render(request, "matchmaking/decide.html", context)


def _changes(need: Need, proposal: NeedProposal) -> list[dict]:
    rows = []
    for name in services.REWRITTEN_FIELDS:
        before, after = getattr(need, name), proposal.content.get(name)
        if after is not None and after != before:
            label = Need._meta.get_field(name).verbose_name
            rows.append({"name": name, "label": label, "before": before, "after": after})
    targets = proposal.content.get("targets")
    if targets:
        rows.append(
            {
                "name": "targets",
                "label": _("Targets"),
                "before": "\n".join(str(target) for target in need.targets.all()),
                "after": "\n".join(str(need.targets.model(**row)) for row in targets),
            }
        )
    return rows


@login_required
@require_POST
def act(request, code, action):
    """One button of the need's page."""
    need = get_need(request.user, code)
    actor = request.user
    try:
        if action == "confirm":
            services.confirm_need(actor=actor, need=need)
        elif action == "withdraw":
            services.withdraw_need(actor=actor, need=need)
        elif action == "close":
            _close(request, need)
        elif action == "discard":
            services.discard_changes(actor=actor, need=need)
        elif action == "review":
            _review(request, need)
        else:
            raise Http404
        messages.success(request, _("Done."))
    except services.UnableToChangeNeed as error:
        messages.error(request, str(error))
    if action == "review":
        return redirect("workspace:home")
    return redirect(need)


def _close(request, need: Need) -> None:
    form = CloseForm(request.POST)
    if not form.is_valid():
        raise services.UnableToChangeNeed(_("Please choose what became of it."))
    services.close_need(actor=request.user, need=need, **form.cleaned_data)


def _review(request, need: Need) -> None:
    form = ReviewForm(request.POST)
    if not form.is_valid():
        raise services.UnableToChangeNeed(_("Please choose a decision."))
    is_change = need.state == NeedState.PUBLISHED
    if form.cleaned_data["decision"] == ReviewForm.APPROVE:
        approve = services.approve_changes if is_change else services.approve_need
        approve(actor=request.user, need=need)
        return
    send_back = services.return_changes if is_change else services.return_need
    send_back(
        actor=request.user,
        need=need,
        reason=form.cleaned_data["reason"],
        field_notes=form.field_notes,
    )


@login_required
def matches(request, code):
    """The match report: candidates with their reasons, and buttons for verdicts."""
    need = get_need(request.user, code, can_see_matches)
    own = can_manage_need(request.user, need)
    everything = ranked_matches(need, request.user)
    shelves = _shelves(everything)
    shelf = request.GET.get("shelf", "")
    shown = shelves[shelf if shelf in shelves else ""][:SHOWN_MATCHES]
    if own and not shelf:
        services.record_impressions(matches=shown)
    context = {
        "need": need,
        "matches": shown,
        "any_match": bool(everything),
        "tabs": [
            {
                "label": label,
                "url": f"?shelf={key}" if key else "?",
                "count": len(shelves[key]),
                "is_current": key == (shelf if shelf in shelves else ""),
            }
            for key, label in (("", _("Proposed")), ("kept", _("Kept")), ("hidden", _("Hidden")))
        ],
        "terms": _shared_phrases(need, everything),
        "reranked": is_reranked(need),
        "own": own,
        "can_judge": own or request.user.has_role(PortalRole.BROKER),
        "verdict_form": VerdictForm(),
    }
    return render(request, "matchmaking/matches.html", context)


def _shelves(ranked: list[Match]) -> dict[str, list[Match]]:
    def marked(match, name):
        return match.mark is not None and getattr(match.mark, name) is not None

    return {
        "": [match for match in ranked if not marked(match, "hidden_at")],
        "kept": [match for match in ranked if marked(match, "shortlisted_at")],
        "hidden": [match for match in ranked if marked(match, "hidden_at")],
    }


def _shared_phrases(need: Need, ranked: list[Match]) -> list[str]:
    """The words of the need that any candidate shares, as they stand in its text."""
    terms = {term for match in ranked for term in match.shared_terms}
    found = phrases(f"{need.title}\n{need.problem}", terms)
    return [phrase for phrase in found if is_telling(phrase)][:SHOWN_WORDS]


@login_required
def why(request, code, page_id):
    """Why one listing fits, open to the company, its brokers, staff and the listing's institute."""
    need = get_need(request.user, code)
    match = match_of(need, page_id, request.user)
    if match is None:
        raise Http404
    organization_id = match.listing.institute.organization_id
    if not can_see_match(request.user, need, organization_id):
        raise Http404
    own = can_manage_need(request.user, need)
    documents = {
        CandidateKind.ACHIEVEMENT: AchievementDocument,
        CandidateKind.PATENT: PatentDocument,
    }
    context = {
        "need": need,
        "match": match,
        "listing": match.listing,
        "reasons": reasons_of(match, documents[match.candidate_kind]),
        "shows_organization": need.shows_organization or own,
        "own": own,
        "can_see_matches": can_see_matches(request.user, need),
        "can_judge": judging_side(request.user, need, organization_id) is not None,
        "verdict_form": VerdictForm(
            initial={
                "level": match.verdict.level,
                "reason": match.verdict.reason,
                "comment": match.verdict.comment,
            }
            if match.verdict
            else None
        ),
        "note_form": NoteForm(initial={"note": match.mark.note if match.mark else ""}),
    }
    return render(request, "matchmaking/why.html", context)


@login_required
@require_POST
def judge(request, code, page_id):
    need = get_need(request.user, code)
    match = get_object_or_404(Match, need=need, page_id=page_id, direction="NEED_TO_LISTING")
    if judging_side(request.user, need, services.owner_of(match)) is None:
        raise Http404
    form = VerdictForm(request.POST)
    if form.is_valid():
        services.give_verdict(actor=request.user, match=match, **form.cleaned_data)
        messages.success(request, _("Your verdict is recorded."))
    else:
        messages.error(request, _("Please choose a level."))
    return _back(request, need, page_id)


@login_required
@require_POST
def mark(request, code, page_id):
    """Keep, hide, bring back or annotate a match; each button says what it will undo."""
    need = get_need(request.user, code, can_manage_need)
    match = get_object_or_404(Match, need=need, page_id=page_id, direction="NEED_TO_LISTING")
    form = MarkForm(request.POST)
    if not form.is_valid():
        raise Http404
    services.mark_match(actor=request.user, match=match, **form.changes())
    messages.success(request, form.done())
    return _back(request, need, page_id)


def _back(request, need: Need, page_id: int):
    """To the page the button stood on."""
    if request.POST.get("from") == "why":
        return redirect("matchmaking:why", need.code, page_id)
    return redirect("matchmaking:matches", need.code)


@login_required
def listing_needs(request, page_id):
    """The needs that one's own listing fits, best first (成果找需求)."""
    page = next(
        (
            found
            for model in MODELS.values()
            if (
                found := model.objects.select_related("institute__organization")
                .filter(pk=page_id)
                .first()
            )
        ),
        None,
    )
    if page is None or page.institute.organization_id not in request.user.organization_ids:
        raise Http404
    ranked = needs_for_listing(page, request.user)
    page_obj = Paginator(ranked, SHOWN_MATCHES).get_page(request.GET.get("page"))
    context = {"listing": page, "page_obj": page_obj}
    return render(request, "matchmaking/listing_needs.html", context)


@login_required
def fitting(request):
    """Needs in whose lists one's listings stand high, and which listing it is."""
    if not request.user.recommendations_enabled:
        rows = Match.objects.none()
    else:
        rows = fitting_needs(request.user, listings_of(request.user).values("pk"))
    page_obj = Paginator(rows, SHOWN_MATCHES).get_page(request.GET.get("page"))
    return render(request, "matchmaking/fitting.html", {"page_obj": page_obj})


@login_required
def desk(request, shelf):
    """A person's desk of needs: what waits, and what is one's own."""
    shelves = desk_of(request.user)
    if shelf not in shelves:
        raise Http404
    label, rows = shelves[shelf]
    tabs = [
        {
            "label": name,
            "url": reverse("matchmaking:desk", args=[key]),
            "count": needs.count(),
            "is_current": key == shelf,
        }
        for key, (name, needs) in shelves.items()
    ]
    page_obj = Paginator(rows, SHOWN_MATCHES).get_page(request.GET.get("page"))
    context = {"heading": label, "tabs": tabs, "page_obj": page_obj}
    return render(request, "matchmaking/desk.html", context)


@login_required
def matching_statistics(request):
    """Precision of the matching as chart, table and the records behind each number."""
    if not can_see_statistics(request.user):
        raise PermissionDenied
    chosen = {key: request.GET.get(key, "")[:20] for key in ("month", "band", "industry")}
    industries = {term.code: term.label for term in Industry.objects.current()}
    records = (
        statistics.filtered(statistics.impressions(), **chosen)
        .select_related("need", "page")
        .order_by("-shown_at", "pk")
    )
    context = {
        "overall": statistics.overall(),
        "months": statistics.by_month(),
        "bands": statistics.by_band(),
        "industries": statistics.by_industry(industries),
        "too_few": statistics.TOO_FEW,
        "page_obj": Paginator(records, 20).get_page(request.GET.get("page")),
        "chosen": [
            value if key != "industry" else industries.get(value, value)
            for key, value in chosen.items()
            if value
        ],
    }
    return render(request, "matchmaking/statistics.html", context)
