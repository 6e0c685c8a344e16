"""The people whom one may ask: the list with its filters, one person, the asking."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from events.registration.models import Registration
from portal.accounts.limits import limited

from .. import services
from ..forms import AskForm, PeopleFilter
from ..models import NoMeet
from ..queries import askable_people, open_between, request_between, show_names, with_other
from ..rules import can_ask, picks_time
from ..suggestions import suggest
from ..times import bookable_slots
from .desk import PAGE, SHOWN, desk_context, get_own


@login_required
def people(request, code):
    """Everybody whom one may ask, not sorted by anybody's profile."""
    own = get_own(request.user, code)
    form = PeopleFilter(request.GET, own=own, user=request.user, now=timezone.now())
    rows = form.found().prefetch_related(*SHOWN).order_by("role", "pk")
    page_obj = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    asked = open_between(own, list(page_obj.object_list))
    context = {
        **desk_context(request, own, "people"),
        "form": form,
        "page_obj": page_obj,
        "rows": [(each, asked.get(each.pk)) for each in page_obj],
    }
    return render(request, "meetings/people.html", context)


def find_person(request, own, pk) -> Registration:
    """Somebody whom one may ask, has a request with, or has refused; nobody else is here."""
    person = askable_people(own, request.user, timezone.now()).filter(pk=pk).first()
    if person is not None:
        return person
    between = Registration.objects.filter(pk=pk, fair=own.fair).with_names().first()
    if between is None:
        raise Http404
    known = request_between(own, between)
    if known is not None:
        [row] = with_other([known], own, request.user, timezone.now())
        return row.other
    if NoMeet.objects.filter(from_registration=own, to_registration=between).exists():
        show_names([between], own, request.user, timezone.now())
        return between
    raise Http404


@login_required
@limited("meeting")
def person(request, code, pk):
    """One person with the reasons for a meeting, and the form to ask."""
    own = get_own(request.user, code)
    other = find_person(request, own, pk)
    other.fair = own.fair
    prefetch_related_objects([other, own], *SHOWN)
    known = request_between(own, other)
    now = timezone.now()
    refusal = NoMeet.objects.filter(from_registration=own, to_registration=other).first()
    is_askable = askable_people(own, request.user, now).filter(pk=other.pk).exists()
    may_ask = is_askable and can_ask(request.user, own, now)
    slots = bookable_slots(own.fair, (own, other), now) if picks_time(own.fair) else []
    suggestions = suggest(own, [other])
    best = next((each.reasons[0].mine for each in suggestions if each.reasons), None)
    form = AskForm(request.POST or None, own=own, slots=slots, initial={"about": best})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.send_request(actor=request.user, registration=own, other=other, **given)
        except services.UnableToMeet as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request,
                _("Agreed: both of you wish it.") if made.is_mutual else _("Your request is sent."),
            )
            return redirect(made)
    context = {
        **desk_context(request, own, "people"),
        "person": other,
        "known": known,
        "refusal": refusal,
        "may_ask": may_ask and not (known and (known.is_agreed or known.state == "SENT")),
        "form": form,
        "suggestions": suggestions,
    }
    return render(request, "meetings/person.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
@limited("meeting")
def refuse(request, code, pk):
    """No thanks: in one click, and as easily taken back."""
    own = get_own(request.user, code)
    other = find_person(request, own, pk)
    services.refuse_to_meet(actor=request.user, registration=own, other=other)
    messages.success(
        request, _("You will not be put together at this fair. The other side is not told.")
    )
    return redirect("meetings:desk", code)


@login_required
@require_POST
def lift(request, code, pk):
    own = get_own(request.user, code)
    other = find_person(request, own, pk)
    services.lift_refusal(actor=request.user, registration=own, other=other)
    messages.success(request, _("Taken back."))
    return redirect("meetings:refused", code)
