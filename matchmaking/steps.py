"""The steps in which a company writes a need."""

from dataclasses import dataclass

from django.forms import ModelForm
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import forms


@dataclass(frozen=True)
class Step:
    """One page of the form; ``with_targets`` adds the table of targets below it."""

    slug: str
    label: str | Promise
    form: type[ModelForm]
    with_targets: bool = False

    @property
    def field_names(self) -> tuple[str, ...]:
        return (*self.form.base_fields, *(("targets",) if self.with_targets else ()))


STEPS = (
    Step("problem", _("The problem"), forms.ProblemForm),
    Step("targets", _("Targets and conditions"), forms.ConditionsForm, with_targets=True),
    Step("terms", _("Budget and time"), forms.TermsForm),
    Step("field", _("Industry and field"), forms.FieldForm),
    Step("readers", _("Who may read it"), forms.ReadersForm),
)


def step_of(slug: str) -> Step | None:
    return next((step for step in STEPS if step.slug == slug), None)


def step_with(field_name: str) -> Step:
    """The step that holds a field; the first for what no step holds."""
    return next((step for step in STEPS if field_name in step.field_names), STEPS[0])
