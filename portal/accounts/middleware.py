from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.middleware import UserSessionsMiddleware
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

OPEN_VIEW_PREFIXES = ("account_", "mfa_", "usersessions_", "set_language", "javascript-catalog")


SEEN_AT = "seen_at"
STEP = 30  # seconds; how exactly the time of the last request is kept


def is_open(request) -> bool:
    """Whether a page stays open to people who first have to set something up."""
    if request.path.startswith(settings.STATIC_URL):
        return True
    name = request.resolver_match.url_name or ""
    return name.startswith(OPEN_VIEW_PREFIXES)


def seconds_since_seen(request) -> int | None:
    """Seconds since the last request of this session that was noted; None before the first."""
    seen_at = request.session.get(SEEN_AT)
    return None if seen_at is None else int(timezone.now().timestamp()) - seen_at


class SessionActivityMiddleware(UserSessionsMiddleware):
    """Write down a session's activity once in ``STEP``: every note costs five queries."""

    def __call__(self, request):
        since = seconds_since_seen(request)
        if since is not None and since < STEP:
            return self.get_response(request)
        return super().__call__(request)


class IdleTimeMiddleware:
    """Sign people out who have not asked for anything for a while, staff sooner."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            since = seconds_since_seen(request)
            if since is not None and since > 60 * idle_minutes(request.user):
                logout(request)
                messages.info(request, _("You were signed out because nothing happened for long."))
                return self._to_sign_in(request)
            if since is None or since >= STEP:
                request.session[SEEN_AT] = int(timezone.now().timestamp())
        return self.get_response(request)

    @staticmethod
    def _to_sign_in(request):
        if request.htmx:
            return HttpResponseClientRedirect(reverse(settings.LOGIN_URL))
        if request.method == "GET":
            return redirect_to_login(request.get_full_path())
        return redirect(settings.LOGIN_URL)


def idle_minutes(user) -> int:
    return settings.IDLE_MINUTES_STAFF if user.needs_mfa else settings.IDLE_MINUTES


class PasswordAgeMiddleware:
    """Send people whose password is too old to the page that changes it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        user = request.user
        if not user.is_authenticated or is_open(request) or not user.password_is_old:
            return None
        messages.warning(
            request,
            _("Your password is older than %(days)d days. Please choose a new one.")
            % {"days": settings.PASSWORD_DAYS},
        )
        return redirect("account_change_password")


class RequireMFAMiddleware:
    """Send people whose role demands a second step to its set-up until they have one.

    Account pages and the set-up itself stay open, so that nobody is locked in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        user = request.user
        if not user.is_authenticated or is_open(request):
            return None
        if not user.needs_mfa or is_mfa_enabled(user):
            return None
        messages.warning(request, _("Your role requires a second sign-in step. Please set it up."))
        return redirect("mfa_activate_totp")
