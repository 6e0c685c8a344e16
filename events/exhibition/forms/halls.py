"""What the organizer fills in: halls, booths, settings, awards."""

from django import forms
from django.utils.translation import gettext_lazy as _

from events.fairs.forms.fields import DATES_HINT, MomentField, number_field

from ..enums import AfterShow
from ..models import Booth, Hall
from ..services.halls import MOST_CELLS

MOST_POWER = 200


def power_field(label) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        min_value=0,
        max_value=MOST_POWER,
        max_digits=5,
        decimal_places=1,
        widget=forms.NumberInput(attrs={"class": "input--short", "step": "0.5"}),
    )


def code_field(label, length, **kwargs) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=length,
        widget=forms.TextInput(attrs={"class": "input--short"}),
        **kwargs,
    )


class HallForm(forms.Form):
    name = forms.CharField(label=_("Name of the hall"), max_length=40)
    name_en = forms.CharField(label=_("English name"), max_length=80, required=False)
    width = number_field(_("Width in metres"), least=1, most=MOST_CELLS)
    depth = number_field(_("Depth in metres"), least=1, most=MOST_CELLS)

    def __init__(self, *args, hall: Hall | None = None, **kwargs):
        if hall:
            names = ("name", "name_en", "width", "depth")
            kwargs["initial"] = {name: getattr(hall, name) for name in names}
        super().__init__(*args, **kwargs)


class BoothsForm(forms.Form):
    """Several booths of one size at once, each where there is room."""

    letter = forms.RegexField(
        r"^[A-Z]{1,2}$",
        label=_("Letter"),
        widget=forms.TextInput(attrs={"class": "input--short", "maxlength": 2}),
        error_messages={"invalid": _("One or two capital letters.")},
    )
    count = number_field(_("How many"), least=1, most=100)
    width = number_field(_("Width in metres"), least=1, most=MOST_CELLS)
    depth = number_field(_("Depth in metres"), least=1, most=MOST_CELLS)
    power_kw = power_field(_("Power, kW"))


class BoothForm(forms.Form):
    """One booth; its place counts cells from the upper left corner, from 1 as people count."""

    code = code_field(_("Number"), 8)
    x = number_field(_("Column"), least=1, most=MOST_CELLS)
    y = number_field(_("Row"), least=1, most=MOST_CELLS)
    width = number_field(_("Width in metres"), least=1, most=MOST_CELLS)
    depth = number_field(_("Depth in metres"), least=1, most=MOST_CELLS)
    power_kw = power_field(_("Power, kW"))
    notes = forms.CharField(label=_("Notes"), max_length=200, required=False)

    def __init__(self, *args, booth: Booth | None = None, **kwargs):
        if booth:
            names = ("code", "width", "depth", "power_kw", "notes")
            given = {name: getattr(booth, name) for name in names}
            kwargs["initial"] = given | {"x": booth.x + 1, "y": booth.y + 1}
        super().__init__(*args, **kwargs)

    @property
    def values(self) -> dict:
        found = self.cleaned_data
        return found | {"x": found["x"] - 1, "y": found["y"] - 1}


class SettingsForm(forms.Form):
    applications_close_at = MomentField(
        label=_("Applications for booths until"),
        required=False,
        help_text=_("Without a date until the fair begins. Beijing time."),
    )
    materials_due_at = MomentField(label=_("Materials until"), required=False, help_text=DATES_HINT)
    after_show = forms.ChoiceField(
        label=_("On-line hall after the fair"),
        choices=AfterShow.choices,
        widget=forms.RadioSelect,
    )
    online_days = number_field(
        _("Days that the on-line hall stays open"),
        least=1,
        most=3650,
        required=False,
        help_text=_("Without a number it stays open."),
    )


class AwardForm(forms.Form):
    name = forms.CharField(label=_("Award"), max_length=40)
    name_en = forms.CharField(label=_("Award, English"), max_length=80, required=False)
