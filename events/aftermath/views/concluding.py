"""The forms after a meeting that are filled in already: an interest, or the case after it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from events.meetings.models import Meeting
from events.registration.models import Entry
from matchmaking.cases import forms as case_forms
from matchmaking.cases.enums import PartyRole
from matchmaking.cases.rules import can_open_case
from matchmaking.interests.clock import due_date, term_of
from matchmaking.interests.enums import InterestState
from matchmaking.interests.forms import ExpressForm
from matchmaking.interests.models import Interest
from matchmaking.interests.subjects import refusal_for, sending_organizations
from portal.accounts.enums import PUBLISHING_KINDS
from portal.accounts.limits import client_ip, limited

from .. import services
from ..enums import LEADS_TO_CASE, LEADS_TO_INTEREST
from ..forms import LinkForm
from ..queries import others_of
from ..subjects import choices_for, first_words

INVALID = 422


def get_meeting(user, pk, outcomes=None):
    """A meeting of one's own of which one has said so; everybody else finds nothing here."""
    seats = "seats__registration__organization"
    found = Meeting.objects.with_place().select_related("request__about").prefetch_related(seats)
    meeting = get_object_or_404(found, pk=pk)
    people = (seat.registration for seat in meeting.seats.all())
    own = next((each for each in people if each.person_id == user.pk), None)
    if own is None:
        raise Http404
    said = meeting.feedback.filter(registration=own)
    if outcomes is not None and not said.filter(outcome__in=outcomes).exists():
        raise Http404
    own.fair = meeting.fair
    return meeting, own


def _interests(user, meeting):
    return Interest.objects.for_user(user).filter(meeting_outcome__meeting=meeting)


@login_required
@limited("interest")
def interest(request, pk):
    """Express the interest that the meeting has left; nothing is sent before the person says so."""
    user = request.user
    meeting, own = get_meeting(user, pk, LEADS_TO_INTEREST)
    known = _interests(user, meeting).first()
    if known:
        return redirect(known)
    choices = choices_for(user, meeting, own)
    possible = [each for each in choices if each.refusal is None]
    wanted = request.GET.get("about", "")
    chosen = next((each for each in possible if str(each.entry.pk) == wanted), None)
    chosen = chosen or next(iter(possible), None)
    form = _interest_form(request, meeting, chosen) if chosen else None
    if form is not None and request.method == "POST" and form.is_valid():
        sent = _send(request, meeting, chosen, form)
        if sent:
            messages.success(
                request,
                _("Sent. An answer is due by %(date)s.") % {"date": f"{sent.due_on:%Y-%m-%d}"},
            )
            return redirect(sent)
    days = term_of(chosen.subject.kind) if chosen else 0
    context = {
        "fair": meeting.fair,
        "meeting": meeting,
        "others": others_of(meeting, own),
        "choices": choices,
        "possible": possible,
        "chosen": chosen,
        "form": form,
        "days": days,
        "due_on": due_date(timezone.localdate(), days) if chosen else None,
    }
    status = INVALID if form is not None and form.errors else 200
    return render(request, "aftermath/interest.html", context, status=status)


def _interest_form(request, meeting, chosen):
    subject = chosen.subject
    senders = [
        each
        for each in sending_organizations(request.user, subject)
        if refusal_for(request.user, subject, each) is None
    ]
    return ExpressForm(
        request.POST or None,
        organizations=senders,
        names_receiver=subject.names_receiver,
        initial=first_words(meeting, chosen),
    )


def _send(request, meeting, chosen, form):
    data = {name: value for name, value in form.cleaned_data.items() if name != "is_confirmed"}
    try:
        return services.open_interest(
            actor=request.user,
            meeting=meeting,
            page=chosen.subject.page,
            need=chosen.subject.need,
            ip_address=client_ip(request),
            **data,
        )
    except services.UnableToConclude as error:
        form.add_error(None, str(error))
        return None


@login_required
@limited("interest")
def case(request, pk):
    """The case that came of a meeting: one that is there already, or a new one."""
    user = request.user
    meeting, own = get_meeting(user, pk, LEADS_TO_CASE)
    link = LinkForm(request.POST if "link" in request.POST else None, user=user, meeting=meeting)
    form, shows_errors = None, "link" not in request.POST and "more" not in request.POST
    if can_open_case(user):
        data = request.POST if request.method == "POST" and not link.is_bound else None
        if data and "more" in data:
            data = case_forms.with_more_rows(data)
        initial = _first_entries(user, meeting, own)
        form = case_forms.OpenCaseForm(data, user=user, initial=initial)
    made = None
    if link.is_bound and link.is_valid():
        made = _link(request, meeting, link)
    elif form is not None and form.is_bound and shows_errors and form.is_valid():
        made = _open(request, meeting, form)
    if made:
        return redirect(made)
    shows_errors = shows_errors and form is not None and form.is_bound
    in_talks = _interests(user, meeting).filter(state=InterestState.ANSWERED, conversion_case=None)
    context = {
        "fair": meeting.fair,
        "meeting": meeting,
        "others": others_of(meeting, own),
        "talks": in_talks.first(),
        "known": meeting.outcomes.filter(case__isnull=False).exists(),
        "link": link,
        "form": form,
        "rows": form.rows if form else None,
        "shows_errors": shows_errors,
    }
    is_wrong = link.errors or (form is not None and shows_errors and form.errors)
    return render(request, "aftermath/case.html", context, status=INVALID if is_wrong else 200)


def _link(request, meeting, link):
    chosen = link.cleaned_data["case"]
    try:
        services.link_case(actor=request.user, meeting=meeting, case=chosen)
    except services.UnableToConclude as error:
        link.add_error(None, str(error))
        return None
    messages.success(request, _("Linked: the case began at this fair."))
    return chosen


def _open(request, meeting, form):
    data = form.cleaned_data
    try:
        made = services.open_case(
            actor=request.user,
            meeting=meeting,
            title=data["title"],
            parties=form.parties,
            opened_on=data["opened_on"],
            page=data["listing"],
            need=data["need"],
            interest=data["interest"],
            broker=request.user if data["role"] == PartyRole.BROKER else None,
            mode=data["mode"],
        )
    except services.UnableToConclude as error:
        form.add_error(None, str(error))
        return None
    messages.success(request, _("The case is open; the other side has been told."))
    return made


def _first_entries(user, meeting, own) -> dict:
    """Both sides, and what they met about, as the form of a new case begins."""
    begins = meeting.starts_at or meeting.fair.page.starts_at
    about = meeting.request.about if meeting.request else None
    found = {"opened_on": timezone.localdate(begins), "title": about.title if about else ""}
    found |= _codes(about)
    owns = own.organization and own.organization.kind in PUBLISHING_KINDS
    side = "taker" if owns else "owner"
    if own.organization_id in user.office_organization_ids:
        found |= {"organization": own.organization_id}
        found["role"] = PartyRole.OWNER if owns else PartyRole.TAKER
    for other in others_of(meeting, own)[:1]:
        record = other.organization
        found[side] = (record.credit_code or record.name) if record else other.organization_name
        found["is_free"] = record is None
    return found


def _codes(about: Entry | None) -> dict:
    if about is None:
        return {}
    listing = about.page.specific.code if about.page else ""
    return {"listing": listing, "need": about.need.code if about.need else ""}
