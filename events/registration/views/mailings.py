"""Mails of the organizer with preview and log, and reminders by one click."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_POST

from events.fairs.enums import ParticipantRole
from events.fairs.views.reading import get_fair

from .. import services
from ..enums import RegistrationState
from ..forms import MailingForm
from ..models import Delivery
from ..reminders import find_reminder
from ..rules import can_mail

PAGE = 30


@login_required
def mailings(request, code):
    """What was sent and to how many; a new mail is written below, and looked at before sending."""
    fair = get_fair(request.user, code, can_mail)
    form = MailingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        written = services.write_mailing(actor=request.user, fair=fair, values=form.cleaned_data)
        return redirect("registration:mailing", fair.code, written.pk)
    log = Delivery.objects.filter(registration__fair=fair).select_related("registration")
    context = {
        "fair": fair,
        "form": form,
        "mailings": fair.mailings.order_by("-created_at", "-pk")[:PAGE],
        "page_obj": Paginator(log.order_by("-sent_at", "-pk"), PAGE).get_page(
            request.GET.get("page")
        ),
    }
    status = 422 if form.errors else 200
    return render(request, "registration/mailings.html", context, status=status)


@login_required
def mailing(request, code, pk):
    """A mail as the first of its readers will see it, in both languages; then the sending."""
    fair = get_fair(request.user, code, can_mail)
    found = get_object_or_404(fair.mailings.select_related("fair__page"), pk=pk)
    if request.method == "POST" and "send" in request.POST:
        try:
            services.send_mailing(actor=request.user, mailing=found)
        except services.UnableToRegister as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("It is being sent."))
        return redirect("registration:mailing", fair.code, pk)
    initial = {name: getattr(found, name) for name in MailingForm.base_fields}
    form = None if found.sent_at else MailingForm(request.POST or None, initial=initial)
    if form is not None and form.is_bound and form.is_valid():
        services.write_mailing(
            actor=request.user, fair=fair, values=form.cleaned_data, mailing=found
        )
        return redirect("registration:mailing", fair.code, pk)
    people = services.recipients_of(found)
    context = {
        "fair": fair,
        "mailing": found,
        "form": form,
        "count": people.count(),
        "previews": _previews(found, people.first()),
        "states": [RegistrationState(each).label for each in found.states],
        "roles": [ParticipantRole(each).label for each in found.roles],
        "sent": Delivery.objects.filter(registration__fair=fair, key=f"mailing:{found.pk}").count(),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "registration/mailing.html", context, status=status)


def _previews(found, first):
    """(language, subject, text) with the first reader's name filled in."""
    page = found.fair.page
    said = (
        ("zh-Hans", _("Chinese"), found.subject, found.body, page.title),
        ("en", _("English"), found.subject_en, found.body_en, page.title_en or page.title),
    )
    for code, label, subject, body, title in said:
        texts = {"subject": subject, "body": body}
        if first is not None:
            texts = {key: services.fill_in(text, first, title) for key, text in texts.items()}
        yield {"code": code, "label": label, **texts}


@login_required
@require_POST
def remind(request, code, slug):
    """Remind exactly those whom a line of the dashboard counts."""
    fair = get_fair(request.user, code, can_mail)
    reminder = find_reminder(slug)
    if reminder is None:
        raise Http404
    told = services.remind(actor=request.user, fair=fair, reminder=reminder)
    if told:
        words = ngettext("%(n)d person was reminded.", "%(n)d people were reminded.", told)
        messages.success(request, words % {"n": told})
    else:
        messages.info(request, _("Everybody was reminded within the last two days."))
    return redirect(fair)
