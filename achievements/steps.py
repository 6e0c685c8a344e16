"""The steps in which a researcher writes a listing; rooms above register their own kinds."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.forms import Form
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import forms
from .models import AchievementPage, InstitutePage


@dataclass(frozen=True)
class Step:
    """One page of the form: a form, and tables of child rows below it."""

    slug: str
    label: str | Promise
    form: type[Any]  # of a Form
    formsets: tuple = ()
    shows: tuple[str, ...] = ()

    @property
    def field_names(self) -> tuple[str, ...]:
        """The fields of the text that this step fills in."""
        return self.shows or tuple(self.form.base_fields) + tuple(
            formset.fk.remote_field.related_name for _label, formset in self.formsets
        )


_STEPS: dict[type, tuple[Step, ...]] = {}


def register_steps(model: type, steps: tuple[Step, ...]) -> None:
    _STEPS[model] = steps


def address_in_step(model: type, name: str) -> tuple[str, str]:
    """Return the step that holds a field, and the anchor of the field in it."""
    for step in _STEPS[model]:
        if name in step.field_names:
            in_form = name in step.form.base_fields
            return step.slug, f"id_{name}" if in_form else f"rows-{name}"
    return _STEPS[model][0].slug, ""


def kinds_of(base: type[Model]) -> list[type[Model]]:
    """Return the registered kinds of ``base``."""
    return [model for model in _STEPS if issubclass(model, base)]


def steps_of(model: type) -> tuple[Step, ...]:
    return _STEPS[model]


register_steps(
    AchievementPage,
    (
        Step("basics", _("What it is"), forms.BasicsForm),
        Step("technology", _("How it works"), forms.TechnologyForm),
        Step(
            "readiness",
            _("Readiness and figures"),
            forms.ReadinessForm,
            ((_("Technical indicators"), forms.IndicatorFormSet),),
        ),
        Step("comparison", _("Compared with today"), forms.ComparisonForm),
        Step(
            "people",
            _("Who did it"),
            forms.PeopleForm,
            ((_("Completing units"), forms.UnitFormSet), (_("People"), forms.CompleterFormSet)),
        ),
        Step(
            "files",
            _("Pictures and files"),
            forms.FilesForm,
            shows=("pictures", "attachments"),
        ),
        Step("terms", _("Terms"), forms.TermsForm),
    ),
)

register_steps(
    InstitutePage,
    (
        Step(
            "institute",
            _("Institute"),
            Form,  # the admin alone writes it
            shows=(
                "introduction",
                "introduction_en",
                "strengths",
                "office_name",
                "office_email",
                "office_phone",
                "picture",
            ),
        ),
    ),
)
