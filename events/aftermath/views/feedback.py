"""Saying what came of one's meetings: signed in, or by the link of a mail; two taps for each."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from events.meetings.enums import MeetingState
from events.meetings.views.desk import get_fair
from matchmaking.cases.models import ConversionCase
from matchmaking.cases.rules import can_open_case
from matchmaking.interests.models import Interest
from portal.accounts.limits import limited

from .. import services
from ..enums import LEADS_TO_CASE, LEADS_TO_INTEREST, OUTCOMES, Stage
from ..forms import WordsForm
from ..queries import meetings_to_speak_of, others_of, own_after_fair
from ..rules import stage_of
from ..services import UnableToConclude
from ..subjects import choices_for


@login_required
@limited("meeting")
def feedback(request, code):
    fair = get_fair(code)
    own = own_after_fair(request.user, fair)
    if own is None:
        raise Http404
    own.fair = fair
    here = reverse("aftermath:feedback", args=[code])
    doors = (services.give_feedback, services.comment_on, {"actor": request.user})
    return _answer(request, own, here, doors, "aftermath/feedback.html")


@never_cache
@limited("meeting")
def by_link(request, token):
    """Without signing in: looking changes nothing, the buttons do."""
    own = services.find_by_token(token)
    if own is None:
        raise Http404
    here = reverse("aftermath:by-link", args=[token])
    doors = (services.give_feedback_by_link, services.comment_by_link, {"token": token})
    return _answer(request, own, here, doors, "aftermath/by_link.html")


def _answer(request, own, here, doors, template):
    """Show the meetings and store what is posted of one of them."""
    now = timezone.now()
    meetings = {each.pk: each for each in meetings_to_speak_of(own, now)}
    for each in meetings.values():
        each.fair = own.fair
    error, words, posted = "", None, None
    if request.method == "POST":
        posted = meetings.get(_number(request.POST.get("meeting")))
        if posted is None:
            raise Http404
        give, comment, by = doors
        words = WordsForm(request.POST) if "comment" in request.POST else None
        try:
            if words is None:
                said = give(meeting=posted, outcome=request.POST.get("outcome", ""), **by)
                return redirect(_next_step(request, own, posted, said.outcome, here))
            if words.is_valid():
                comment(meeting=posted, **words.cleaned_data, **by)
                return redirect(f"{here}?thanks={posted.pk}#meeting-{posted.pk}")
        except UnableToConclude as refused:
            error = str(refused)
    rows = [_row(each, own, request, now) for each in meetings.values()]
    for row in rows:
        if row["meeting"] == posted:
            is_open = words is None or row["said"] is None
            row |= {"error": error, "words": words or row["words"], "is_open": is_open}
    context = {
        "fair": own.fair,
        "own": own,
        "rows": rows,
        "answered": sum(row["said"] is not None for row in rows),
        "asked": sum(row["stage"] is not None for row in rows),
        "here": here,
        "outcomes": _linked(request, meetings),
    }
    is_wrong = error or (words is not None and words.errors)
    return render(request, template, context, status=422 if is_wrong else 200)


def _number(text) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else 0


def _row(meeting, own, request, now) -> dict:
    stage = stage_of(meeting, now)
    if stage == Stage.SECOND and meeting.word == MeetingState.NOT_HELD:
        stage = None
    said = next((each for each in meeting.own_feedback if each.stage == stage), None)
    asked = {name: _number(request.GET.get(name)) == meeting.pk for name in ("done", "change")}
    is_chosen = _number(request.GET.get("meeting")) == meeting.pk
    return {
        "meeting": meeting,
        "others": others_of(meeting, own),
        "stage": stage,
        "choices": OUTCOMES[stage] if stage else (),
        "chosen": request.GET.get("outcome") if is_chosen else (said.outcome if said else ""),
        "said": said,
        "earlier": next((each for each in meeting.own_feedback if each.stage != stage), None),
        "is_open": stage is not None and (said is None or asked["change"] or is_chosen),
        "is_done": asked["done"],
        "is_thanked": _number(request.GET.get("thanks")) == meeting.pk,
        "words": WordsForm(feedback=said) if said else None,
        "leads_to_interest": said is not None and said.outcome in LEADS_TO_INTEREST,
        "leads_to_case": said is not None and said.outcome in LEADS_TO_CASE,
    }


def _next_step(request, own, meeting, outcome, here) -> str:
    """Where the second tap leads: to the form that is filled in already, else back to the list."""
    is_linked = meeting.outcomes.exists()
    if request.user.is_authenticated and request.user.pk == own.person_id and not is_linked:
        if outcome in LEADS_TO_CASE and can_open_case(request.user):
            return reverse("aftermath:case", args=[meeting.pk])
        choices = choices_for(request.user, meeting, own) if outcome in LEADS_TO_INTEREST else []
        if any(each.refusal is None for each in choices):
            return reverse("aftermath:interest", args=[meeting.pk])
    return f"{here}?done={meeting.pk}#meeting-{meeting.pk}"


def _linked(request, meetings) -> dict:
    """What began at the meetings already, as far as the reader may know of it."""
    if not request.user.is_authenticated:
        return {}
    here = {"meeting_outcome__meeting__in": meetings}
    interests = Interest.objects.for_user(request.user).filter(**here)
    cases = ConversionCase.objects.for_user(request.user).filter(**here)
    found: dict = {}
    for label, rows in ((_("Interest"), interests), (_("Conversion case"), cases)):
        for each in rows.select_related("meeting_outcome"):
            link = {"label": f"{label} {each.code}", "url": each.get_absolute_url()}
            found.setdefault(each.meeting_outcome.meeting_id, []).append(link)
    return found
