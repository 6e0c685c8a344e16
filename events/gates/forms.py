from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.fairs.forms.fields import DATES_HINT, MomentField, check_span
from events.fairs.models import Fair
from portal.accounts.models import User
from portal.accounts.uploads import check_size

from .enums import Direction, GateKind, Method
from .lists import NONCE_LENGTH

LONGEST_CODE = 200


class GateForm(forms.Form):
    name = forms.CharField(label=_("Name of the gate"), max_length=40)
    name_en = forms.CharField(label=_("English name"), max_length=80, required=False)
    kind = forms.ChoiceField(
        label=_("What it leads into"), choices=GateKind.choices, widget=forms.RadioSelect
    )
    opens_at = MomentField(label=_("Tickets are taken from"), help_text=DATES_HINT)
    closes_at = MomentField(label=_("Tickets are taken until"), help_text=DATES_HINT)

    def clean(self):
        check_span(self, "opens_at", "closes_at")
        return self.cleaned_data


class PersonForm(forms.Form):
    """Somebody of the organizers with a sign-in."""

    person: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label=_("Colleague"), empty_label=_("Choose somebody")
    )
    expires_at = MomentField(label=_("Access ends"), help_text=DATES_HINT)

    def __init__(self, *args, fair: Fair, **kwargs):
        super().__init__(*args, **kwargs)
        organizers = [fair.organizer_id, *fair.co_organizers.values_list("pk", flat=True)]
        people = User.objects.filter(
            is_active=True, memberships__organization__in=organizers, memberships__state="ACTIVE"
        )
        field: Any = self.fields["person"]
        field.queryset = people.distinct().order_by("name", "pk")


class LinkForm(forms.Form):
    """Somebody without one: a volunteer, a security guard."""

    name = forms.CharField(
        label=_("Who gets the link"),
        max_length=60,
        help_text=_("It stands beside every scan: “East door, volunteers” will do."),
    )
    expires_at = MomentField(label=_("Access ends"), help_text=DATES_HINT)


class ScanForm(forms.Form):
    """One ticket as the page, a hand scanner, a photo or the list gives it."""

    code = forms.CharField(max_length=LONGEST_CODE, required=False)
    photo = forms.FileField(validators=[check_size], required=False)
    person = forms.IntegerField(min_value=1, required=False)
    nonce = forms.CharField(min_length=8, max_length=NONCE_LENGTH)
    direction = forms.ChoiceField(choices=Direction.choices)
    method = forms.ChoiceField(choices=Method.choices)
    forced = forms.BooleanField(required=False)
