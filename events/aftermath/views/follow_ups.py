"""What is to be done after meetings: adding it, the list of both sides' matters, ending them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_POST

from portal.accounts.limits import limited

from .. import services
from ..enums import FollowUpState
from ..forms import FollowUpForm
from ..queries import follow_ups_of, others_of
from ..rules import can_follow_up
from .concluding import get_meeting

PAGE = 20
ENDS = {
    "done": (FollowUpState.DONE, gettext_lazy("Done.")),
    "drop": (FollowUpState.DROPPED, gettext_lazy("Dropped.")),
    "reopen": (FollowUpState.OPEN, gettext_lazy("Open again.")),
}


@login_required
@limited("meeting")
def add(request, pk):
    meeting, own = get_meeting(request.user, pk)
    if not can_follow_up(request.user, meeting, timezone.now()):
        raise Http404
    form = FollowUpForm(request.POST or None, meeting=meeting, own=own)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_follow_up(actor=request.user, meeting=meeting, **form.cleaned_data)
        except services.UnableToConclude as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Noted. Both sides see it; who does it is reminded."))
            return redirect("aftermath:follow-ups")
    context = {
        "fair": meeting.fair,
        "meeting": meeting,
        "others": others_of(meeting, own),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "aftermath/follow_up.html", context, status=status)


@login_required
def follow_ups(request):
    page_obj = Paginator(follow_ups_of(request.user), PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page_obj, "today": timezone.localdate()}
    return render(request, "aftermath/follow_ups.html", context)


@login_required
@require_POST
@limited("meeting")
def end(request, pk, action):
    follow_up = get_object_or_404(follow_ups_of(request.user), pk=pk)
    if action not in ENDS:
        raise Http404
    state, done = ENDS[action]
    try:
        services.end_follow_up(actor=request.user, follow_up=follow_up, state=state)
    except services.UnableToConclude as error:
        messages.error(request, str(error))
    else:
        messages.success(request, str(done))
    return redirect("aftermath:follow-ups")
