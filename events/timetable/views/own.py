"""A participant's day: the list, the notes, the calendar."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from events.meetings.models import Meeting
from events.registration.views.own import get_own

from .. import services
from ..calendar import calendar_of, feed_content
from ..models import FEED_SALT, DayFeed, MeetingNote
from ..queries import day_meetings, day_of
from ..services import UnableToSchedule


@login_required
def my_day(request, code):
    """My meetings by time: whom, where, why, and what I noted (我的日程)."""
    registration = get_own(request.user, code)
    context = {
        "fair": registration.fair,
        "registration": registration,
        "days": day_of(registration),
        "feed": DayFeed.objects.filter(registration=registration).first(),
    }
    return render(request, "timetable/my_day.html", context)


def _own_meeting(registration, pk) -> Meeting:
    found = Meeting.objects.of(registration).select_related("slot", "table")
    return get_object_or_404(found, pk=pk)


@login_required
@require_POST
def note(request, code, pk):
    registration = get_own(request.user, code)
    text = request.POST.get("text", "")[: MeetingNote._meta.get_field("text").max_length]
    try:
        services.write_note(
            actor=request.user,
            registration=registration,
            meeting=_own_meeting(registration, pk),
            text=text,
        )
    except UnableToSchedule as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Note saved."))
    return redirect("timetable:my-day", code)


@login_required
@require_POST
def change_feed(request, code):
    """Make a calendar address, a new one instead of the old, or close it."""
    registration = get_own(request.user, code)
    if request.POST.get("action") == "revoke":
        services.revoke_feed(actor=request.user, registration=registration)
    else:
        services.open_feed(actor=request.user, registration=registration)
    return redirect("timetable:my-day", code)


@login_required
@require_GET
def meeting_file(request, code, pk):
    """One meeting for a calendar; a cancelled one takes itself out of it."""
    registration = get_own(request.user, code)
    wanted = _own_meeting(registration, pk)
    rows = [each for each in day_meetings(registration) if each.pk == wanted.pk]
    if not rows:
        raise Http404
    method = "PUBLISH" if rows[0].is_active else "CANCEL"
    response = HttpResponse(
        calendar_of(registration, rows, method),
        content_type=f"text/calendar; charset=utf-8; method={method}",
    )
    response["Content-Disposition"] = f'attachment; filename="meeting-{pk}.ics"'
    return response


@require_GET
def feed(request, token):
    """The calendar behind the address: who holds it needs no sign-in."""
    try:
        nonce = signing.Signer(salt=FEED_SALT).unsign(token)
    except signing.BadSignature:
        raise Http404 from None
    found = get_object_or_404(
        DayFeed.objects.select_related(
            "registration__person",
            "registration__fair__page",
            "registration__organization",
        ).exclude(registration__person__is_active=False),
        nonce=nonce,
    )
    digest, content = feed_content(found)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="fair.ics"'
    response["ETag"], response["Cache-Control"] = quote_etag(digest), "private, max-age=60"
    response["Referrer-Policy"] = "no-referrer"
    return get_conditional_response(request, etag=response["ETag"], response=response)
