"""The pages of who stands at a door: one ticket after the other, with and without network."""

import json
from uuid import uuid4

from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from events.registration.models import Registration
from portal.accounts.limits import limited

from .. import services
from ..answers import answer_to, patterns
from ..codes import read_code
from ..enums import Direction, Method
from ..forms import ScanForm
from ..lists import UnableToReadScan, make_list, read_scan
from ..models import Duty
from ..queries import find_people
from .reading import SESSION_KEY, for_operators, get_door, get_gate

NO_CODE = gettext_lazy("No code on this photo: hold the phone nearer, straight and in good light.")


@limited("door", methods=("GET", "POST"))
def enter(request, token):
    """An access link: the page says for what it is, the button begins the duty."""
    duties = Duty.objects.in_force(timezone.now()).select_related("fair__page")
    duty = get_object_or_404(duties, digest=services.digest_of(token))
    if request.method == "POST":
        request.session[SESSION_KEY] = duty.pk
        return redirect("gates:door", duty.fair.code)
    return render(request, "gates/enter.html", {"duty": duty, "fair": duty.fair})


@never_cache
@for_operators
@require_safe
def door(request, code):
    """The gates of a fair; where there is one only, that."""
    fair, operator = get_door(request, code)
    gates = list(fair.gates.order_by("opens_at", "pk"))
    if len(gates) == 1:
        return redirect("gates:scan", fair.code, gates[0].pk)
    context = {"fair": fair, "operator": operator, "gates": gates, "now": timezone.now()}
    return render(request, "gates/door.html", context)


@never_cache
@for_operators
def scan(request, code, pk):
    """Take a ticket and answer; the page's module asks for the answer alone."""
    fair, operator = get_door(request, code)
    gate = get_gate(fair, pk)
    words = request.GET.get("q", "").strip()[:60]
    context = {
        "fair": fair,
        "gate": gate,
        "operator": operator,
        "words": words,
        "found": find_people(fair, words),
        "direction": Direction.IN,
        "directions": Direction,
        "patterns": patterns(),
    }
    if request.method == "POST":
        context |= _take(request, gate, operator)
    context["nonce"] = uuid4()
    if request.htmx:
        return render(request, "gates/_answer.html", context)
    return render(request, "gates/scan.html", context)


def _take(request, gate, operator):
    form = ScanForm(request.POST, request.FILES)
    if not form.is_valid():
        return {"problem": _("This is no ticket: scan it again.")}
    given = form.cleaned_data
    if given["photo"]:
        given["code"], given["method"] = read_code(given["photo"]), Method.QR
        if not given["code"]:
            return {"problem": NO_CODE, "direction": given["direction"]}
    if given["person"]:
        people = Registration.objects.filter(fair=gate.fair).sent()
        given["code"] = get_object_or_404(people, pk=given["person"]).ticket
    try:
        row = services.check_in(
            operator=operator,
            gate=gate,
            code=given["code"],
            method=Method(given["method"]),
            nonce=given["nonce"],
            direction=Direction(given["direction"]),
            forced=given["forced"],
        )
    except services.UnableToCheckIn as error:
        return {"problem": str(error), "direction": given["direction"]}
    return {"answer": answer_to(row), "direction": Direction(row.direction)}


@never_cache
@for_operators
@require_safe
def offline_list(request, code, pk):
    """The signed list of one gate for today, and the token that the next sending needs."""
    fair, operator = get_door(request, code)
    gate, now = get_gate(fair, pk), timezone.now()
    content = make_list(gate, now)
    key = f"door-list:{gate.pk}:{content['day']}"
    if key not in request.session:
        services.note_list(operator=operator, gate=gate)
        request.session[key] = True
    return JsonResponse({**content, "csrf": get_token(request)})


@never_cache
@for_operators
@require_POST
def sync(request, code, pk):
    """Take what a device kept; answered scan by scan."""
    fair, operator = get_door(request, code)
    gate = get_gate(fair, pk)
    try:
        content = json.loads(request.body if request.content_type == "application/json" else "")
        scans = [read_scan(row) for row in content["scans"]]
        synced = services.sync_scans(
            operator=operator, gate=gate, token=str(content["token"]), scans=scans
        )
    except services.UnableToCheckIn as error:
        return JsonResponse({"problem": str(error)}, status=409)
    except (UnableToReadScan, ValueError, KeyError, TypeError):
        return JsonResponse({"problem": _("These scans cannot be read.")}, status=400)
    return JsonResponse({"taken": synced.taken, "known": synced.known, "refused": synced.refused})


@require_safe
def worker(request):
    """The service worker: it lives beside the door's pages, so that it answers for them alone."""
    response = render(request, "gates/worker.js", content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


@for_operators
@require_POST
def leave(request):
    """End the duty of a link on this device."""
    request.session.pop(SESSION_KEY, None)
    return redirect("/")
