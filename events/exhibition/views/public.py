"""The hall as visitors see it: plan and route, one booth, cards, awards."""

from pathlib import PurePath

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from events.registration.queries import registration_of
from events.registration.views.own import get_announced
from portal.accounts.enums import ConsentPurpose
from portal.accounts.limits import client_ip, limited
from portal.accounts.queries import current_text
from portal.media.views import INLINE_TYPES, open_or_404
from portal.taxonomy.models import Industry

from .. import queries, services
from ..enums import AfterShow
from ..forms import VoteForm
from ..models import Exhibit, Exhibitor, Lead
from ..rules import (
    can_leave_card,
    can_see_picture,
    takes_applications,
    votes_are_open,
)


def _open_hall(code):
    """The fair, its settings, and what the hall shows now; 404 where it shows nothing."""
    fair = get_announced(code)
    exhibition = queries.exhibition_of(fair)
    parts = queries.shown_parts(fair, exhibition, timezone.now())
    if not fair.has_exhibition or parts == AfterShow.NOTHING:
        raise Http404
    return fair, exhibition, parts


def visit(request, code):
    """Choose industries, see them on the plan, walk the route."""
    fair, exhibition, _parts = _open_hall(code)
    shown = queries.shown_exhibitors(fair)
    present = Industry.objects.filter(exhibitors__in=shown.order_by()).distinct()
    industries = list(present.order_by("pk"))
    known = {term.code for term in industries}
    chosen = [each for each in request.GET.getlist("industry") if each in known]
    plans = queries.visitors_plans(fair, chosen)
    context = {
        "fair": fair,
        "plans": plans,
        "industries": industries,
        "chosen": chosen,
        "stops": sum(len(plan.stops) for plan in plans),
        "takes_applications": takes_applications(fair, exhibition),
        "has_awards": fair.awards.exists(),
        "votes_are_open": votes_are_open(fair, exhibition),
        "is_over": fair.is_ended,
        "registration": registration_of(request.user, fair),
    }
    return render(request, "exhibition/visit.html", context)


def _shown(fair, pk) -> Exhibitor:
    found = get_object_or_404(queries.shown_exhibitors(fair), pk=pk)
    found.fair = fair
    return found


def exhibitor(request, code, pk):
    """One booth with its exhibits, and where it stands on the plan."""
    fair, exhibition, parts = _open_hall(code)
    found = _shown(fair, pk)
    registration = registration_of(request.user, fair)
    lead = None
    if registration:
        leads = Lead.objects.filter(registration=registration, exhibitor=found)
        lead = leads.with_consent().first()
    exhibits = found.exhibits.all() if parts == AfterShow.ALL else []
    plans = queries.visitors_plans(fair, [])
    context = {
        "fair": fair,
        "exhibitor": found,
        "shown": queries.shown_exhibits(exhibits),
        "hides_exhibits": parts != AfterShow.ALL,
        "plan": queries.highlight(plans, found),
        "lead": lead,
        "may_leave_card": can_leave_card(request.user, found, registration),
        "card_text": current_text(ConsentPurpose.SHARE_CONTACT) if registration else None,
        "votes_are_open": votes_are_open(fair, exhibition) and fair.awards.exists(),
    }
    return render(request, "exhibition/exhibitor.html", context)


@login_required
@require_POST
@limited("lead")
def card(request, code, pk):
    """Leave one's contact data at a booth, or take them back."""
    fair = get_announced(code)
    registration = registration_of(request.user, fair)
    found = get_object_or_404(Exhibitor.objects.filter(fair=fair).with_names(), pk=pk)
    if registration is None:
        raise Http404
    try:
        if "take-back" in request.POST:
            lead = get_object_or_404(Lead, exhibitor=found, registration=registration)
            services.take_card_back(actor=request.user, lead=lead)
            messages.success(request, _("Taken back: your name and address are closed again."))
        else:
            services.leave_card(
                actor=request.user,
                exhibitor=found,
                registration=registration,
                ip_address=client_ip(request),
            )
            messages.success(request, _("%(name)s has your card now.") % {"name": found.label})
    except services.UnableToExhibit as error:
        messages.error(request, str(error))
    return redirect("exhibition:cards", fair.code)


@login_required
def cards(request, code):
    """Which exhibitors have noted this visitor, and who has the contact data."""
    fair = get_announced(code)
    registration = registration_of(request.user, fair)
    if registration is None:
        raise Http404
    context = {
        "fair": fair,
        "cards": queries.cards_of(registration),
        "card_text": current_text(ConsentPurpose.SHARE_CONTACT),
    }
    return render(request, "exhibition/cards.html", context)


@limited("vote")
def awards(request, code):
    """Vote while the fair is under way; read the result once it is published."""
    fair, exhibition, _parts = _open_hall(code)
    registration = registration_of(request.user, fair)
    known = registration if registration and registration.is_admitted else None
    is_open = votes_are_open(fair, exhibition)
    forms = _vote_forms(request, fair, known) if is_open else []
    for form in forms:
        if form.is_bound and form.is_valid() and _vote(request, form, known):
            return redirect("exhibition:awards", fair.code)
    votes = known.votes.select_related("exhibitor__organization") if known else []
    voted = {vote.award_id: vote for vote in votes}
    context = {
        "fair": fair,
        "exhibition": exhibition,
        "forms": [(form.for_award, form, voted.get(form.for_award.pk)) for form in forms],
        "is_open": is_open,
        "tallies": queries.tallies(fair) if exhibition.result_on else [],
    }
    failed = any(form.errors for form in forms)
    return render(request, "exhibition/awards.html", context, status=422 if failed else 200)


def _vote_forms(request, fair, registration) -> list[VoteForm]:
    """A form for each award over the same exhibitors; bound is the one that was sent."""
    exhibitors = list(queries.shown_exhibitors(fair).order_by("booth__code"))
    data = request.POST if request.method == "POST" else None
    return [
        VoteForm(data, award=award, exhibitors=exhibitors, is_known=registration is not None)
        for award in fair.awards.all()
    ]


def _vote(request, form, registration) -> bool:
    found = form.cleaned_data
    ticket = registration.ticket if registration else found["ticket"]
    try:
        services.cast_vote(award=form.for_award, exhibitor=found["exhibitor"], ticket=ticket)
    except services.UnableToExhibit as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("Your vote counts. Thank you."))
    return True


def picture(request, pk):
    """The picture of an exhibit: for everybody as long as the hall shows it."""
    rows = Exhibit.objects.exclude(picture="").select_related("exhibitor__fair__page")
    found = get_object_or_404(rows, pk=pk)
    fair = found.exhibitor.fair
    parts = queries.shown_parts(fair, queries.exhibition_of(fair), timezone.now())
    is_shown = Exhibitor.objects.shown().filter(pk=found.exhibitor_id).exists()
    is_public = is_shown and parts == AfterShow.ALL and fair.page.live
    if not can_see_picture(request.user, found.exhibitor, is_public=is_public):
        raise Http404
    name = str(found.picture.name)
    suffix = PurePath(name).suffix.lower()
    if suffix not in INLINE_TYPES:
        raise Http404
    response = FileResponse(
        open_or_404(found.picture.storage, name), content_type=INLINE_TYPES[suffix]
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=300"
    return response
