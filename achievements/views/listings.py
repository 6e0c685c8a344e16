from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy
from django.views import View
from django.views.generic import TemplateView
from wagtail.models import Page

from portal.accounts.requests import SignedInRequest

from .. import services
from ..contents import changed_lines, field_label
from ..enums import ListingState
from ..forms import DisclosureForm, ListingFilterForm, ReasonForm, ValidityForm
from ..models import ListingPage
from ..queries import in_state, institutes_of, listing_states, listings_of, notes_of_return
from ..rules import can_edit_listing
from ..steps import address_in_step, steps_of
from ..versions import versions_of

FACTS: dict[str, tuple] = {
    "validity": (ValidityForm, services.set_validity, gettext_lazy("Please give a date.")),
    "disclosure": (
        DisclosureForm,
        services.set_disclosure,
        gettext_lazy("Please choose who may read it."),
    ),
}
UNSENT_STATES = (ListingState.LIVE, ListingState.EXPIRED)


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
        filters = ListingFilterForm(self.request.GET)
        chosen = filters.cleaned_data if filters.is_valid() else {}
        pages = listings_of(user)
        if chosen.get("q"):
            wanted = chosen["q"].strip()
            pages = pages.filter(Q(draft_title__icontains=wanted) | Q(slug__icontains=wanted))
        if chosen.get("state"):
            pages = pages.filter(in_state(chosen["state"]))
        pages = pages.specific()
        page_obj = Paginator(pages, 20).get_page(self.request.GET.get("page"))
        listings = list(page_obj)
        states = listing_states(listings)
        rows = [
            {
                "listing": page,
                "state": states[page.pk],
                "has_unsent_change": page.live
                and page.has_unpublished_changes
                and states[page.pk] in UNSENT_STATES,
            }
            for page in listings
        ]
        return super().get_context_data(
            rows=rows,
            filters=filters,
            is_filtered=any(chosen.values()),
            page_obj=page_obj,
            institutes=institutes_of(user),
            **kwargs,
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
            "has_unsent_change": page.live and page.has_unpublished_changes,
            "is_new": not page.live and page.first_published_at is None,
            "validity_form": ValidityForm(initial={"valid_until": page.valid_until}),
            "disclosure_form": DisclosureForm(initial={"disclosure": page.disclosure}),
            "reason_form": ReasonForm(),
        }
        return render(request, "achievements/listing.html", context)


class VersionsView(WorkspaceMixin):
    """All versions of a text, each to be compared and restored."""

    def get(self, request, pk):
        page = self.get_listing()
        context = {"listing": page, "versions": versions_of(page)}
        return render(request, "achievements/versions.html", context)


class VersionView(WorkspaceMixin):
    """One version beside what is published, or beside the draft; a post restores it."""

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.page = self.get_listing()
        self.revision = get_object_or_404(self.page.revisions, pk=kwargs["revision"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, **kwargs):
        page, version = self.page, self.revision.as_object()
        standing = page if page.live else page.get_latest_revision_as_object()
        context = {
            "listing": page,
            "revision": self.revision,
            "changed": changed_lines(standing, version),
            "in_review": page.workflow_in_progress,
            "is_latest": self.revision.pk == page.latest_revision_id,
        }
        return render(request, "achievements/version.html", context)

    def post(self, request, **kwargs):
        try:
            services.restore_version(page=self.page, actor=request.user, revision=self.revision)
        except services.UnableToChangeListing as error:
            return self.refuse(error, self.page)
        messages.success(request, _("This version is the draft again."))
        return redirect("achievements:listing", self.page.pk)


class DeleteDraftView(WorkspaceMixin):
    """Ask once more, then delete a draft that was never published."""

    def get(self, request, pk):
        return render(request, "achievements/delete_draft.html", {"listing": self.get_listing()})

    def post(self, request, pk):
        page = self.get_listing()
        try:
            services.delete_draft(page=page, actor=request.user)
        except services.UnableToChangeListing as error:
            return self.refuse(error, page)
        messages.success(request, _("The draft is deleted."))
        return redirect("achievements:my-listings")


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
            case "discard":
                services.discard_changes(page=page, actor=actor)
                done = _("Dropped; the draft says again what is published.")
            case "archive":
                services.archive_listing(page=page, actor=actor, now=now)
                done = _("Archived.")
            case "validity" | "disclosure":
                done = self._change_fact(page, action)
            case _unknown:
                raise Http404
        return done

    def _change_fact(self, page, name) -> str:
        form_class, change, complaint = FACTS[name]
        form = form_class(self.request.POST)
        if not form.is_valid():
            raise services.UnableToChangeListing(complaint)
        change(page=page, actor=self.request.user, **form.cleaned_data)
        return _("Changed at once, everywhere.")
