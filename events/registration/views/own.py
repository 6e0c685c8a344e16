"""One's own registration: in steps, with a check page, and what may be done with it later."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_POST

from events.fairs.enums import SlotKind
from events.fairs.models import Fair, Slot
from portal.accounts.limits import client_ip, limited
from portal.accounts.queries import consents_in_force

from .. import services
from ..badges import ticket_svg
from ..checks import may_meet, missing_parts, questions_for, unanswered
from ..enums import REOPENED_STATES, QuestionStage, RegistrationState, Step
from ..forms import (
    AnswersForm,
    AvailabilityForm,
    ConsentsForm,
    EntriesForm,
    ProfileForm,
    RoleForm,
)
from ..models import Answer, Registration
from ..queries import (
    needs_of,
    offers_of,
    own_registrations,
    place_in_line,
    registration_of,
    with_details,
)
from ..rules import (
    can_edit_registration,
    can_read_registration,
    can_register,
    can_take_offer,
    can_withdraw,
)

PAGE = 20


def get_announced(code) -> Fair:
    return get_object_or_404(Fair.objects.published().with_page(), code=code)


def get_own(user, code) -> Registration:
    fair = get_announced(code)
    registration = registration_of(user, fair)
    if registration is None:
        raise Http404
    registration.fair = fair
    return registration


def steps_of(registration: Registration) -> list[Step]:
    """The steps that concern this role at this fair."""
    left_out = set()
    if not may_meet(registration):
        left_out.add(Step.AVAILABILITY)
    if not questions_for(registration, *_stages(registration)):
        left_out.add(Step.QUESTIONS)
    return [step for step in Step if step not in left_out]


def _stages(registration) -> list[QuestionStage]:
    """Who is admitted is asked everything, before that what belongs to registering."""
    stages = [QuestionStage.REGISTRATION]
    return [*stages, QuestionStage.ADMITTED] if registration.is_admitted else stages


def step_links(registration, current=None) -> list[dict]:
    code = registration.fair.code
    is_draft = registration.state == RegistrationState.DRAFT
    lacking = {each.step for each in missing_parts(registration)}
    links = [
        {
            "label": each.label,
            "url": reverse("registration:step", args=[code, each.value]),
            "state": "current" if each == current else "" if each in lacking else "done",
        }
        for each in steps_of(registration)
    ]
    if is_draft:
        links.append(
            {
                "label": _("Check and hand in"),
                "url": reverse("registration:check", args=[code]),
                "state": "" if current else "current",
            }
        )
    return links


@login_required
@limited("register")
def begin(request, code):
    """What is asked and what for; the button begins. Who has begun goes on."""
    fair = get_announced(code)
    own = registration_of(request.user, fair)
    if own is not None and own.state not in REOPENED_STATES:
        return _go_on(own, fair)
    if request.method != "POST":
        is_open = can_register(request.user, fair)
        context = {"fair": fair, "is_open": is_open, "has_questions": fair.questions.exists()}
        return render(request, "registration/begin.html", context)
    try:
        registration = services.begin_registration(actor=request.user, fair=fair)
    except services.UnableToRegister as error:
        messages.error(request, str(error))
        return redirect(fair.page.url)
    return _go_on(registration, fair)


def _go_on(registration, fair):
    if registration.state == RegistrationState.DRAFT:
        return redirect("registration:step", fair.code, Step.ROLE.value)
    return redirect("registration:mine", fair.code)


def _make_form(request, registration, step):
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    user = request.user
    if step == Step.ENTRIES:
        return EntriesForm(
            data, registration=registration, offers=offers_of(user), needs=needs_of(user)
        )
    if step == Step.AVAILABILITY:
        slots = Slot.objects.filter(session__fair=registration.fair, kind=SlotKind.MEETING)
        slots = slots.select_related("session").order_by("starts_at")
        return AvailabilityForm(data, registration=registration, slots=slots)
    if step == Step.QUESTIONS:
        questions = questions_for(registration, *_stages(registration))
        return AnswersForm(data, files, registration=registration, questions=questions)
    form = RoleForm if step == Step.ROLE else ProfileForm
    return form(data, registration=registration, user=user)


def _save(user, registration, step, form):
    who = {"actor": user, "registration": registration}
    if step == Step.ENTRIES:
        services.set_entries(**who, entries=form.entries)
    elif step == Step.AVAILABILITY:
        services.set_availability(**who, states=form.states)
    elif step == Step.QUESTIONS:
        services.answer_questions(**who, answers=form.answers, stages=_stages(registration))
    else:
        services.edit_registration(**who, values=form.cleaned_data)


@login_required
@limited("register")
def step(request, code, step):
    registration = get_own(request.user, code)
    if step not in Step.values or not can_edit_registration(request.user, registration):
        raise Http404
    current = Step(step)
    form = _make_form(request, registration, current)
    if request.method == "POST" and form.is_valid():
        try:
            _save(request.user, registration, current, form)
        except services.UnableToRegister as error:
            form.add_error(None, str(error))
        else:
            return redirect(_next_url(get_own(request.user, code), current))
    context = {
        "registration": registration,
        "fair": registration.fair,
        "form": form,
        "step": current,
        "steps": step_links(registration, current),
        "template": f"registration/_{current.value}_fields.html"
        if current in {Step.ENTRIES, Step.AVAILABILITY}
        else "",
    }
    return render(request, "registration/step.html", context, status=422 if form.errors else 200)


def _next_url(registration, current) -> str:
    """The next step of a draft; of what was sent already, back to its page."""
    code = registration.fair.code
    if registration.state != RegistrationState.DRAFT:
        return reverse("registration:mine", args=[code])
    steps = steps_of(registration)
    place = steps.index(current) + 1 if current in steps else len(steps)
    if place < len(steps):
        return reverse("registration:step", args=[code, steps[place].value])
    return reverse("registration:check", args=[code])


@login_required
@limited("register")
def check(request, code):
    """All answers on one page, the consents, and the sending."""
    registration = get_own(request.user, code)
    if registration.state != RegistrationState.DRAFT:
        return redirect("registration:mine", code)
    fair = with_details(registration).fair
    held = consents_in_force(request.user, subject=fair.code)
    form = ConsentsForm(request.POST or None, held=held)
    if request.method == "POST" and form.is_valid():
        try:
            sent = services.submit_registration(
                actor=request.user,
                registration=registration,
                consents=form.consents,
                ip_address=client_ip(request),
            )
        except services.UnableToRegister as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _sent_words(sent))
            return redirect("registration:mine", code)
    context = {
        "registration": registration,
        "fair": fair,
        "form": form,
        "steps": step_links(registration),
        "missing": [
            (each, reverse("registration:step", args=[code, each.step.value]))
            for each in missing_parts(registration)
        ],
        "shows_availability": may_meet(registration),
    }
    return render(request, "registration/check.html", context, status=422 if form.errors else 200)


def _sent_words(registration) -> str:
    return {
        RegistrationState.APPROVED: _("You are admitted. Your ticket is below."),
        RegistrationState.WAITLISTED: _("All places are taken: you are on the waiting list."),
    }.get(
        RegistrationState(registration.state),
        _("Sent. The organizer decides, and you will be told."),
    )


@login_required
def mine(request, code):
    """Where one's registration stands: ticket, data, consents, what may be done."""
    fair = get_announced(code)
    registration = registration_of(request.user, fair)
    if registration is None:
        return redirect("registration:begin", code)
    with_details(registration).fair = fair
    held = consents_in_force(request.user, subject=fair.code)
    form = ConsentsForm(request.POST or None, held=held, asks_organizer=False)
    may_edit = can_edit_registration(request.user, registration)
    if request.method == "POST" and not may_edit:
        raise Http404
    if request.method == "POST" and form.is_valid():
        services.set_consents(
            actor=request.user,
            registration=registration,
            consents=form.consents,
            ip_address=client_ip(request),
        )
        messages.success(request, _("Saved."))
        return redirect("registration:mine", code)
    context = {
        "registration": registration,
        "fair": fair,
        "may_edit": may_edit,
        "may_withdraw": can_withdraw(request.user, registration),
        "may_take_offer": can_take_offer(request.user, registration),
        "steps": step_links(registration) if may_edit else [],
        "consents_form": form,
        "ticket": ticket_svg(registration.ticket) if registration.is_admitted else "",
        "place": place_in_line(registration),
        "wait": registration.waits.filter(outcome="").first(),
        "open_questions": unanswered(registration, *_stages(registration)) if may_edit else [],
        "shows_availability": may_meet(registration),
    }
    return render(request, "registration/mine.html", context)


ACTIONS = {
    "withdraw": (
        can_withdraw,
        services.withdraw_registration,
        gettext_lazy("Withdrawn; the place goes to the next."),
    ),
    "accept": (can_take_offer, services.accept_offer, gettext_lazy("The place is yours.")),
    "decline": (
        can_take_offer,
        services.decline_offer,
        gettext_lazy("The place goes to the next."),
    ),
}


@login_required
@require_POST
def act(request, code, action):
    registration = get_own(request.user, code)
    if action not in ACTIONS or not ACTIONS[action][0](request.user, registration):
        raise Http404
    _rule, door, done = ACTIONS[action]
    try:
        door(actor=request.user, registration=registration)
    except services.UnableToRegister as error:
        messages.error(request, str(error))
    else:
        messages.success(request, str(done))
    return redirect("registration:mine", code)


@login_required
def own_list(request):
    """All fairs that one has registered for."""
    rows = own_registrations(request.user)
    page_obj = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "registration/own.html", {"page_obj": page_obj})


@login_required
def file(request, pk):
    """Send a file of an answer as an attachment, and put that on record."""
    answers = Answer.objects.exclude(file="").select_related("registration__fair")
    answer = get_object_or_404(answers, pk=pk)
    if not can_read_registration(request.user, answer.registration):
        raise Http404
    services.record_reading(actor=request.user, answer=answer)
    response = FileResponse(
        answer.file.open("rb"),
        as_attachment=True,
        filename=answer.shown,
        content_type="application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
