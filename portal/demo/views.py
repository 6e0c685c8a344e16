from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.http import Http404
from django.shortcuts import render

from .seeding.people import DEMO_TOTP_SECRET
from .signins import demo_sign_ins


def sign_ins(request):
    """List the demo accounts with the second step's present code; exists in the demo only."""
    if not settings.DEMO:
        raise Http404
    counter = next(iter(yield_hotp_counters_from_time()))
    code = format_hotp_value(hotp_value(DEMO_TOTP_SECRET, counter))
    return render(request, "demo/sign_ins.html", {"rows": demo_sign_ins(), "code": code})
