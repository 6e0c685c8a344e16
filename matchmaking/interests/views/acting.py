"""Expressing an interest, and the steps of one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.accounts.limits import client_ip, limited

from .. import services
from ..clock import due_date, term_of
from ..forms import ExpressForm, MessageForm
from ..queries import response_figures
from ..rules import side_of
from ..subjects import find_subject, refusal_for, sending_organizations
from .actions import find_action
from .reading import get_interest, render_interest


@login_required
@limited("interest")
def express(request):
    """The short form for a listing or a need, or the reason why there is none."""
    page, code = request.GET.get("page", ""), request.GET.get("need", "")
    page_id = int(page) if page.isascii() and page.isdigit() and len(page) < 18 else None
    subject = find_subject(request.user, page_id=page_id, need_code=code)
    if subject is None or (page and page_id is None):
        raise Http404
    refusal = refusal_for(request.user, subject)
    if refusal:
        context = {"subject": subject, "refusal": refusal}
        return render(request, "interests/express.html", context)
    senders = [
        each
        for each in sending_organizations(request.user, subject)
        if refusal_for(request.user, subject, each) is None
    ]
    form = ExpressForm(
        request.POST or None, organizations=senders, names_receiver=subject.names_receiver
    )
    if request.method == "POST" and form.is_valid():
        sent = _express(request, subject, form)
        if sent:
            messages.success(
                request,
                _("Sent. An answer is due by %(date)s.") % {"date": f"{sent.due_on:%Y-%m-%d}"},
            )
            return redirect(sent)
    days = term_of(subject.kind)
    context = {
        "subject": subject,
        "form": form,
        "days": days,
        "due_on": due_date(timezone.localdate(), days),
        "figures": response_figures(subject.receiver) if subject.names_receiver else None,
    }
    return render(request, "interests/express.html", context)


def _express(request, subject, form):
    data = {name: value for name, value in form.cleaned_data.items() if name != "is_confirmed"}
    try:
        return services.express_interest(
            actor=request.user,
            page=subject.page,
            need=subject.need,
            ip_address=client_ip(request),
            **data,
        )
    except services.UnableToChangeInterest as error:
        form.add_error(None, str(error))
        return None


@login_required
@limited("interest")
def act(request, code, action):
    """One step of an interest on a page of its own."""
    interest = get_interest(request.user, code)
    chosen = find_action(action)
    if chosen is None or not chosen.is_allowed(request.user, interest):
        raise Http404
    form = chosen.make_form(interest, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = {name: value for name, value in form.cleaned_data.items() if name != "is_confirmed"}
        if "shares_contact" in data:
            data["ip_address"] = client_ip(request)
        try:
            chosen.door(actor=request.user, interest=interest, **data)
        except services.UnableToChangeInterest as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, str(chosen.done))
            return redirect(interest)
    context = {"interest": interest, "action": chosen, "form": form}
    return render(request, "interests/act.html", context)


def _get_own(user, code):
    """The interest for those who act in it; who only reads finds no door."""
    interest = get_interest(user, code)
    if side_of(user, interest) is None:
        raise Http404
    return interest


@login_required
@require_POST
@limited("interest")
def write(request, code):
    """Send a message, or show it again with what marks it as confidential."""
    interest = _get_own(request.user, code)
    form = MessageForm(request.POST, request.FILES)
    if not form.is_valid():
        return render_interest(request, interest, form)
    try:
        message = services.send_message(
            actor=request.user,
            interest=interest,
            text=form.cleaned_data["text"],
            files=form.cleaned_data["attachments"],
            is_confidential=form.cleaned_data["is_confidential"],
            is_confirmed="confirm" in request.POST,
        )
    except services.UnableToChangeInterest as error:
        form.add_error(None, str(error))
        return render_interest(request, interest, form)
    if message.sent_at:
        messages.success(request, _("Message sent."))
        return redirect(f"{interest.get_absolute_url()}#message-{message.pk}")
    return redirect(f"{interest.get_absolute_url()}#write")


@login_required
@require_POST
def discard(request, code):
    interest = _get_own(request.user, code)
    try:
        services.discard_draft(actor=request.user, interest=interest)
        messages.success(request, _("The unsent message is gone."))
    except services.UnableToChangeInterest as error:
        messages.error(request, str(error))
    return redirect(interest)
