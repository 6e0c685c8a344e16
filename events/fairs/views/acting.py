"""One step of a fair on a page of its own."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render

from ..services import UnableToChangeFair
from .actions import find_action
from .reading import get_fair


@login_required
def act(request, code, action):
    fair = get_fair(request.user, code)
    chosen = find_action(action)
    if chosen is None or not chosen.is_allowed(request.user, fair):
        raise Http404
    form = chosen.make_form(fair, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            moved = chosen.door(actor=request.user, fair=fair, **form.cleaned_data)
        except UnableToChangeFair as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, str(chosen.done))
            return redirect(moved)
    context = {"fair": fair, "action": chosen, "form": form}
    return render(request, "fairs/act.html", context, status=422 if form.errors else 200)
