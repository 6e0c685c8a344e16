"""Rules of law with a field for each of their figures."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..enums import RuleCode
from ..law import PARAMETERS, as_per_cent
from ..services import RuleText
from .base import DayField


def _field(parameter):
    if parameter.choices:
        return forms.ChoiceField(
            label=parameter.label, choices=parameter.choices.choices, widget=forms.RadioSelect
        )
    limits = {"min_value": parameter.least, "max_value": parameter.most}
    if parameter.is_share:
        return forms.DecimalField(label=parameter.label, max_digits=5, decimal_places=2, **limits)
    return forms.IntegerField(label=parameter.label, **limits)


class RuleForm(forms.Form):
    """``is_next`` asks for the next version, which begins on a day of its own."""

    valid_from = DayField(label=_("In force from"))
    source = forms.CharField(label=_("Source (Chinese)"), max_length=200)
    source_en = forms.CharField(label=_("Source (English)"), max_length=200)
    note = forms.CharField(
        label=_("Remark"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, rule, is_next=False):
        initial = {name: getattr(rule, name) for name in ("source", "source_en", "note")}
        super().__init__(*args, initial=initial)
        self.parameters = PARAMETERS[RuleCode(rule.code)]
        for each in self.parameters:
            value = rule.parameters[each.name]
            self.fields[each.name] = _field(each)
            self.fields[each.name].initial = as_per_cent(value) if each.is_share else value
        if not is_next:
            del self.fields["valid_from"]
        names = [each.name for each in self.parameters]
        self.order_fields(["valid_from", *names, "source", "source_en", "note"])

    def clean(self):
        data = super().clean()
        if {"main", "staff"} <= data.keys() and data["main"] + data["staff"] > 100:
            self.add_error("staff", _("Both groups together get more than the pool."))
        return data

    @property
    def text(self) -> RuleText:
        data = self.cleaned_data
        return RuleText(
            source=data["source"],
            source_en=data["source_en"],
            note=data["note"],
            parameters={each.name: each.stored(data[each.name]) for each in self.parameters},
        )
