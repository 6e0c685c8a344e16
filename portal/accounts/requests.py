"""What the middlewares add to a request, and who asks, for the type checker."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from .models import User, Visitor


class PortalRequest(HttpRequest):
    htmx: HtmxDetails
    user: Visitor


class SignedInRequest(PortalRequest):
    """The request behind ``login_required`` and ``LoginRequiredMixin``."""

    user: User
