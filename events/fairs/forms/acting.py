"""What is said when a fair moves on."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .fields import MomentField, check_span, text_area
from .planning import district_field


class ConfirmForm(forms.Form):
    """Nothing to fill in: the button is the decision."""


class ReturnForm(forms.Form):
    reason = text_area(_("What to change"), length=300)


class CancelFairForm(forms.Form):
    reason = text_area(
        _("Why"), length=300, help_text=_("Everybody who registered reads it word for word.")
    )


class MoveForm(forms.Form):
    starts_at = MomentField(label=_("Begins"))
    ends_at = MomentField(label=_("Ends"))
    venue = forms.CharField(label=_("Venue"), max_length=200)
    district = district_field()
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    reason = text_area(
        _("Why"), length=300, help_text=_("Everybody who registered reads it word for word.")
    )

    def __init__(self, *args, fair, **kwargs):
        page = fair.page
        initial = {
            name: getattr(page, name) for name in ("starts_at", "ends_at", "venue", "district")
        }
        kwargs["initial"] = {**initial, "address": fair.address}
        super().__init__(*args, **kwargs)

    def clean(self):
        super().clean()
        check_span(self, "starts_at", "ends_at")
        return self.cleaned_data


class CopyForm(forms.Form):
    title = forms.CharField(label=_("Name of the new fair"), max_length=100)
    starts_at = MomentField(
        label=_("Begins"), help_text=_("All other dates move along with this one.")
    )
