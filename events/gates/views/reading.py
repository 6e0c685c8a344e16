"""Who asks at a door, and for which fair."""

from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from events.fairs.models import Fair
from events.registration.views.own import get_announced

from ..models import Gate
from ..queries import operator_for
from ..rules import Operator, can_operate

SESSION_KEY = "door-duty"


def get_door(request, code) -> tuple[Fair, Operator]:
    """An announced fair whose doors the person or the link of this session may stand at."""
    fair = get_announced(code)
    operator = operator_for(request.user, fair, request.session.get(SESSION_KEY))
    if not can_operate(operator, fair, timezone.now()):
        raise Http404
    return fair, operator


def get_gate(fair: Fair, pk) -> Gate:
    gate = get_object_or_404(fair.gates, pk=pk)
    gate.fair = fair
    return gate


def for_operators(view):
    """Send who is neither signed in nor holds a link to the sign-in."""

    @wraps(view)
    def wrapper(request, *args, **kwargs) -> HttpResponse:
        if not request.user.is_authenticated and SESSION_KEY not in request.session:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return wrapper
