from django import forms
from django.utils.translation import gettext_lazy as _

from ..enums import CaseStage, ConversionMode
from .base import long_text


class CaseFilterForm(forms.Form):
    """What of the cases is listed."""

    q = forms.CharField(label=_("Title, code or organization"), required=False, max_length=60)
    stage = forms.ChoiceField(
        label=_("Stage"), required=False, choices=[("", _("any")), *CaseStage.choices]
    )
    mode = forms.ChoiceField(
        label=_("Mode of conversion"),
        required=False,
        choices=[("", _("any")), *ConversionMode.choices],
    )


class ObjectionForm(forms.Form):
    """An objection to a price while it is public."""

    text = long_text(
        _("What do you object to, and why?"),
        limit=2000,
        rows=6,
        help_text=_("The owner reads this with your name and decides on it with reasons."),
    )
