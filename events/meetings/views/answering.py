"""One request: answering it in the portal or by the link of a mail, changing it, ending it."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from portal.accounts.limits import limited

from .. import services
from ..enums import Shelf
from ..forms import AcceptByLinkForm, AcceptForm, DeclineForm, WishForm
from ..models import MeetingRequest, NoMeet
from ..queries import with_other
from ..rules import (
    can_answer,
    can_call_off,
    can_read_request,
    can_turn_down,
    can_withdraw_request,
    is_answerable,
    picks_time,
)
from ..times import bookable_slots
from .desk import desk_context, get_own


def get_request(user, pk) -> MeetingRequest:
    """A request of one's own; what comes from people whom one refused is out of sight."""
    found = get_object_or_404(MeetingRequest.objects.with_people(), pk=pk)
    if not can_read_request(user, found):
        raise Http404
    is_received = found.to_registration.person_id == user.pk
    refused = NoMeet.objects.filter(
        from_registration=found.to_registration, to_registration=found.from_registration
    )
    if is_received and not found.is_agreed and refused.exists():
        raise Http404
    return found


def slots_of(found):
    if not picks_time(found.fair):
        return []
    people = (found.from_registration, found.to_registration)
    return bookable_slots(found.fair, people, timezone.now())


def _show(request, found, *, accept=None, decline=None, wish=None):
    own = get_own(request.user, found.fair.code)
    now = timezone.now()
    [found] = with_other([found], own, request.user, now)
    is_asking = found.from_registration_id == own.pk
    may_answer = can_answer(request.user, found, now)
    own_wish = found.priority if is_asking else found.answer_priority
    context = {
        **desk_context(request, own, "sent" if is_asking else "received"),
        "found": found,
        "is_asking": is_asking,
        "own_wish": own_wish,
        "meeting": found.meetings.active().with_place().first(),
        "may_answer": may_answer,
        "may_turn_down": can_turn_down(request.user, found),
        "may_withdraw": can_withdraw_request(request.user, found),
        "may_call_off": can_call_off(request.user, found),
        "may_wish": (is_asking and found.state == "SENT") or found.is_agreed,
        "accept_form": accept or AcceptForm(request=found, slots=slots_of(found)),
        "decline_form": decline or DeclineForm(),
        "wish_form": wish or WishForm(initial={"priority": own_wish}),
    }
    failed = any(form is not None and form.errors for form in (accept, decline, wish))
    return render(request, "meetings/request.html", context, status=422 if failed else 200)


@login_required
def request(request, pk):
    return _show(request, get_request(request.user, pk))


DONE = {
    "accept": gettext_lazy("Agreed. The other side has been told."),
    "decline": gettext_lazy("Declined. The other side has been told why."),
    "wish": gettext_lazy("Saved."),
    "withdraw": gettext_lazy("Taken back."),
    "call-off": gettext_lazy("Called off. The other side has been told."),
}


def _form_of(action, post, found):
    if action == "accept":
        return AcceptForm(post, request=found, slots=slots_of(found))
    if action == "decline":
        return DeclineForm(post)
    return WishForm(post) if action == "wish" else None


DOORS: dict[str, Callable[..., MeetingRequest]] = {
    "accept": services.accept_request,
    "decline": services.decline_request,
    "wish": services.change_wish,
    "withdraw": services.withdraw_request,
    "call-off": services.call_off,
}


@login_required
@require_POST
@limited("meeting")
def act(request, pk, action):
    if action not in DOORS:
        raise Http404
    found = get_request(request.user, pk)
    form = _form_of(action, request.POST, found)
    if form is not None and not form.is_valid():
        return _show(request, found, **{action: form})
    given = form.cleaned_data if form is not None else {}
    try:
        DOORS[action](actor=request.user, request=found, **given)
    except services.UnableToMeet as error:
        messages.error(request, str(error))
    else:
        messages.success(request, str(DONE[action]))
        if request.POST.get("back") in Shelf.values:
            return redirect("meetings:requests", found.fair.code, request.POST["back"])
    return redirect(found)


@never_cache
@limited("meeting")
def answer(request, token):
    """Answer by the link of a mail: looking changes nothing, the button does."""
    found = services.find_by_token(token)
    if found is None:
        raise Http404
    says = request.POST.get("answer", "")
    accept = AcceptByLinkForm(
        request.POST if says == "yes" else None, request=found, slots=slots_of(found)
    )
    decline = DeclineForm(request.POST if says == "no" else None)
    form = accept if says == "yes" else decline
    if says in {"yes", "no"} and form.is_valid():
        try:
            found = services.answer_by_link(token=token, accepts=says == "yes", **form.cleaned_data)
        except services.UnableToMeet as error:
            form.add_error(None, str(error))
        else:
            return redirect("meetings:answer", token)
    context = {
        "found": found,
        "person": found.from_registration,
        "meeting": found.meetings.active().with_place().first(),
        "may_answer": is_answerable(found, timezone.now()),
        "accept_form": accept,
        "decline_form": decline,
        "is_declining": says == "no",
    }
    return render(request, "meetings/answer.html", context, status=422 if form.errors else 200)
