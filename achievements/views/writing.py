from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import TemplateView
from wagtail.models import Page

from portal.accounts.requests import SignedInRequest

from .. import services
from ..contents import describe_steps, field_label, missing_fields
from ..forms import DisclosureForm, FilesForm, ReasonForm, StartForm
from ..models import AchievementPage, ListingPage
from ..queries import institutes_of, listing_states, listings_of
from ..rules import can_edit_listing
from ..steps import steps_of


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


class StartView(LoginRequiredMixin, View):
    """Open a draft of an achievement."""

    request: SignedInRequest

    def get(self, request):
        return self._render(StartForm(institutes=institutes_of(request.user)))

    def post(self, request):
        form = StartForm(request.POST, institutes=institutes_of(request.user))
        if not form.is_valid():
            return self._render(form)
        page = services.create_listing(
            page=AchievementPage(title=form.cleaned_data["title"]),
            institute=form.cleaned_data["institute"],
            actor=request.user,
        )
        return redirect("achievements:edit", page.pk, steps_of(AchievementPage)[0].slug)

    def _render(self, form):
        if not form.fields["institute"].queryset:
            raise PermissionDenied(_("Join an institute first: only its members publish for it."))
        return render(self.request, "achievements/start.html", {"form": form})


class ListingView(WorkspaceMixin, View):
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
                (field_label(page, note.field_name), note.note)
                for note in (returned.field_notes.all() if returned else [])
            ],
            "first_step": steps_of(type(page))[0],
            "revisions": page.revisions.select_related("user").order_by("-pk")[:20],
            "disclosure_form": DisclosureForm(initial={"disclosure": page.disclosure}),
            "reason_form": ReasonForm(),
        }
        return render(request, "achievements/listing.html", context)


class StepView(WorkspaceMixin, View):
    """One step of the form; an htmx post autosaves, a plain post goes on to the next step."""

    template_name = "achievements/edit.html"

    @property
    def slug(self) -> str:
        return self.kwargs["step"]

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.page = self.get_listing()
        self.steps = steps_of(type(self.page))
        step = next((s for s in self.steps if s.slug == self.slug), None)
        if step is None:
            raise Http404
        self.step = step
        if self.page.workflow_in_progress:
            return self.refuse(
                _("This text is under review. Take it back before you change it."), self.page
            )
        return super().dispatch(request, *args, **kwargs)

    def _forms(self, data=None):
        draft = self.page.get_latest_revision_as_object()
        form = self.step.form(data, instance=draft)
        formsets = [
            (label, factory(data, instance=draft, prefix=factory.fk.remote_field.related_name))
            for label, factory in self.step.formsets
        ]
        return draft, form, formsets

    def get(self, request, pk, **kwargs):
        _draft, form, formsets = self._forms()
        return self._render(form, formsets)

    def post(self, request, pk, **kwargs):
        draft, form, formsets = self._forms(request.POST)
        valid = form.is_valid() & all(formset.is_valid() for _label, formset in formsets)
        if request.htmx and not valid:
            return HttpResponse(_("Not saved yet: please see the marked fields."))
        if not valid:
            return self._render(form, formsets, status=422)
        form.save(commit=False)
        form.save_m2m()
        for _label, formset in formsets:
            formset.save(commit=False)
        services.save_draft(page=draft, actor=request.user)
        if request.htmx:
            return HttpResponse(_("Draft saved."))
        return self.go_on()

    def go_on(self):
        position = self.steps.index(self.step) + 1
        if position < len(self.steps):
            return redirect("achievements:edit", self.page.pk, self.steps[position].slug)
        return redirect("achievements:check", self.page.pk)

    def _links(self):
        current = self.steps.index(self.step)
        links = [
            {
                "label": step.label,
                "url": reverse("achievements:edit", args=[self.page.pk, step.slug]),
                "state": "current" if position == current else "done",
            }
            for position, step in enumerate(self.steps)
        ]
        check = reverse("achievements:check", args=[self.page.pk])
        return [*links, {"label": _("Check and send"), "url": check, "state": "done"}]

    def _render(self, form, formsets, status=200):
        context = {
            "listing": self.page,
            "form": form,
            "formsets": formsets,
            "step": self.step,
            "draft": self.page.get_latest_revision_as_object(),
            "step_links": self._links(),
        }
        return render(self.request, self.template_name, context, status=status)


class FilesView(StepView):
    """The step of pictures and files: what hangs on the draft, one more, or one less."""

    template_name = "achievements/files.html"
    slug = "files"

    def get(self, request, pk, **kwargs):
        return self._render(FilesForm(), [])

    def post(self, request, pk, **kwargs):
        draft = self.page.get_latest_revision_as_object()
        kind, _colon, file_id = request.POST.get("remove", "").partition(":")
        if kind in services.ATTACHED and file_id.isdigit():
            services.detach_file(page=draft, actor=request.user, kind=kind, file_id=int(file_id))
            return redirect("achievements:files", pk)
        form = FilesForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._render(form, [], status=422)
        data = form.cleaned_data
        if not (data["picture"] or data["attachment"]):
            return self.go_on()
        services.attach_files(page=draft, actor=request.user, **data)
        messages.success(request, _("Added to the draft."))
        return redirect("achievements:files", pk)


class CheckView(WorkspaceMixin, View):
    """Everything that was written on one page, what is missing, and the button that submits."""

    def get(self, request, pk):
        return self._render(self.get_listing())

    def post(self, request, pk):
        page = self.get_listing()
        try:
            services.submit_listing(page=page, actor=request.user)
        except services.UnableToChangeListing as error:
            messages.error(request, str(error))
            return self._render(page, status=422)
        messages.success(request, _("Sent to the institute's review."))
        return redirect("achievements:listing", page.pk)

    def _render(self, page, status=200):
        draft = page.get_latest_revision_as_object()
        context = {
            "listing": page,
            "draft": draft,
            "sections": describe_steps(draft),
            "missing": missing_fields(draft),
        }
        return render(self.request, "achievements/check.html", context, status=status)


class PreviewView(WorkspaceMixin, View):
    """The draft as readers would see it."""

    def get(self, request, pk):
        draft = self.get_listing().get_latest_revision_as_object()
        return draft.make_preview_request(request, draft.default_preview_mode)


class ListingActionView(WorkspaceMixin, View):
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
                return _("Taken back; you can change the text again.")
            case "confirm":
                services.confirm_listing(page=page, actor=actor, now=now)
                return _("Confirmed; the listing stays on the portal.")
            case "withdraw":
                services.withdraw_listing(
                    page=page, actor=actor, reason=post.get("reason", ""), now=now
                )
                return _("Withdrawn. You can restore it at any time.")
            case "restore":
                services.restore_listing(page=page, actor=actor)
                return _("Restored.")
            case "archive":
                services.archive_listing(page=page, actor=actor, now=now)
                return _("Archived.")
            case "disclosure":
                form = DisclosureForm(post)
                if not form.is_valid():
                    raise services.UnableToChangeListing(_("Please choose who may read it."))
                services.set_disclosure(page=page, actor=actor, **form.cleaned_data)
                return _("Changed at once, everywhere.")
        raise Http404
