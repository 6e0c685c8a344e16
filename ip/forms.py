from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from modelcluster.forms import childformset_factory

from achievements.forms import DayInput, DraftForm
from achievements.models import AchievementPage
from portal.accounts.models import User

from .enums import HolderRole, PatentStatus, next_statuses
from .identifiers import (
    kind_of_number,
    normalize_application_number,
    normalize_classes,
    normalize_publication_number,
    validate_application_number,
)
from .models import AchievementPatent, Patent, PatentPage
from .queries import find_owner

BLANK = ("", "—")


class PatentSearchForm(forms.Form):
    """The first question about a patent: for whom, and under which number."""

    institute: forms.ModelChoiceField = forms.ModelChoiceField(queryset=None, label=_("Institute"))
    number = forms.CharField(
        label=_("Application number"),
        max_length=30,
        help_text=_("With or without ZL, CN and dot, e.g. 201710601862.3"),
    )

    def __init__(self, *args, institutes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["institute"].queryset = institutes
        if len(institutes) == 1:
            self.fields["institute"].initial = institutes[0]

    def clean_number(self):
        number = normalize_application_number(self.cleaned_data["number"])
        validate_application_number(number)
        return number


class PatentStartForm(PatentSearchForm):
    """Open the draft of a page about a patent whose record is there."""

    title = forms.CharField(
        label=_("Title of your page"),
        max_length=255,
        help_text=_("What companies read first; the record keeps the official title."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("institute", "number"):
            self.fields[name].widget = forms.HiddenInput()


class NewPatentForm(PatentStartForm):
    """Record a new patent and open the draft of its page; the number says the kind."""

    patent_title = forms.CharField(label=_("Title in the register"), max_length=200)
    filed_on = forms.DateField(label=_("Filed on"), widget=DayInput)
    is_divisional = forms.BooleanField(
        label=_("divisional application"),
        required=False,
        help_text=_("It keeps the filing date of the application that it was divided from."),
    )
    status = forms.ChoiceField(label=_("Legal status"), choices=[BLANK, *PatentStatus.choices])
    status_on = forms.DateField(label=_("Status since"), widget=DayInput)
    granted_on = forms.DateField(
        label=_("Granted on"),
        widget=DayInput,
        required=False,
        help_text=_("For granted rights, also those that have ended."),
    )

    field_order = (
        "institute",
        "number",
        "patent_title",
        "filed_on",
        "is_divisional",
        "status",
        "status_on",
        "granted_on",
        "title",
    )
    PLACES = {"title": "patent_title", "application_number": "number"}

    def facts(self) -> dict:
        """Return what the record takes of the answers."""
        names = ("filed_on", "is_divisional", "status", "status_on", "granted_on")
        return {
            "kind": kind_of_number(self.cleaned_data["number"]),
            "title": self.cleaned_data["patent_title"],
            **{name: self.cleaned_data[name] for name in names},
        }


def show_errors(form: forms.BaseForm, error: forms.ValidationError, places=None) -> None:
    """Hang what the record's check says beside the fields, the rest above the form."""
    for name, messages in error.message_dict.items():
        place = (places or {}).get(name, name)
        if place in form.fields:
            form.add_error(place, messages)
        else:
            label = getattr(Patent._meta.get_field(name), "verbose_name", name)
            form.add_error(None, [f"{label}: {message}" for message in messages])


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


RECORD_FIELDS = (
    "title",
    "abstract",
    "ipc",
    "filed_on",
    "is_divisional",
    "publication_number",
    "published_on",
    "granted_on",
    "status_on",
    "fee_paid_until",
)


class FactsForm(forms.ModelForm):
    """The facts of a record; the service checks them as a whole."""

    version = forms.CharField(widget=forms.HiddenInput)
    compared = forms.BooleanField(
        label=_("I compared all of this with the register today"),
        required=False,
        help_text=_("The page then shows today's date as that of the comparison."),
    )

    class Meta:
        model = Patent
        fields = RECORD_FIELDS
        widgets = {
            "abstract": forms.Textarea(attrs={"rows": 6}),
            **dict.fromkeys(
                ("filed_on", "published_on", "granted_on", "status_on", "fee_paid_until"), DayInput
            ),
        }
        help_texts = {
            "ipc": _("Separated by semicolons, e.g. C01B32/184; H05K7/20"),
            "publication_number": _("As printed on the publication, e.g. CN115251024A"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version

    def _post_clean(self):
        """Leave the record as it is: the service sets and checks it."""

    def clean_ipc(self):
        return normalize_classes(self.cleaned_data["ipc"])

    def clean_publication_number(self):
        return normalize_publication_number(self.cleaned_data["publication_number"])

    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in RECORD_FIELDS}

    def renewed(self, patent: Patent) -> "FactsForm":
        """Return the same answers against the record as it is now, to be sent once more."""
        data = {name: self.data.get(name) for name in self.data}
        return FactsForm({**data, "version": patent.version}, instance=patent)


class OwnerForm(forms.Form):
    """A holder or applicant, by name or by the credit code of an organization on the portal."""

    owner = forms.CharField(label=_("Name or credit code"), max_length=120)
    role = forms.ChoiceField(
        label=_("Holder or applicant"), choices=HolderRole.choices, initial=HolderRole.HOLDER
    )

    def row(self, patent: Patent, user: User) -> dict:
        text = self.cleaned_data["owner"].strip()
        organization = find_owner(text, patent=patent, user=user)
        return {
            "organization_id": organization.pk if organization else None,
            "name": "" if organization else text,
            "role": self.cleaned_data["role"],
        }


class InventorForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60)
    consent_confirmed = forms.BooleanField(
        label=_("we hold this person's written consent to show the name"), required=False
    )

    def row(self, patent: Patent, user: User) -> dict:
        return {name: self.cleaned_data[name] for name in ("name", "consent_confirmed")}


OwnerFormSet = forms.formset_factory(OwnerForm, extra=1, max_num=20, can_delete=True)
InventorFormSet = forms.formset_factory(InventorForm, extra=2, max_num=30, can_delete=True)


def rows_of(formset, *, patent: Patent, user: User) -> list[dict]:
    """Return the rows that were filled in and not deleted, as the service takes them."""
    kept = [form for form in formset if form.cleaned_data and not form.cleaned_data.get("DELETE")]
    return [form.row(patent, user) for form in kept]


class StatusForm(forms.Form):
    """The next step of a patent's legal history."""

    status = forms.ChoiceField(label=_("New legal status"))
    occurred_on = forms.DateField(label=_("Date"), widget=DayInput)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args, patent: Patent, **kwargs):
        super().__init__(*args, **kwargs)
        allowed = next_statuses(patent.status, patent.kind)
        status: Any = self.fields["status"]
        steps = [choice for choice in PatentStatus.choices if choice[0] in allowed]
        status.choices = [BLANK, *steps] if steps else []
