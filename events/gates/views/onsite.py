"""Two people who meet on the spot: found by name, ticket or organization, put into a free slot."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from events.fairs.views.reading import get_fair
from events.meetings.enums import MeetingSource
from events.meetings.rules import PRESENT_STATES, can_arrange
from events.meetings.services import UnableToMeet, arrange_meeting
from events.meetings.times import bookable_slots

from ..queries import find_people

SIDES = ("one", "other")


@login_required
def onsite(request, code):
    """Search for both, choose each, choose a slot in which they and a table are free."""
    fair = get_fair(request.user, code, can_arrange)
    sides = [_side(fair, name, request.GET) for name in SIDES]
    people = [chosen for _name, _words, _found, chosen in sides if chosen]
    slots = bookable_slots(fair, people, timezone.now()) if len(people) == len(SIDES) else []
    if request.method == "POST":
        return _arrange(request, fair, people, slots)
    context = {"fair": fair, "sides": sides, "slots": slots, "people": people}
    return render(request, "gates/onsite.html", context)


def _arrange(request, fair, people, slots):
    slot = next((each for each in slots if str(each.pk) == request.POST.get("slot")), None)
    if slot is None:
        messages.error(request, _("Choose a time that is still free."))
        return redirect(request.get_full_path())
    try:
        meeting = arrange_meeting(
            actor=request.user,
            fair=fair,
            registrations=people,
            slot=slot,
            source=MeetingSource.ONSITE,
        )
    except UnableToMeet as error:
        messages.error(request, str(error))
        return redirect(request.get_full_path())
    messages.success(request, _("The meeting is arranged, and both are told."))
    tables = reverse("gates:tables", args=[fair.code])
    return redirect(f"{tables}?slot={slot.pk}#meeting-{meeting.pk}")


def _side(fair, name, given):
    """What was searched for on one side, who was found, and who of them is chosen."""
    words = given.get(name, "").strip()[:60]
    found = [each for each in find_people(fair, words) if each.state in PRESENT_STATES]
    chosen = next((each for each in found if str(each.pk) == given.get(f"{name}-person")), None)
    return name, words, found, chosen or (found[0] if len(found) == 1 else None)
