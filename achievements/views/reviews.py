from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import TemplateView
from wagtail.models import TaskState

from portal.accounts.requests import SignedInRequest
from portal.disclosure.services import read_whole

from .. import services
from ..contents import compare, field_label
from ..forms import NOTE, ReviewForm
from ..models import InstitutePage, ListingPage, UnableToReview
from ..queries import earlier_decisions, reviewed_listings, waiting_reviews
from ..steps import steps_of


class ReviewListView(LoginRequiredMixin, TemplateView):
    request: SignedInRequest
    template_name = "achievements/reviews.html"

    def get_context_data(self, **kwargs):
        states = waiting_reviews(self.request.user)
        page_obj = Paginator(states, 20).get_page(self.request.GET.get("page"))
        rows = [{"state": s, "listing": page} for s, page in reviewed_listings(page_obj)]
        return super().get_context_data(rows=rows, page_obj=page_obj, **kwargs)


class ReviewView(LoginRequiredMixin, View):
    """Read one text beside the published one and decide on it."""

    request: SignedInRequest

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.state = get_object_or_404(
            TaskState.objects.select_related("task", "workflow_state", "revision"), pk=kwargs["pk"]
        )
        self.page = self.state.workflow_state.content_object.specific
        task = self.state.task.specific
        reviewed = isinstance(self.page, ListingPage | InstitutePage)
        if not reviewed or not task.may_decide(self.page, request.user):
            raise Http404
        if isinstance(self.page, ListingPage):
            read_whole(user=request.user, listing=self.page)
        return super().dispatch(request, *args, **kwargs)

    def _field_choices(self):
        names = [name for step in steps_of(type(self.page)) for name in step.field_names]
        return [(name, field_label(self.page, name)) for name in names]

    def get(self, request, pk):
        form = ReviewForm(
            initial={"revision": self.state.revision_id}, field_choices=self._field_choices()
        )
        return self._render(form)

    def post(self, request, pk):
        form = ReviewForm(request.POST, field_choices=self._field_choices())
        if not form.is_valid():
            return self._render(form, status=422)
        try:
            self._decide(form)
        except UnableToReview as error:
            messages.error(request, str(error))
            return redirect("achievements:reviews")
        messages.success(request, _("Your decision is recorded."))
        return redirect("achievements:reviews")

    def _decide(self, form):
        data = form.cleaned_data
        if data["decision"] == ReviewForm.APPROVE:
            services.approve_listing(
                task_state=self.state,
                actor=self.request.user,
                revision_id=data["revision"],
                comment=data["reason"],
            )
            return
        services.return_listing(
            task_state=self.state,
            actor=self.request.user,
            reason=data["reason"],
            field_notes=form.field_notes,
        )

    def _render(self, form, status=200):
        proposed = self.state.revision.as_object()
        published = self.page if self.page.live else type(self.page)()
        lines = compare(published, proposed)
        for line in lines:
            line["note"] = form[NOTE + line["name"]]
        context = {
            "listing": self.page,
            "proposed": proposed,
            "lines": lines,
            "changed": [line for line in lines if line["changed"]],
            "unchanged": [line for line in lines if not line["changed"]],
            "empty_notes": self._notes_on_empty_fields(form, lines),
            "decisions": earlier_decisions(self.page),
            "form": form,
            "state": self.state,
        }
        return render(self.request, "achievements/review.html", context, status=status)

    def _notes_on_empty_fields(self, form, lines) -> list:
        shown = {line["name"] for line in lines}
        return [form[NOTE + name] for name, _label in self._field_choices() if name not in shown]


class ReviewPreviewView(ReviewView):
    """The text under review as readers would see it."""

    http_method_names = ["get"]

    def get(self, request, pk):
        proposed = self.state.revision.as_object()
        return proposed.make_preview_request(request, proposed.default_preview_mode)
