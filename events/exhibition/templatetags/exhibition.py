"""What pages show of an exhibition: the plan of a hall, states, the way in from the fair's page."""

from django import template
from django.urls import reverse
from django.utils import timezone

from events.exhibition import queries
from events.exhibition.drawing import CELL, EDGE, GLYPH, draw
from events.exhibition.enums import AfterShow, ExhibitorState
from events.exhibition.rules import takes_applications
from events.fairs.models import Fair
from events.models import FairPage

register = template.Library()
MOST_BARS = 5

TONES = {
    ExhibitorState.APPLIED: "blue",
    ExhibitorState.WAITLISTED: "amber",
    ExhibitorState.REJECTED: "red",
    ExhibitorState.ACCEPTED: "blue",
    ExhibitorState.BOOTH_GIVEN: "amber",
    ExhibitorState.SUBMITTED: "blue",
    ExhibitorState.RETURNED: "vermilion",
    ExhibitorState.PASSED: "lake",
    ExhibitorState.ON_SHOW: "lake",
}


@register.filter
def exhibitor_tone(state: str) -> str:
    return TONES.get(ExhibitorState(state), "")


@register.inclusion_tag("exhibition/_plan.html")
def visitors_plan(fair: Fair, plan: queries.Plan, is_whole=False):
    """A hall whose booths lead to their exhibitors; a whole one shrinks to fit a phone."""

    def address(place):
        if place.exhibitor is None:
            return ""
        return reverse("exhibition:exhibitor", args=[fair.code, place.exhibitor.pk])

    context = _context(
        plan, address, lambda place: place.exhibitor.label if place.exhibitor else ""
    )
    return context | {"is_whole": is_whole}


@register.inclusion_tag("exhibition/_plan.html")
def organizers_plan(fair: Fair, plan: queries.Plan, is_editor=False):
    """A hall whose booths lead to their forms; in the editor they can be dragged."""
    here = reverse("exhibition:hall", args=[fair.code, plan.hall.pk])

    def words(place):
        """What a vacant booth offers, so that nobody has to open it."""
        if place.exhibitor:
            return place.exhibitor.label
        return f"{place.booth.area}m² {float(place.booth.power_kw):g}kW"

    context = _context(plan, lambda place: f"{here}?booth={place.booth.pk}#booth", words)
    return context | {"is_editor": is_editor, "shows_free": True}


def _context(plan, address, words):
    return {
        "plan": plan,
        "drawing": draw(plan, address, words),
        "cell": CELL,
        "edge": EDGE,
        "glyph": GLYPH,
    }


@register.simple_tag
def tally_bars(fair: Fair, tally: queries.Tally, page: str) -> list[dict]:
    """The exhibitors with most votes for a chart, each leading to ``page`` while it has a booth."""
    return [
        {
            "label": f"{exhibitor.label} {exhibitor.booth or ''}",
            "value": votes,
            "url": reverse(page, args=[fair.code, exhibitor.pk]) if exhibitor.booth else "",
        }
        for exhibitor, votes in tally.rows[:MOST_BARS]
    ]


@register.simple_tag
def exhibition_way(page: FairPage) -> dict:
    """What the fair's public page tells of its exhibition; empty where there is none."""
    fair = Fair.objects.filter(page=page).select_related("page").first()
    if fair is None or not fair.has_exhibition:
        return {}
    exhibition = queries.exhibition_of(fair)
    parts = queries.shown_parts(fair, exhibition, timezone.now())
    if parts == AfterShow.NOTHING:
        return {}
    return {
        "fair": fair,
        "count": queries.shown_exhibitors(fair).order_by().count(),
        "takes_applications": takes_applications(fair, exhibition),
        "has_result": exhibition.result_on is not None,
    }
