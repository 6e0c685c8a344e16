from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organization
from portal.media.validators import validate_attachment

from .enums import FieldGroup, Level
from .kinds import Subject
from .models import TEXT_LENGTH


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d", attrs={"class": "input--short"})


def text_field(label, *, rows=3, length=TEXT_LENGTH, **kwargs) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=length, widget=forms.Textarea(attrs={"rows": rows}), **kwargs
    )


class LevelsForm(forms.Form):
    """A table of field groups by levels, one row of radio buttons each."""

    def __init__(self, *args, table, **kwargs):
        super().__init__(*args, **kwargs)
        for group, level in table:
            self.fields[group] = forms.TypedChoiceField(
                label=group.label,
                choices=Level.choices,
                coerce=int,
                initial=level,
                widget=forms.RadioSelect,
            )


class GrantForm(forms.Form):
    until = forms.DateField(
        label=_("Open until"),
        widget=DayInput(),
        help_text=_("The last day. You can end it earlier at any time."),
    )


class RefuseForm(forms.Form):
    reason = text_field(_("Reason"), help_text=_("The other side reads it."))


class ProposeForm(forms.Form):
    purpose = text_field(
        _("Purpose"), help_text=_("What both sides may use the information for; it binds them.")
    )
    starts_on = forms.DateField(label=_("In force from"), widget=DayInput())
    ends_on = forms.DateField(
        label=_("In force until"),
        widget=DayInput(),
        help_text=_("Access ends with this day; what was read stays secret."),
    )


class ConfirmForm(forms.Form):
    code = forms.CharField(
        label=_("Code of your second step"),
        max_length=12,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "class": "input--short input--code",
            }
        ),
        help_text=_("With it you sign this text for your organization."),
    )


class CopyForm(forms.Form):
    file = forms.FileField(
        label=_("Signed copy"),
        help_text=_("A scan of the paper that both sides have signed; PDF or picture."),
        validators=[validate_attachment],
    )


class RequestForm(forms.Form):
    """The authority's request: whose, what, why, until when, on which ground."""

    owner: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label=_("Owning organization"), widget=forms.RadioSelect, empty_label=None
    )
    groups = forms.MultipleChoiceField(
        label=_("What is to be opened"), widget=forms.CheckboxSelectMultiple
    )
    reason = text_field(_("Reason"), help_text=_("The owner reads it."))
    until = forms.DateField(
        label=_("Until"), widget=DayInput(), help_text=_("At most 90 days ahead.")
    )
    legal_basis = forms.CharField(
        label=_("Legal basis"),
        max_length=200,
        required=False,
        help_text=_(
            "Only where a law gives you the right: law and article. It is then granted at once, "
            "and the owner is told."
        ),
    )

    def __init__(self, *args, subject: Subject, **kwargs):
        super().__init__(*args, **kwargs)
        owners = Organization.objects.filter(pk__in=[each.pk for each in subject.owners])
        owner: Any = self.fields["owner"]
        groups: Any = self.fields["groups"]
        owner.queryset = owners
        groups.choices = [(each, each.label) for each in FieldGroup if each in subject.groups]
        if len(subject.owners) == 1:
            owner.initial = subject.owners[0]
            owner.widget = forms.HiddenInput()
        if len(subject.groups) == 1:
            groups.initial = list(subject.groups)


class AnswerForm(forms.Form):
    GRANT, REFUSE = "grant", "refuse"

    decision = forms.ChoiceField(
        label=_("Grant or refuse"),
        choices=[(GRANT, _("Grant it for this time")), (REFUSE, _("Refuse it"))],
        widget=forms.RadioSelect,
    )
    answer = text_field(
        _("Answer"),
        required=False,
        help_text=_("Needed where you refuse it; the authority reads it."),
    )


class ReadingFilterForm(forms.Form):
    listing = forms.CharField(label=_("Code of the listing"), max_length=20, required=False)
