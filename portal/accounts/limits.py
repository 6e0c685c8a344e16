"""How often one person, or one address of the network, may use a door."""

import time
from collections.abc import Callable
from functools import wraps

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.shortcuts import render


def client_ip(request) -> str | None:
    """Return the address of the client if it is known; only the configured proxies are believed."""
    try:
        return get_adapter().get_client_ip(request)
    except PermissionDenied:
        return None


def limited(door: str, *, methods=("POST",)) -> Callable:
    """Answer 429 once ``settings.RATE_LIMITS[door]``, (times, seconds), is used up."""

    def decorate(view):
        @wraps(view)
        def wrapper(request, *args, **kwargs):
            if request.method in methods and _is_used_up(request, door):
                return render(request, "429.html", status=429)
            return view(request, *args, **kwargs)

        return wrapper

    return decorate


def _is_used_up(request, door: str) -> bool:
    if door not in settings.RATE_LIMITS:
        return False
    times, seconds = settings.RATE_LIMITS[door]
    who = request.user.pk if request.user.is_authenticated else client_ip(request)
    key = f"limit:{door}:{who}:{int(time.time() // seconds)}"
    cache.add(key, 0, timeout=seconds)
    try:
        return cache.incr(key) > times
    except ValueError:  # it ran out in between
        return False
