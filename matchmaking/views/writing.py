"""Writing a need in steps."""

from dataclasses import asdict

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views import View

from portal.accounts import edits
from portal.accounts.requests import SignedInRequest

from .. import services
from ..enums import NeedState
from ..forms import TargetFormSet, with_more_targets
from ..models import Need
from ..readiness import Check
from ..rules import can_write_need
from ..steps import STEPS, Step, step_of, step_with
from .needs import get_need

CHECKED_FIELDS = {
    "targets": "targets",
    "length": "problem",
    "problem": "problem",
    "current": "current_solution",
    "constraints": "constraints",
    "budget": "budget_max",
    "deadline": "deadline",
    "decision": "decision_maker",
}


@login_required
def edit(request, code):
    """The form from its first step."""
    need = get_need(request.user, code, can_write_need)
    return redirect("matchmaking:step", need.code, STEPS[0].slug)


class NeedStepView(LoginRequiredMixin, View):
    """One step of the form; an htmx post autosaves, a plain post goes on to the next step.

    A published need keeps its text: what is written here waits beside it for the review.
    """

    request: SignedInRequest

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.need = get_need(request.user, kwargs["code"], can_write_need)
        step = step_of(kwargs["step"])
        if step is None:
            raise Http404
        self.step = step
        return super().dispatch(request, *args, **kwargs)

    def _forms(self, data=None):
        instance, related = services.with_changes(self.need)
        initial = {name: value for name, value in related.items() if name != "targets"}
        form = self.step.form(data, instance=instance, initial=initial)
        formset = None
        if self.step.with_targets:
            rows = (
                related.get("targets") or services.current_values(self.need, ["targets"])["targets"]
            )
            formset = TargetFormSet(data, initial=rows, prefix="targets")
        return form, formset

    def get(self, request, **kwargs):
        return self._render(*self._forms())

    def post(self, request, **kwargs):
        if "more" in request.POST:
            return self._render(*self._forms(with_more_targets(request.POST)))
        form, formset = self._forms(request.POST)
        valid = form.is_valid() & (formset is None or formset.is_valid())
        if not valid:
            return self._refused(form, formset, 422)
        if edits.is_overtaken(request, edits.fingerprint(*self._stored_forms())):
            return self._refused(form, formset, 409)
        try:
            self._save(form, formset)
        except services.UnableToChangeNeed as error:
            messages.error(request, str(error))
            return redirect(self.need)
        saved = edits.fingerprint(*self._stored_forms())
        edits.remember_saved(request, saved)
        if not request.htmx:
            return redirect(self._next_url())
        renewed = edits.hidden_input(saved, out_of_band=True)
        return HttpResponse(format_html("{}{}", _("Draft saved."), renewed))

    def _stored_forms(self):
        """The forms as they would be given out now."""
        self.need = Need.objects.get(pk=self.need.pk)
        return self._forms()

    def _refused(self, form, formset, status):
        if not self.request.htmx:
            return self._render(form, formset, status=status)
        if status == 409:
            return HttpResponse(_("Not saved: somebody else has saved this meanwhile."))
        return HttpResponse(_("Not saved yet: please see the marked fields."))

    def _next_url(self) -> str:
        position = STEPS.index(self.step) + 1
        if position < len(STEPS):
            return reverse("matchmaking:step", args=[self.need.code, STEPS[position].slug])
        return reverse("matchmaking:check", args=[self.need.code])

    def _save(self, form, formset) -> None:
        relations = {
            name: value for name, value in form.cleaned_data.items() if name in services.RELATIONS
        }
        targets = {} if formset is None else {"targets": formset.rows}
        if self.need.state != NeedState.PUBLISHED:
            services.edit_need(actor=self.request.user, need=form.instance, **targets, **relations)
            return
        services.save_changes(
            actor=self.request.user, need=self.need, values={**form.cleaned_data, **targets}
        )

    def _render(self, form, formset, status=200):
        current = STEPS.index(self.step)
        links = [
            {
                "label": step.label,
                "url": reverse("matchmaking:step", args=[self.need.code, step.slug]),
                "state": "current" if position == current else "done",
            }
            for position, step in enumerate(STEPS)
        ]
        check_url = reverse("matchmaking:check", args=[self.need.code])
        theirs = self._stored_forms()
        context = {
            **edits.form_context(self.request, theirs, (form, formset), status),
            "need": self.need,
            "step": self.step,
            "form": form,
            "formset": formset,
            "step_links": [
                *links,
                {"label": _("Check and send"), "url": check_url, "state": "done"},
            ],
            "notes": [
                (services.label_of(name), note)
                for name, note in self.need.field_notes.items()
                if name in self.step.field_names
            ],
        }
        return render(self.request, "matchmaking/edit.html", context, status=status)


@login_required
def check(request, code):
    """What is missing, what has changed, and the button that sends it on."""
    need = get_need(request.user, code, can_write_need)
    is_published = need.state == NeedState.PUBLISHED
    if request.method == "POST":
        submit = services.submit_changes if is_published else services.submit_need
        try:
            need = submit(actor=request.user, need=need)
        except services.UnableToChangeNeed as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _submitted_message(need))
        return redirect(need)
    readiness = services.assess_changes(need)
    context = {
        "need": need,
        "readiness": readiness,
        "checks": [_with_link(need, each) for each in readiness.checks],
        "answers": [_answers(need, step) for step in STEPS],
        "changes": services.describe_changes(need) if is_published else [],
        "is_published": is_published,
    }
    return render(request, "matchmaking/check.html", context)


def _with_link(need: Need, check: Check) -> dict:
    """A check as the list shows it; an open one leads to the step that mends it."""
    step = step_with(CHECKED_FIELDS[check.name])
    return asdict(check) | {"url": reverse("matchmaking:step", args=[need.code, step.slug])}


def _answers(need: Need, step: Step) -> dict:
    url = reverse("matchmaking:step", args=[need.code, step.slug])
    rows = [row | {"action_url": url} for row in services.describe_answers(need, step.field_names)]
    return {"label": step.label, "rows": rows}


def _submitted_message(need: Need) -> str:
    if need.state == NeedState.PUBLISHED:
        return _("Your changes went to the platform's review; the published text stands.")
    if need.state == NeedState.AT_BROKER:
        return _("A broker will make it clearer and come back to you.")
    return _("Sent to the platform's review.")
