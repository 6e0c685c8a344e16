"""What an exhibitor fills in: application, materials, exhibits, leads."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from achievements.validators import validate_text
from events.fairs.forms.fields import OrganizationsField, number_field, text_area
from portal.accounts.models import Organization
from portal.accounts.uploads import check_size
from portal.media.fields import PictureField
from portal.taxonomy.models import Industry

from ..checks import BOOTH_TEXTS, EXHIBIT_TEXTS, refused_texts
from ..enums import LeadSource
from ..models import Exhibit, Exhibitor
from .halls import power_field

RATINGS = [(number, str(number)) for number in range(1, 6)]


class IndustriesField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs):
        super().__init__(queryset=Industry.objects.current().order_by("sort_order", "pk"), **kwargs)

    def label_from_instance(self, term):
        return term.label


class ApplicationForm(forms.Form):
    organization = forms.ModelChoiceField(
        label=_("Who exhibits"), queryset=Organization.objects.none()
    )
    plan = text_area(_("What you want to show"), length=500)
    industries = IndustriesField(label=_("Industries"))
    wished_area = number_field(_("Booth in m²"), least=1, most=400, initial=9)
    wished_power = power_field(_("Power needed, kW"))
    wanted = OrganizationsField(
        label=_("Best beside"),
        most=5,
        help_text=_("Full names, one a line. The organizer tries; nobody else reads it."),
    )
    unwanted = OrganizationsField(
        label=_("Not beside"), most=5, help_text=_("Full names, one a line.")
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        offices = Organization.objects.filter(pk__in=user.office_organization_ids)
        self.fields["organization"].queryset = offices.order_by("name")
        if len(user.office_organization_ids) == 1:
            self.fields["organization"].empty_label = None
        self.fields["wished_power"].initial = 1

    def clean_plan(self):
        validate_text(self.cleaned_data["plan"])
        return self.cleaned_data["plan"]


class RefusingForm(forms.Form):
    """Says beside the field which words may not be shown."""

    TEXTS: tuple[str, ...] = ()
    MODEL: type = Exhibit

    def clean(self):
        super().clean()
        texts = {name: self.cleaned_data.get(name, "") for name in self.TEXTS}
        for name, why in refused_texts(self.MODEL(**texts), self.TEXTS).items():
            self.add_error(name, ValidationError(why, code="refused"))
        return self.cleaned_data


class MaterialsForm(RefusingForm):
    TEXTS, MODEL = BOOTH_TEXTS, Exhibitor

    fascia = forms.CharField(
        label=_("Lettering of the booth"),
        max_length=30,
        help_text=_("It stands over the booth and on the plan, at most 30 characters."),
    )
    fascia_en = forms.CharField(label=_("Lettering in English"), max_length=60, required=False)
    introduction = text_area(_("What visitors find here"), length=600)
    introduction_en = text_area(
        _("What visitors find here, in English"), length=1200, required=False
    )
    industries = IndustriesField(label=_("Industries"))

    def __init__(self, *args, exhibitor: Exhibitor, **kwargs):
        initial = {name: getattr(exhibitor, name) for name in BOOTH_TEXTS}
        initial["fascia"] = exhibitor.fascia or exhibitor.organization.name[:30]
        initial["industries"] = [term.pk for term in exhibitor.industries.all()]
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)


class ListingForm(forms.Form):
    """Put one of the organization's own public listings on show."""

    page = forms.TypedChoiceField(label=_("Listing"), coerce=int, choices=())

    def __init__(self, *args, listings, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["page"].choices = [(page.pk, f"{page.code} {page.label}") for page in listings]


class ExhibitForm(RefusingForm):
    TEXTS, MODEL = EXHIBIT_TEXTS, Exhibit

    title = forms.CharField(label=_("Name of the exhibit"), max_length=80)
    title_en = forms.CharField(label=_("Name in English"), max_length=160, required=False)
    summary = forms.CharField(label=_("In one line"), max_length=200)
    summary_en = forms.CharField(label=_("In one line, English"), max_length=400, required=False)
    picture = PictureField(
        label=_("Picture"), required=False, help_text=_("JPEG or PNG, yours to publish.")
    )
    caption = forms.CharField(
        label=_("Caption of the picture"),
        max_length=120,
        required=False,
        help_text=_("What is to be seen: it is read out to those who do not see."),
    )

    def __init__(self, *args, exhibit: Exhibit | None = None, **kwargs):
        if exhibit:
            kwargs["initial"] = {name: getattr(exhibit, name) for name in EXHIBIT_TEXTS}
        self.exhibit = exhibit
        super().__init__(*args, **kwargs)

    def clean_picture(self):
        picture = self.cleaned_data["picture"]
        if picture:
            check_size(picture)
        return picture

    def clean(self):
        found = super().clean()
        has_picture = found.get("picture") or (self.exhibit and self.exhibit.picture)
        if has_picture and not found.get("caption") and "caption" not in self.errors:
            self.add_error("caption", _("A picture needs a caption."))
        return found


class RatingForm(forms.Form):
    rating = forms.TypedChoiceField(
        label=_("How warm"),
        choices=[("", _("Not rated")), *RATINGS],
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("5 is a customer, 1 is a passer-by."),
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class LeadForm(RatingForm):
    ticket = forms.CharField(
        label=_("Ticket code"),
        max_length=64,
        help_text=_("Scan the QR code of the badge, or type the 32 characters under it."),
        widget=forms.TextInput(
            attrs={"class": "input--code", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    source = forms.ChoiceField(
        choices=LeadSource.choices,
        initial=LeadSource.TYPED,
        required=False,
        widget=forms.HiddenInput,
    )
    field_order = ("ticket", "rating", "note", "source")

    def clean_source(self):
        found = self.cleaned_data["source"]
        return found if found == LeadSource.SCANNED else LeadSource.TYPED
