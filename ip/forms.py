from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from modelcluster.forms import childformset_factory

from achievements.forms import DraftForm, StartForm
from achievements.models import AchievementPage

from .enums import PatentKind, PatentStatus, next_statuses
from .identifiers import normalize_application_number, validate_application_number
from .models import AchievementPatent, Patent, PatentPage


class PatentStartForm(StartForm):
    """Open a draft about a patent: by its number, recorded on the way where it is new."""

    number = forms.CharField(
        label=_("Application number"),
        max_length=30,
        help_text=_("With or without ZL, CN and dot, e.g. 201710601862.3"),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=PatentKind.choices)
    patent_title = forms.CharField(label=_("Title in the register"), max_length=200)
    filed_on = forms.DateField(label=_("Filed on"), widget=forms.DateInput(attrs={"type": "date"}))
    status = forms.ChoiceField(label=_("Legal status"), choices=PatentStatus.choices)
    status_on = forms.DateField(
        label=_("Status since"), widget=forms.DateInput(attrs={"type": "date"})
    )

    field_order = ("institute", "number", "kind", "patent_title", "filed_on", "status", "status_on")

    def clean_number(self):
        number = normalize_application_number(self.cleaned_data["number"])
        validate_application_number(number)
        return number

    def clean(self):
        data = super().clean()
        filed_on, status_on = data.get("filed_on"), data.get("status_on")
        if filed_on and status_on and status_on < filed_on:
            self.add_error("status_on", _("The status cannot be older than the filing."))
        return data


class PatentNumberField(forms.ModelChoiceField):
    """Choose a patent's record by typing its number: there may be ten thousand of them."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid_choice": _(
            "No patent is recorded under this number. Record it first, with “Publish a patent”."
        )
    }

    def __init__(self, queryset=None, **kwargs):
        kwargs["to_field_name"] = "application_number"
        kwargs.setdefault("label", _("Application number"))
        super().__init__(queryset=Patent.objects.all(), **kwargs)

    def to_python(self, value):
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        number = normalize_application_number(value)
        validate_application_number(number)
        return super().to_python(number)

    def prepare_value(self, value):
        if isinstance(value, int):
            value = Patent.objects.filter(pk=value).first()
        return value.formatted_number if isinstance(value, Patent) else value


class LinksForm(DraftForm):
    """The step of an achievement's patents has no fields beside its rows."""

    class Meta:
        model = AchievementPage
        fields: tuple[str, ...] = ()


class PatentLinkForm(forms.ModelForm):
    patent = PatentNumberField(
        help_text=_("With or without ZL, CN and dot, e.g. 201710601862.3"),
    )


PatentLinkFormSet = childformset_factory(
    AchievementPage,
    AchievementPatent,
    form=PatentLinkForm,
    fields=("patent",),
    extra=2,
    max_num=20,
    can_order=False,
)


class ValueForm(DraftForm):
    class Meta:
        model = PatentPage
        fields = (
            "title",
            "title_en",
            "summary",
            "summary_en",
            "value",
            "value_en",
            "applications",
            "keywords",
        )


class PatentTermsForm(DraftForm):
    class Meta:
        model = PatentPage
        fields = ("industries", "technical_fields", "modes", "price_min", "price_max")
        widgets = {
            "industries": forms.CheckboxSelectMultiple,
            "technical_fields": forms.CheckboxSelectMultiple,
            "modes": forms.CheckboxSelectMultiple,
        }


class StatusForm(forms.Form):
    """The next step of a patent's legal history."""

    status = forms.ChoiceField(label=_("New legal status"))
    occurred_on = forms.DateField(label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args, patent: Patent, **kwargs):
        super().__init__(*args, **kwargs)
        allowed = next_statuses(patent.status, patent.kind)
        status: Any = self.fields["status"]
        status.choices = [choice for choice in PatentStatus.choices if choice[0] in allowed]
