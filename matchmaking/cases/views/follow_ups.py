from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from .. import services
from ..forms import FollowUpForm
from ..services import UnableToMoveCase


def follow_up(request, token):
    """One minute for the taker: a signed link, no sign-in (跟踪回访)."""
    found = services.find_by_token(token)
    if found is None:
        raise Http404
    form = FollowUpForm(request.POST or None, instance=found)
    is_kept = False
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_follow_up(
                follow_up=found, now=timezone.now(), answers=form.cleaned_data
            )
            is_kept = True
        except UnableToMoveCase as error:
            form.add_error(None, str(error))
    context = {"form": form, "follow_up": found, "is_kept": is_kept}
    return render(request, "cases/follow_up.html", context, status=422 if form.errors else 200)
