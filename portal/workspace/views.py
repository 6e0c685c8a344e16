from django.contrib.auth.mixins import LoginRequiredMixin
from django.views.generic import TemplateView

from achievements.queries import institutes_of, listings_of

from .queries import own_things, staff_pages, waiting_for


class HomeView(LoginRequiredMixin, TemplateView):
    """The start page of the signed-in: what waits, what is mine, what is new (工作台)."""

    template_name = "workspace/home.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        listings = listings_of(user)
        return super().get_context_data(
            waiting=waiting_for(user, listings),
            own=own_things(user, listings),
            notifications=user.notifications.order_by("-created_at")[:8],
            institutes=institutes_of(user),
            staff_pages=staff_pages(user),
            **kwargs,
        )
