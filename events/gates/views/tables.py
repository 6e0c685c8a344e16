"""The tables of a slot, for those who look after them: who has come, begun, ended, stayed away."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from events.fairs.enums import SlotKind
from events.fairs.models import Slot
from events.meetings.enums import MeetingState
from events.meetings.models import Meeting
from events.meetings.services import UnableToMeet

from .. import services
from ..queries import meetings_in, slot_at
from ..rules import has_come
from .reading import for_operators, get_door

PAGE = 40


@never_cache
@for_operators
@require_safe
def tables(request, code):
    """One slot at a time, the one under way unless another is asked for."""
    fair, operator = get_door(request, code)
    slots = list(
        Slot.objects.filter(session__fair=fair, kind=SlotKind.MEETING)
        .select_related("session")
        .order_by("starts_at", "pk")
    )
    now, wanted = timezone.now(), request.GET.get("slot", "")
    slot = next((each for each in slots if str(each.pk) == wanted), slot_at(slots, now))
    words = request.GET.get("q", "").strip()[:60]
    found = meetings_in([slot] if slot else [], words)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "fair": fair,
        "operator": operator,
        "slots": slots,
        "slot": slot,
        "words": words,
        "page_obj": page,
        "rows": [(meeting, has_come(meeting, now)) for meeting in page],
    }
    return render(request, "gates/tables.html", context)


@for_operators
@require_POST
def note(request, code, pk):
    """Write down what became of one meeting, and go back to its slot."""
    fair, operator = get_door(request, code)
    meeting = get_object_or_404(Meeting.objects.active().with_place(), fair=fair, pk=pk)
    meeting.fair = fair
    state = request.POST.get("state", "")
    if state not in MeetingState.values:
        raise Http404
    absent = [int(each) for each in request.POST.getlist("absent") if each.isdecimal()]
    try:
        services.note_at_table(operator=operator, meeting=meeting, state=state, absent=absent)
    except (services.UnableToCheckIn, UnableToMeet) as error:
        messages.error(request, str(error))
    else:
        place = meeting.table.code if meeting.table else _("Online")
        done = _("%(table)s: “%(state)s” is noted.")
        messages.success(request, done % {"table": place, "state": MeetingState(state).label})
    slot = f"?slot={meeting.slot_id}" if meeting.slot_id else ""
    return redirect(f"{reverse('gates:tables', args=[code])}{slot}#meeting-{meeting.pk}")
