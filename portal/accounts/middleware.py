from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

OPEN_VIEW_PREFIXES = ("account_", "mfa_", "usersessions_", "set_language", "javascript-catalog")


class RequireMFAMiddleware:
    """Send people whose role demands a second step to its set-up until they have one.

    Account pages, the set-up itself and files stay open, so that nobody is locked in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        user = request.user
        if not user.is_authenticated or self._is_open(request):
            return None
        if not user.needs_mfa or is_mfa_enabled(user):
            return None
        messages.warning(request, _("Your role requires a second sign-in step. Please set it up."))
        return redirect("mfa_activate_totp")

    @staticmethod
    def _is_open(request) -> bool:
        if request.path.startswith((settings.STATIC_URL, "/media/")):
            return True
        name = request.resolver_match.url_name or ""
        return name.startswith(OPEN_VIEW_PREFIXES)
