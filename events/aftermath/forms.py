"""Marks and words after a meeting, what is to be done next, which case came of it."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.fairs.forms.fields import text_area
from events.meetings.models import Meeting
from events.registration.models import Registration
from matchmaking.cases.models import ConversionCase
from portal.accounts.models import User

from .enums import FollowUpKind
from .models import Feedback
from .queries import cases_to_link, others_of

MARKS = [("", _("No marks")), *((number, str(number)) for number in range(5, 0, -1))]


class WordsForm(forms.Form):
    """Optional, after the outcome is stored."""

    rating = forms.TypedChoiceField(
        label=_("Was it worth your time?"),
        help_text=_("5 is best."),
        choices=MARKS,
        coerce=int,
        empty_value=None,
        required=False,
    )
    comment = text_area(
        _("In your words"),
        length=500,
        required=False,
        help_text=_("The other side never reads it."),
    )
    shares_comment = forms.BooleanField(
        label=_("The organizer may read my comment, with my organization's name"), required=False
    )

    def __init__(self, data=None, *, feedback: Feedback | None = None):
        names = ("rating", "comment", "shares_comment")
        initial = {name: getattr(feedback, name) for name in names} if feedback else None
        super().__init__(data, initial=initial)


class FollowUpForm(forms.Form):
    """What, who, until when."""

    kind = forms.ChoiceField(
        label=_("What is to be done"), choices=FollowUpKind.choices, widget=forms.RadioSelect
    )
    owner = forms.TypedChoiceField(label=_("Who does it"), widget=forms.RadioSelect)
    due_on = forms.DateField(
        label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    note = forms.CharField(
        label=_("Note"), max_length=200, required=False, help_text=_("Both sides read it.")
    )

    def __init__(self, data=None, *, meeting: Meeting, own: Registration):
        super().__init__(data)
        people = {own.pk: own} | {each.pk: each for each in others_of(meeting, own)}
        owner: Any = self.fields["owner"]
        owner.choices = [
            (each.pk, _("We") if each.pk == own.pk else each.organization_label or each.name)
            for each in people.values()
        ]
        owner.coerce = lambda value: people[int(value)]
        owner.initial = own.pk
        self.fields["due_on"].widget.attrs["min"] = timezone.localdate().isoformat()

    def clean_due_on(self):
        day = self.cleaned_data["due_on"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("The day is over: choose a later one."))
        return day


class LinkForm(forms.Form):
    """One of the cases that may have come of the meeting."""

    case: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=ConversionCase.objects.none(),
        label=_("Conversion case"),
        empty_label=None,
        widget=forms.RadioSelect,
    )

    def __init__(self, data=None, *, user: User, meeting: Meeting):
        super().__init__(data)
        field: Any = self.fields["case"]
        field.queryset = cases_to_link(user, meeting)
        field.label_from_instance = lambda case: f"{case.code} {case.title}"
