from django.contrib.auth.mixins import LoginRequiredMixin
from django.views.generic import TemplateView

from achievements.queries import listings_of
from portal.accounts.enums import PUBLISHING_KINDS
from portal.accounts.requests import SignedInRequest

from .queries import new_candidates, own_things, waiting_for


class HomeView(LoginRequiredMixin, TemplateView):
    """The start page of the signed-in: what waits, what is mine, what is new (工作台)."""

    request: SignedInRequest
    template_name = "workspace/home.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        listings = listings_of(user)
        own = own_things(user, listings)
        return super().get_context_data(
            waiting=waiting_for(user, listings),
            own=own,
            notifications=user.notifications.order_by("-created_at")[:8],
            may_publish=any(
                each.organization.kind in PUBLISHING_KINDS for each in user.active_memberships
            ),
            candidates=new_candidates(user, own),
            **kwargs,
        )
