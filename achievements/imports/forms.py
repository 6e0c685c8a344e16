from django import forms
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organization

from .importers import importer_choices
from .tables import MAXIMUM_BYTES


class UploadForm(forms.Form):
    """A table of listings and whose they are."""

    organization: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label=_("Organization")
    )
    kind = forms.ChoiceField(label=_("What the table holds"))
    file = forms.FileField(
        label=_("Table (.csv or .xlsx)"), validators=[FileExtensionValidator(["csv", "xlsx"])]
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        offices = Organization.objects.filter(pk__in=user.office_organization_ids).order_by("name")
        self.fields["organization"].queryset = offices
        self.fields["organization"].initial = offices.first()
        self.fields["kind"].choices = importer_choices()

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAXIMUM_BYTES:
            raise forms.ValidationError(_("The file is larger than 20 MB. Split it, please."))
        return file
