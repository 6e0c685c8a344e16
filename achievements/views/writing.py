from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from portal.accounts.requests import SignedInRequest

from .. import services
from ..contents import (
    changed_lines,
    describe_steps,
    field_label,
    is_step_done,
    missing_fields,
)
from ..forms import FilesForm, StartForm, freeze
from ..models import AchievementPage
from ..queries import institutes_of, notes_of_return, open_draft
from ..steps import steps_of
from .listings import WorkspaceMixin


class PublisherMixin(LoginRequiredMixin, View):
    """A page for members of institutes; everybody else is led to where one can be joined."""

    request: SignedInRequest

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.institutes = institutes_of(request.user)
        if not self.institutes:
            messages.info(request, _("Join an institute first: only its members publish for it."))
            return redirect("accounts:organizations")
        return super().dispatch(request, *args, **kwargs)


class StartView(PublisherMixin):
    """Open a draft of an achievement."""

    def get(self, request):
        return self._render(StartForm(institutes=self.institutes))

    def post(self, request):
        form = StartForm(request.POST, institutes=self.institutes)
        if not form.is_valid():
            return self._render(form)
        title, institute = form.cleaned_data["title"], form.cleaned_data["institute"]
        page = open_draft(request.user, institute, title)
        if page:
            messages.info(request, _("You have begun this draft already; here it is."))
        else:
            page = services.create_listing(
                page=AchievementPage(title=title), institute=institute, actor=request.user
            )
        return redirect("achievements:edit", page.pk, steps_of(AchievementPage)[0].slug)

    def _render(self, form):
        return render(self.request, "achievements/start.html", {"form": form})


class StepView(WorkspaceMixin):
    """One step of the form; an htmx post autosaves, a plain post goes on to the next step.

    A form knows the revision that it was filled from. When the text was saved elsewhere since, or
    went into review, nothing is saved and nothing typed is lost: the answer is 409 with the form.
    """

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
        self.is_in_review = self.page.workflow_in_progress
        if self.is_in_review and request.method == "GET":
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
        is_valid = form.is_valid() & all(rows.is_valid() for _label, rows in formsets)
        if self.is_in_review:
            return self._render_conflict(form, formsets)
        if request.htmx and not is_valid:
            return self._save_right_answers(form, formsets)
        if not is_valid:
            return self._render(form, formsets, status=422)
        _take_answers(form, formsets)
        return self._save(draft, form, formsets)

    def _save(self, draft, form, formsets):
        actor, more = self.request.user, self.request.POST.get("more", "")
        try:
            services.save_draft(page=draft, actor=actor, base_revision=self._base())
        except services.TextMovedOn:
            return self._resolve(draft, form, formsets)
        except services.UnableToChangeListing:
            self.is_in_review = True
            return self._render_conflict(form, formsets)
        if self.request.htmx:
            return self._render_state("saved", draft)
        return redirect(f"{self.request.path}#rows-{more}") if more else self.go_on()

    def _save_right_answers(self, form, formsets):
        """Autosave what is right of a step, and name what is not."""
        draft = self.page.get_latest_revision_as_object()
        form.put_right_answers(draft)
        for (_label, factory), (_name, checked) in zip(self.step.formsets, formsets, strict=True):
            if checked.is_valid():
                rows = factory(self.request.POST, instance=draft, prefix=checked.prefix)
                rows.is_valid()
                rows.save(commit=False)
        try:
            services.save_draft(page=draft, actor=self.request.user, base_revision=self._base())
        except services.TextMovedOn:
            return self._render_conflict(form, formsets)
        wrong = [row for _label, rows in formsets for row in rows if row.errors]
        return self._render_state("partly", draft, wrong=[form, *wrong])

    def _base(self) -> int:
        """Return the revision that the form was filled from, or may explicitly be laid over."""
        given = self.request.POST.get("overwrite") or self.request.POST.get("revision", "")
        return int(given) if given.isdecimal() and len(given) < 19 else 0

    def _resolve(self, draft, form, formsets):
        """Answer a form that came too late; when it says what is stored anyway, all is well."""
        stored = self.page.get_latest_revision_as_object()
        changes = changed_lines(stored, draft, [self.step])
        if changes:
            return self._render_conflict(form, formsets, changes)
        return self._render_state("saved", stored) if self.request.htmx else self.go_on()

    def _render_conflict(self, form, formsets, changes=()):
        self.page.refresh_from_db(fields=["latest_revision"])
        if self.request.htmx:
            return self._render_state("in-review" if self.is_in_review else "moved-on")
        if self.is_in_review:
            freeze(form, *(row for _label, rows in formsets for row in rows))
        conflict = {
            "latest": self.page.latest_revision,
            "changes": changes,
            "is_in_review": self.is_in_review,
        }
        return self._render(form, formsets, status=409, conflict=conflict)

    def _render_state(self, state, draft=None, wrong=()):
        """The line below the form that says whether the draft is saved."""
        context = {
            "wrong": wrong,
            "state": state,
            "revision_id": draft.latest_revision_id if draft else None,
            "latest": self.page.latest_revision,
        }
        return render(self.request, "achievements/_draft_state.html", context)

    def go_on(self):
        position = self.steps.index(self.step) + 1
        if position < len(self.steps):
            return redirect("achievements:edit", self.page.pk, self.steps[position].slug)
        return redirect("achievements:check", self.page.pk)

    def _links(self, draft):
        current = self.steps.index(self.step)
        links = [
            {
                "label": step.label,
                "url": reverse("achievements:edit", args=[self.page.pk, step.slug]),
                "state": "current"
                if position == current
                else "done"
                if is_step_done(draft, step)
                else "",
            }
            for position, step in enumerate(self.steps)
        ]
        check = reverse("achievements:check", args=[self.page.pk])
        return [*links, {"label": _("Check and send"), "url": check, "state": ""}]

    def _notes(self, form) -> list[tuple[str, str]]:
        """Put a reviewer's notes beside their fields; return those on tables and files."""
        notes = notes_of_return(self.page)
        for name in form.fields.keys() & notes.keys():
            form.fields[name].review_note = notes.pop(name)
        return [
            (field_label(self.page, name), note)
            for name, note in notes.items()
            if name in self.step.field_names
        ]

    def _render(self, form, formsets, status=200, **context):
        draft = self.page.get_latest_revision_as_object()
        context |= {
            "listing": self.page,
            "form": form,
            "formsets": formsets,
            "row_sets": [rows for _label, rows in formsets],
            "notes": self._notes(form),
            "step": self.step,
            "draft": draft,
            "revision": self.request.POST.get("revision", self.page.latest_revision_id),
            "step_links": self._links(draft),
        }
        return render(self.request, self.template_name, context, status=status)


def _take_answers(form, formsets) -> None:
    """Write the answers of a step onto the draft that its forms are bound to."""
    form.save(commit=False)
    form.save_m2m()
    for _label, rows in formsets:
        rows.save(commit=False)


class FilesView(StepView):
    """The step of pictures and files: what hangs on the draft, one more, or one less."""

    template_name = "achievements/files.html"
    slug = "files"

    def get(self, request, pk, **kwargs):
        return self._render(FilesForm(), [])

    def post(self, request, pk, **kwargs):
        if self.is_in_review:
            return self.refuse(
                _("This text is under review. Take it back before you change it."), self.page
            )
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


class CheckView(WorkspaceMixin):
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
        missing = missing_fields(draft)
        sections = describe_steps(draft, missing)
        faults = [
            (section["step"], line)
            for section in sections
            for line in section["lines"]
            if line["errors"]
        ]
        placed = {line["name"] for _step, line in faults}
        context = {
            "listing": page,
            "draft": draft,
            "sections": sections,
            "missing": missing,
            "faults": faults,
            "unplaced": [text for name in missing.keys() - placed for text in missing[name]],
            "first_step": faults[0][0] if faults else steps_of(type(page))[0],
        }
        return render(self.request, "achievements/check.html", context, status=status)


class PreviewView(WorkspaceMixin):
    """The draft as readers would see it."""

    def get(self, request, pk):
        draft = self.get_listing().get_latest_revision_as_object()
        return draft.make_preview_request(request, draft.default_preview_mode)
