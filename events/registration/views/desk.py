"""The organizer's desk: the queue with bulk decisions, one person, export, badges."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_POST

from events.fairs.enums import ParticipantRole
from events.fairs.rules import can_manage_fair, can_read_people
from events.fairs.views.reading import get_fair
from portal.audit.services import record

from .. import services
from ..badges import badges_pdf
from ..checks import questions_for
from ..enums import UNDECIDED_STATES, RegistrationState
from ..exports import WRITERS
from ..models import Registration
from ..queries import states_of, with_details
from ..rules import can_decide

PAGE = 50
SHELVES = {
    "pending": RegistrationState.PENDING,
    "admitted": RegistrationState.APPROVED,
    "waiting": RegistrationState.WAITLISTED,
    "offered": RegistrationState.OFFERED,
    "refused": RegistrationState.REJECTED,
    "withdrawn": RegistrationState.WITHDRAWN,
    "expired": RegistrationState.EXPIRED,
    "arrived": RegistrationState.CHECKED_IN,
    "absent": RegistrationState.NO_SHOW,
}


def _found(request, fair):
    """The registrations that the filters leave, and what was chosen."""
    shelf, role = request.GET.get("shelf", ""), request.GET.get("role", "")
    words = request.GET.get("q", "").strip()[:60]
    rows = Registration.objects.filter(fair=fair).sent().with_names()
    if shelf in SHELVES:
        rows = rows.filter(state=SHELVES[shelf])
    if role in ParticipantRole.values:
        rows = rows.filter(role=role)
    if words:
        rows = rows.filter(
            Q(name__icontains=words)
            | Q(organization_name__icontains=words)
            | Q(organization__name__icontains=words)
            | Q(email__icontains=words)
        )
    return rows, {"shelf": shelf, "role": role, "q": words}


@login_required
def people(request, code):
    """The queue: by state, role and words, with bulk decisions."""
    fair = get_fair(request.user, code, can_read_people)
    rows, chosen = _found(request, fair)
    counted, here = states_of(fair), reverse("registration:people", args=[fair.code])
    sent = sum(counted.values()) - counted[RegistrationState.DRAFT]
    tabs = [{"label": _("All"), "url": here, "count": sent, "is_current": not chosen["shelf"]}]
    tabs += [
        {
            "label": state.label,
            "url": f"{here}?shelf={shelf}",
            "count": counted[state],
            "is_current": shelf == chosen["shelf"],
        }
        for shelf, state in SHELVES.items()
        if counted[state] or shelf == "pending"
    ]
    context = {
        "fair": fair,
        "page_obj": Paginator(rows.order_by("-submitted_at", "-pk"), PAGE).get_page(
            request.GET.get("page")
        ),
        "states": tabs,
        "chosen": chosen,
        "roles": [each for each in ParticipantRole if fair.roles.filter(role=each).exists()],
        "may_decide": can_decide(request.user, fair),
        "may_manage": can_manage_fair(request.user, fair),
        "here": request.get_full_path(),
    }
    return render(request, "registration/people.html", context)


@login_required
@require_POST
def decide(request, code):
    """Decide on the chosen ones; who could not be moved is named with the reason."""
    fair = get_fair(request.user, code, can_decide)
    decision, reason = request.POST.get("decision", ""), request.POST.get("reason", "").strip()
    chosen = [int(pk) for pk in request.POST.getlist("registration") if pk.isdecimal()]
    if decision not in {"approve", "reject", "waitlist"}:
        raise Http404
    if not chosen:
        messages.error(request, _("Choose at least one registration."))
    elif decision == "reject" and not reason:
        messages.error(request, _("Say why: the person reads it."))
    else:
        decided = services.decide_many(
            actor=request.user,
            fair=fair,
            registrations=chosen,
            decision=decision,
            reason=reason[:300],
        )
        if decided.moved:
            words = ngettext(
                "%(n)d registration moved.", "%(n)d registrations moved.", decided.moved
            )
            messages.success(request, words % {"n": decided.moved})
        for name, why in decided.refused:
            messages.error(request, f"{name}：{why}")
    return redirect(_back(request, fair))


def _back(request, fair) -> str:
    """The page that the form stood on; nothing but a page of this fair's people is believed."""
    here, given = reverse("registration:people", args=[fair.code]), request.POST.get("next", "")
    return given if given.startswith(here) else here


@login_required
def person(request, code, pk):
    """One registration with its answers, and the decision."""
    fair = get_fair(request.user, code, can_read_people)
    rows = Registration.objects.filter(fair=fair).sent().with_names()
    found = get_object_or_404(rows.select_related("decided_by"), pk=pk)
    with_details(found).fair = fair
    answers = {answer.question_id: answer for answer in found.answers.all()}
    context = {
        "fair": fair,
        "registration": found,
        "answers": [(each, answers.get(each.pk)) for each in questions_for(found)],
        "may_decide": can_decide(request.user, fair) and found.state in UNDECIDED_STATES,
        "deliveries": found.deliveries.order_by("-sent_at", "-pk"),
        "waits": found.waits.order_by("joined_at"),
    }
    return render(request, "registration/person.html", context)


@login_required
def export(request, code, suffix):
    """The people of a fair as a table; recorded, for it hands personal data out."""
    fair = get_fair(request.user, code, can_manage_fair)
    if suffix not in WRITERS:
        raise Http404
    write, content_type = WRITERS[suffix]
    record(
        actor=request.user,
        action="registration.export_people",
        target=fair,
        organization_id=fair.organizer_id,
        kind=suffix,
    )
    return _file(write(fair), content_type, f"{fair.code}.{suffix}")


@login_required
def badges(request, code):
    """Badges of all who are admitted, or of the chosen ones, on A4 sheets."""
    fair = get_fair(request.user, code, can_manage_fair)
    admitted = Registration.objects.filter(fair=fair).admitted().with_names()
    chosen = [int(pk) for pk in request.GET.getlist("registration") if pk.isdecimal()]
    if chosen:
        admitted = admitted.filter(pk__in=chosen)
    found = list(admitted.order_by("role", "organization_name", "name", "pk"))
    if not found:
        messages.error(request, _("Nobody is admitted yet: there is no badge to print."))
        return redirect("registration:people", fair.code)
    record(
        actor=request.user,
        action="registration.print_badges",
        target=fair,
        organization_id=fair.organizer_id,
        count=len(found),
    )
    return _file(badges_pdf(fair, found), "application/pdf", f"{fair.code}-badges.pdf")


def _file(content, content_type, name):
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
