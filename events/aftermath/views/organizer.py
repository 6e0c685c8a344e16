"""What the organizer sees of the outcomes.

Counts and shares; of a single meeting whether it was held and which answers both sides chose.
Comments are judgements of people: only those that their authors let the organizer read, without
the person's name, and no marks of a single person.
"""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from achievements.amounts import write_yuan
from events.meetings.enums import MeetingState
from events.meetings.views.desk import get_fair
from matchmaking.cases.models import ConversionCase
from matchmaking.interests.models import Interest

from ..enums import OUTCOMES, Outcome, Stage
from ..queries import (
    amount_of,
    asked_seats,
    cases_begun_at,
    meetings_by_outcome,
    outcome_counts,
    shared_comments,
    word_counts,
)
from ..rules import can_read_amounts, can_read_outcomes

PAGE, MOST_COMMENTS = 20, 10


@login_required
def outcomes(request, code):
    fair = get_fair(code)
    if not can_read_outcomes(request.user, fair):
        raise Http404
    shown, meeting = request.GET.get("outcome", ""), request.GET.get("meeting", "")
    shown = shown if shown in Outcome.values else ""
    rows = meetings_by_outcome(fair, shown)
    if meeting.isascii() and meeting.isdigit() and len(meeting) < 18:
        rows = rows.filter(pk=int(meeting))
    page_obj = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    counts = outcome_counts(fair)
    cases = cases_begun_at(fair, "__fair")
    context = {
        "fair": fair,
        "tiles": _tiles(request.user, fair, counts, cases),
        "stages": [_stage(stage, counts[stage]) for stage in Stage if counts[stage]],
        "page_obj": page_obj,
        "lines": [_line(each) for each in page_obj],
        "shown": shown,
        "chosen": [each for each in Outcome if counts[1][each] or counts[2][each]],
        "is_single": bool(meeting),
        "comments": shared_comments(fair)[:MOST_COMMENTS],
        "cases": ConversionCase.objects.for_user(request.user).filter(pk__in=cases)[:PAGE],
    }
    return render(request, "aftermath/outcomes.html", context)


def _share(part: int, whole: int) -> str:
    return f"{part * 100 / whole:.0f}%" if whole else "–"


def _tiles(user, fair, counts, cases) -> list[dict]:
    words, asked = word_counts(fair), asked_seats(fair)
    first, second = counts[Stage.FIRST], counts[Stage.SECOND]
    here = reverse("aftermath:outcomes", args=[fair.code])
    amount = amount_of(fair, is_full=can_read_amounts(user))
    return [
        {
            "label": _("Meetings held"),
            "value": words[MeetingState.HELD],
            "definition": _("%(not_held)d not held, %(unknown)d not known")
            % {"not_held": words[MeetingState.NOT_HELD], "unknown": words[""]},
        },
        {
            "label": _("Answers right after"),
            "value": _share(first.total(), asked),
            "definition": f"{first.total()} ÷ {asked}",
        },
        {
            "label": _("Cooperation possible"),
            "value": _share(first[Outcome.COOPERATION], first.total()),
            "definition": f"{first[Outcome.COOPERATION]} ÷ {first.total()}",
            "url": f"{here}?outcome={Outcome.COOPERATION}",
        },
        {
            "label": _("Agreement reached"),
            "value": second[Outcome.AGREEMENT],
            "definition": _("of %(number)d answers half a year later") % {"number": second.total()},
            "url": f"{here}?outcome={Outcome.AGREEMENT}",
        },
        {
            "label": _("Interests that began here"),
            "value": Interest.objects.filter(meeting_outcome__meeting__fair=fair).count(),
        },
        {
            "label": _("Cases that began here"),
            "value": cases.count(),
            "definition": ""
            if amount is None
            else _("contracts within a year: %(amount)s") % {"amount": write_yuan(amount)},
        },
    ]


def _stage(stage, counted) -> dict:
    rows = [
        {"label": str(outcome.label), "value": counted[outcome], "url": f"?outcome={outcome}"}
        for outcome in OUTCOMES[stage]
    ]
    return {"label": Stage(stage).label, "rows": rows, "total": counted.total()}


def _line(meeting) -> dict:
    """One meeting: its sides by organization, and what each of them answered at either time."""
    said: dict[int, list] = {}
    for each in sorted(meeting.feedback.all(), key=lambda each: each.stage):
        said.setdefault(each.registration_id, []).append(each)
    return {
        "meeting": meeting,
        "word": MeetingState(meeting.word).label if meeting.word else "",
        "sides": [
            (seat.registration.organization_label, said.get(seat.registration_id, []))
            for seat in meeting.seats.all()
        ],
        "has_outcome": bool(meeting.outcomes.all()),
    }
