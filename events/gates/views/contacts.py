"""Contacts at a fair: the own code, who asked, whose card one has."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from events.registration.badges import ticket_svg
from events.registration.models import Registration
from events.registration.views.own import get_own
from portal.accounts.enums import ConsentPurpose
from portal.accounts.limits import client_ip, limited
from portal.accounts.queries import current_text

from .. import services
from ..models import ContactExchange
from ..queries import cards_of, exchanges_of
from ..rules import can_exchange
from ..vcards import vcard

PAGE = 20
SIGNER = signing.TimestampSigner(salt="events.gates.contact")
CODE_SECONDS = 12 * 3600  # a photographed code is of no use tomorrow
DOORS = {"confirm": services.confirm_exchange, "decline": services.decline_exchange}


@never_cache
@login_required
def contacts(request, code):
    """The own code to hold up, who waits for an answer, and the cards that one has."""
    own = get_own(request.user, code)
    may_exchange = can_exchange(own, timezone.now())
    page = Paginator(exchanges_of(own), PAGE).get_page(request.GET.get("page"))
    handle = SIGNER.sign(str(own.pk))
    address = reverse("gates:ask", args=[own.fair.code, handle])
    context = {
        "fair": own.fair,
        "registration": own,
        "may_exchange": may_exchange,
        "code": ticket_svg(request.build_absolute_uri(address)) if may_exchange else "",
        "address": request.build_absolute_uri(address),
        "page_obj": page,
        "rows": cards_of(own, page),
        "consent": current_text(ConsentPurpose.SHARE_CONTACT),
    }
    return render(request, "gates/contacts.html", context)


@never_cache
@login_required
@limited("contact")
def ask(request, code, handle):
    """Who held the code up, what is given, and the button that gives and asks."""
    own = get_own(request.user, code)
    other = _holder(own, handle)
    if request.method == "POST":
        try:
            services.ask_contact(
                actor=request.user, own=own, other=other, ip_address=client_ip(request)
            )
        except services.UnableToExchange as error:
            messages.error(request, str(error))
        return redirect("gates:contacts", code)
    context = {
        "fair": own.fair,
        "own": own,
        "other": other,
        "consent": current_text(ConsentPurpose.SHARE_CONTACT),
    }
    return render(request, "gates/ask.html", context)


def _holder(own, handle) -> Registration:
    try:
        pk = int(SIGNER.unsign(handle, max_age=CODE_SECONDS))
    except (signing.BadSignature, ValueError) as error:
        raise Http404 from error
    people = Registration.objects.filter(fair=own.fair).admitted().with_names()
    other = get_object_or_404(people, pk=pk)
    other.fair = own.fair
    return other


@login_required
@require_POST
def answer(request, code, pk, action):
    own = get_own(request.user, code)
    exchange = get_object_or_404(ContactExchange, fair=own.fair, asked=own, pk=pk)
    if action not in DOORS:
        raise Http404
    more = {"ip_address": client_ip(request)} if action == "confirm" else {}
    try:
        DOORS[action](actor=request.user, exchange=exchange, **more)
    except services.UnableToExchange as error:
        messages.error(request, str(error))
    else:
        is_given = action == "confirm"
        messages.success(request, _("Contacts exchanged.") if is_given else _("Turned down."))
    return redirect("gates:contacts", code)


@never_cache
@login_required
def card(request, code, pk):
    """The other's card as a file; recorded, for personal data goes out with it."""
    own = get_own(request.user, code)
    exchange = get_object_or_404(exchanges_of(own), pk=pk)
    exchange.fair = own.fair
    try:
        services.hand_out_card(actor=request.user, exchange=exchange, own=own)
    except services.UnableToExchange as error:
        raise Http404 from error
    note = f"{own.fair.label} {timezone.localtime(own.fair.page.starts_at):%Y-%m-%d}"
    text = vcard(exchange.other_than(own), note=note)
    response = HttpResponse(text, content_type="text/vcard; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{own.fair.code}-{pk}.vcf"'
    return response
