"""What an organizer enters for reports: costs, and series of fairs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import FairCost, FairSeries
from .queries import fairs_to_choose

COST_WORDS = _("For example the hall, staff, print, catering.")


class CostForm(forms.ModelForm):
    class Meta:
        model = FairCost
        fields = ("what", "amount")
        help_texts = {"what": COST_WORDS}
        widgets = {
            "what": forms.TextInput(attrs={"class": "input--medium"}),
            "amount": forms.NumberInput(attrs={"class": "input--short", "inputmode": "decimal"}),
        }


class FairsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj):
        return f"{obj.page.starts_at:%Y-%m-%d} {obj.label}"


class SeriesForm(forms.ModelForm):
    """Its name, and the fairs that belong to it."""

    fairs = FairsField(
        queryset=None,
        label=_("Fairs of the series"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("All of one organizer. A fair planned after one of them joins by itself."),
    )

    class Meta:
        model = FairSeries
        fields = ("name", "name_en")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        series = kwargs.get("instance")
        super().__init__(*args, **kwargs)
        field: Any = self.fields["fairs"]
        field.queryset = fairs_to_choose(user, series)
        if series is not None:
            self.initial["fairs"] = list(series.fairs.values_list("pk", flat=True))
