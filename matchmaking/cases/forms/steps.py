"""Moves that have no rows of their own beside the event."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..enums import (
    ConversionMode,
    EvidenceKind,
    LicenceKind,
    TerminationReason,
    TrackState,
)
from .base import DayField, MoneyField, MoveForm, long_text

CURRENT_MODES = [("", "—"), *ConversionMode.choices]


class NdaForm(MoveForm):
    nda_until = DayField(label=_("In force until"))

    def clean(self):
        data = super().clean()
        signed, until = data.get("occurred_on"), data.get("nda_until")
        if signed and until and until < signed:
            self.add_error("nda_until", _("It ends before it begins."))
        return data


class ResultForm(MoveForm):
    """How a proof of concept or a pilot production ended."""

    result = forms.ChoiceField(
        label=_("Result"),
        choices=[(each.value, each.label) for each in (TrackState.PASSED, TrackState.FAILED)],
        widget=forms.RadioSelect,
    )


class TrialForm(MoveForm):
    trial_until = DayField(label=_("Trial until"))
    trial_is_insured = forms.BooleanField(label=_("The trial is insured"), required=False)

    def clean(self):
        data = super().clean()
        begun, until = data.get("occurred_on"), data.get("trial_until")
        if begun and until and until < begun:
            self.add_error("trial_until", _("It ends before it begins."))
        return data


class TrialResultForm(MoveForm):
    result = forms.ChoiceField(
        label=_("Result"),
        choices=[
            (each.value, each.label)
            for each in (TrackState.CONVERTED, TrackState.RETURNED, TrackState.INFRINGED)
        ],
        widget=forms.RadioSelect,
    )


class DecisionForm(MoveForm):
    """The owner's decision to convert, and how (单位决策)."""

    mode = forms.ChoiceField(label=_("Mode of conversion"), choices=CURRENT_MODES)
    licence_kind = forms.ChoiceField(
        label=_("Kind of licence"),
        choices=[("", "—"), *LicenceKind.choices],
        required=False,
        help_text=_("For licences only; one that says nothing is an ordinary one."),
    )
    decided_by = forms.CharField(
        label=_("Decided by"),
        max_length=100,
        help_text=_("The body that decided, for instance the institute's council."),
    )

    def clean(self):
        data = super().clean()
        if data.get("mode") != ConversionMode.LICENCE:
            data["licence_kind"] = ""
        elif not data.get("licence_kind"):
            data["licence_kind"] = LicenceKind.ORDINARY
        return data


class MilestoneForm(MoveForm):
    evidence_kind = EvidenceKind.DELIVERY
    milestone = forms.CharField(label=_("Milestone"), max_length=200)


class AcceptanceForm(MoveForm):
    evidence_kind = EvidenceKind.ACCEPTANCE


class OutputForm(MoveForm):
    """What came of the result in a year, as far as the taker says (产业化产出)."""

    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    output = MoneyField(label=_("Output value (yuan)"), required=False)
    sales = MoneyField(label=_("New sales (yuan)"), required=False)
    tax = MoneyField(label=_("New tax (yuan)"), required=False)
    jobs = forms.IntegerField(label=_("New jobs"), required=False, min_value=0, max_value=1_000_000)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].initial = timezone.localdate().year

    def clean(self):
        data = super().clean()
        figures = [data.get(name) for name in ("output", "sales", "tax", "jobs")]
        if not self.errors and figures == [None] * 4:
            raise forms.ValidationError(_("Please give one figure at least."))
        return data


class SubsidyForm(MoveForm):
    """Public money for the conversion, granted to either side (财政补助)."""

    amount = MoneyField(label=_("Amount (yuan)"))
    programme = forms.CharField(label=_("Programme"), max_length=120)
    granted_by = forms.CharField(label=_("Granted by"), max_length=120)
    document_number = forms.CharField(
        label=_("Number of the notice"), max_length=60, required=False
    )


class ReasonForm(MoveForm):
    """A step that has to say why, as a refusal of the registration does."""

    takes_note = False
    reason = long_text(_("Reason"))


class TerminationForm(MoveForm):
    reason = forms.ChoiceField(
        label=_("Reason"), choices=TerminationReason.choices, widget=forms.RadioSelect
    )
