"""A meeting that was arranged, seen by its people."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from .. import services
from ..forms import CancelMeetingForm
from ..models import Meeting
from ..rules import can_cancel_meeting, is_party


@login_required
def cancel(request, pk):
    """Call a meeting off after saying why."""
    meeting = get_object_or_404(Meeting.objects.with_place(), pk=pk)
    if not can_cancel_meeting(request.user, meeting):
        raise Http404
    form = CancelMeetingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel_meeting(actor=request.user, meeting=meeting, **form.cleaned_data)
        except services.UnableToMeet as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Cancelled. The others have been told."))
            back = "meetings:mine" if is_party(request.user, meeting) else "meetings:overview"
            return redirect(back, meeting.fair.code)
    seats = meeting.seats.select_related("registration__organization")
    context = {"meeting": meeting, "fair": meeting.fair, "form": form, "seats": seats}
    return render(request, "meetings/cancel.html", context, status=422 if form.errors else 200)
