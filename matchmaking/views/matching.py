"""Matches with their reasons, from both sides."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from achievements.documents import AchievementDocument
from achievements.queries import listings_of
from ip.documents import PatentDocument
from portal.accounts.enums import PortalRole
from portal.disclosure.services import read_listing
from search.documents import BaseDocument

from .. import services
from ..enums import CandidateKind, Grade
from ..forms import (
    MarkForm,
    NoteForm,
    VerdictForm,
)
from ..gates import conditions_of
from ..models import Match, Need
from ..queries import (
    MODELS,
    fitting_needs,
    is_reranked,
    match_of,
    needs_for_listing,
    ranked_matches,
)
from ..reasons import mark_words, reasons_of, shared_words
from ..rules import (
    can_manage_need,
    can_open_case_of,
    can_see_match,
    can_see_matches,
    judging_side,
)
from .needs import get_need

SHOWN_MATCHES = 20


@login_required
def matches(request, code):
    """The match report: candidates with their reasons, and buttons for verdicts."""
    need = get_need(request.user, code, can_see_matches)
    own = can_manage_need(request.user, need)
    everything = ranked_matches(need, request.user)
    reranked = is_reranked(need)
    shelves = _shelves(everything, reranked=reranked)
    shelf = request.GET.get("shelf", "")
    shelf = shelf if shelf in shelves else ""
    recommended = request.user.recommendations_enabled
    shown, weak = shelves[shelf], []
    if recommended and not shelf:
        weak = [match for match in shown if match.grade == Grade.WEAK][:SHOWN_MATCHES]
        shown = [match for match in shown if match.grade != Grade.WEAK]
    shown = shown[:SHOWN_MATCHES]
    mark_words(need, shown)
    if own and not shelf:
        services.record_impressions(matches=shown)
    context = {
        "need": need,
        "matches": shown,
        "weak": weak,
        "shelf": shelf,
        "recommended": recommended,
        "any_match": bool(everything),
        "tabs": [
            {
                "label": label,
                "url": f"?shelf={key}" if key else "?",
                "count": _number_of(shelves[key], is_graded=recommended and not key),
                "is_current": key == shelf,
            }
            for key, label in _shelf_labels(recommended=recommended).items()
        ],
        "words": shared_words(need, everything),
        "reranked": reranked,
        "own": own,
        "can_judge": own or request.user.has_role(PortalRole.BROKER),
        "verdict_form": VerdictForm(),
    }
    return render(request, "matchmaking/matches.html", context)


def _number_of(shelf: list[Match], *, is_graded: bool) -> int:
    """Count a shelf as it is shown: weak candidates are folded away where grades are shown."""
    return sum(not (is_graded and match.grade == Grade.WEAK) for match in shelf)


def _shelf_labels(*, recommended: bool) -> dict[str, str]:
    return {
        "": _("Suggested") if recommended else _("By date"),
        "judged": _("Judged"),
        "kept": _("Kept"),
        "hidden": _("Hidden"),
    }


def _shelves(ranked: list[Match], *, reranked: bool) -> dict[str, list[Match]]:
    """Part the list; once the verdicts order the rest, what was judged stands apart from it."""

    def marked(match, name):
        return match.mark is not None and getattr(match.mark, name) is not None

    return {
        "": [
            match
            for match in ranked
            if not marked(match, "hidden_at") and not (reranked and match.verdict)
        ],
        "judged": [match for match in ranked if match.verdict],
        "kept": [match for match in ranked if marked(match, "shortlisted_at")],
        "hidden": [match for match in ranked if marked(match, "hidden_at")],
    }


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
    need = match.need = read_listing(user=request.user, listing=match.need)
    listing = match.listing = read_listing(user=request.user, listing=match.listing)
    documents: dict[str, type[BaseDocument]] = {
        CandidateKind.ACHIEVEMENT: AchievementDocument,
        CandidateKind.PATENT: PatentDocument,
    }
    mark_words(need, [match])
    context = {
        "need": need,
        "match": match,
        "listing": listing,
        "conditions": conditions_of(need, listing),
        "reasons": reasons_of(match, documents[match.candidate_kind]),
        "shows_organization": need.shows_organization or own,
        "own": own,
        "can_see_matches": can_see_matches(request.user, need),
        "can_judge": judging_side(request.user, need, organization_id) is not None,
        "may_open_case": can_open_case_of(request.user, need, organization_id),
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
