from django import forms
from django.utils.translation import gettext_lazy as _


class FigureForm(forms.Form):
    """Another value for a figure of the report, or none to go back to the ledger's."""

    value = forms.DecimalField(
        label=_("Stated value"),
        required=False,
        min_value=0,
        max_digits=16,
        decimal_places=2,
        help_text=_("Money in yuan. Left empty, the ledger's value stands."),
    )
    reason = forms.CharField(
        label=_("Reason or source"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RemarksForm(forms.Form):
    remarks = forms.CharField(
        label=_("Work, problems, plans"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )


class ReturnForm(forms.Form):
    reason = forms.CharField(
        label=_("Why the report goes back"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
