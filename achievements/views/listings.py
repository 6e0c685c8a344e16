from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import TemplateView
from wagtail.models import Page

from portal.accounts.requests import SignedInRequest

from .. import services
from ..contents import field_label
from ..forms import DisclosureForm, ReasonForm, ValidityForm
from ..models import ListingPage
from ..queries import institutes_of, listing_states, listings_of, notes_of_return
from ..rules import can_edit_listing
from ..steps import address_in_step, steps_of


class WorkspaceMixin(LoginRequiredMixin, View):
    """A page of the workspace about one listing that the user may edit."""

    request: SignedInRequest

    def get_listing(self) -> ListingPage:
        page = get_object_or_404(Page, pk=self.kwargs["pk"]).specific
        if not isinstance(page, ListingPage) or not can_edit_listing(self.request.user, page):
            raise Http404
        return page

    def refuse(self, error, page):
        messages.error(self.request, str(error))
        return redirect("achievements:listing", page.pk)


class MyListingsView(LoginRequiredMixin, TemplateView):
    request: SignedInRequest
    template_name = "achievements/my_listings.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        pages = listings_of(user).specific()
        page_obj = Paginator(pages, 20).get_page(self.request.GET.get("page"))
        listings = list(page_obj)
        states = listing_states(listings)
        rows = [{"listing": page, "state": states[page.pk]} for page in listings]
        return super().get_context_data(
            rows=rows, page_obj=page_obj, institutes=institutes_of(user), **kwargs
        )


class ListingView(WorkspaceMixin):
    """Where a listing stands, what was said about it, and what may be done now."""

    def get(self, request, pk):
        page = self.get_listing()
        state = page.current_workflow_state
        returned = state.current_task_state if state and state.status == "needs_changes" else None
        context = {
            "listing": page,
            "draft": page.get_latest_revision_as_object(),
            "state": listing_states([page])[page.pk],
            "in_review": page.workflow_in_progress,
            "returned": returned,
            "field_notes": [
                (field_label(page, name), note, *address_in_step(type(page), name))
                for name, note in notes_of_return(page).items()
            ],
            "first_step": steps_of(type(page))[0],
            "revisions": page.revisions.select_related("user").order_by("-pk")[:20],
            "validity_form": ValidityForm(initial={"valid_until": page.valid_until}),
            "disclosure_form": DisclosureForm(initial={"disclosure": page.disclosure}),
            "reason_form": ReasonForm(),
        }
        return render(request, "achievements/listing.html", context)


class ListingActionView(WorkspaceMixin):
    """One button of the listing's page."""

    http_method_names = ["post"]

    def post(self, request, pk, action):
        page = self.get_listing()
        try:
            done = self._act(page, action)
        except services.UnableToChangeListing as error:
            return self.refuse(error, page)
        messages.success(request, done)
        return redirect("achievements:listing", page.pk)

    def _act(self, page, action) -> str:
        actor, now, post = self.request.user, timezone.now(), self.request.POST
        match action:
            case "take-back":
                services.take_back_listing(page=page, actor=actor)
                done = _("Taken back; you can change the text again.")
            case "confirm":
                services.confirm_listing(page=page, actor=actor, now=now)
                done = _("Confirmed; the listing stays on the portal.")
            case "withdraw":
                services.withdraw_listing(
                    page=page, actor=actor, reason=post.get("reason", ""), now=now
                )
                done = _("Withdrawn. You can restore it at any time.")
            case "restore":
                services.restore_listing(page=page, actor=actor)
                done = _("Restored.")
            case "archive":
                services.archive_listing(page=page, actor=actor, now=now)
                done = _("Archived.")
            case "validity":
                form = ValidityForm(post)
                if not form.is_valid():
                    raise services.UnableToChangeListing(_("Please give a date."))
                services.set_validity(page=page, actor=actor, now=now, **form.cleaned_data)
                done = _("Changed at once, everywhere.")
            case "disclosure":
                form = DisclosureForm(post)
                if not form.is_valid():
                    raise services.UnableToChangeListing(_("Please choose who may read it."))
                services.set_disclosure(page=page, actor=actor, **form.cleaned_data)
                done = _("Changed at once, everywhere.")
            case _unknown:
                raise Http404
        return done
