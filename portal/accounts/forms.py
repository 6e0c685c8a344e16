import secrets

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, gettext_lazy as _

from .enums import MembershipRole, PaperKind
from .identifiers import normalize_credit_code, organization_code_matches
from .limits import client_ip
from .models import Organization, User
from .queries import holder_of_code
from .uploads import check_size, detect_suffix

LOGO_MAX_BYTES = 2 * 1024 * 1024


class OrganizationForm(forms.ModelForm):
    """The description of an organization; the code is normalized before it is checked."""

    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    logo = forms.ImageField(
        label=_("Logo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
        help_text=_("PNG or JPEG, at most 2 MB."),
    )
    remove_logo = forms.BooleanField(label=_("Remove the logo"), required=False)

    class Meta:
        model = Organization
        fields = (
            "name",
            "name_en",
            "short_name",
            "kind",
            "credit_code",
            "is_public_body",
            "district",
            "park",
            "industries",
            "size",
            "website",
            "logo",
            "introduction",
            "introduction_en",
        )
        widgets = {"industries": forms.CheckboxSelectMultiple}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["district"].queryset = self.fields["district"].queryset.current()
        self.fields["credit_code"].max_length = None
        self.fields["credit_code"].widget.attrs.pop("maxlength", None)
        self.fields["credit_code"].validators = []
        self.code_holder = None
        if not self.instance.logo:
            del self.fields["remove_logo"]

    def clean_logo(self):
        """Name a new logo by chance and by its content: nothing of its name is kept."""
        logo = self.cleaned_data["logo"]
        if not isinstance(logo, UploadedFile):
            return logo
        if logo.size > LOGO_MAX_BYTES:
            raise forms.ValidationError(_("The logo is larger than 2 MB. Please make it smaller."))
        suffix = detect_suffix(logo)
        if suffix not in {".png", ".jpg"}:
            raise forms.ValidationError(_("Please choose a PNG or JPEG picture."))
        logo.name = f"{secrets.token_urlsafe(18)}{suffix}"
        return logo

    def clean(self):
        data = super().clean()
        if data.get("remove_logo") and not isinstance(data.get("logo"), UploadedFile):
            data["logo"] = False  # Django's word for: take the file away
        return data

    def clean_credit_code(self):
        code = normalize_credit_code(self.cleaned_data["credit_code"] or "") or None
        self.code_holder = holder_of_code(code, besides=self.instance)
        if self.code_holder:
            raise forms.ValidationError(
                _("%(name)s is registered with this code already. Ask to join it instead."),
                code="code_taken",
                params={"name": self.code_holder.label},
            )
        return code

    @property
    def code_warning(self) -> str:
        """What to say when the older check of the organization code does not fit."""
        code = self.instance.credit_code
        if not code or organization_code_matches(code):
            return ""
        return str(_("The code passes its own check, but not the older one of characters 9–17."))


class JoinForm(forms.Form):
    message = forms.CharField(
        label=_("Message to the owners"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class InvitationForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"))
    role = forms.ChoiceField(
        label=_("Role"), choices=MembershipRole.choices, initial=MembershipRole.MEMBER
    )


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("name", "phone", "language", "recommendations_enabled")


def _link_to(slug: str) -> str:
    """Open the standing text beside the form, so that nothing typed is lost."""
    address = reverse("wagtail_serve", args=[f"{slug}/"])
    return format_html('<a href="{}" target="_blank" rel="noopener">', address)


class SignupForm(forms.Form):
    """What sign-up asks beyond address and password; allauth builds its form on it."""

    name = forms.CharField(label=_("Name"), max_length=60)
    accept_terms = forms.BooleanField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["accept_terms"].label = format_html(
            gettext(
                "I have read and accept the {terms_link}terms of use{end} and the "
                "{privacy_link}privacy notice{end}."
            ),
            terms_link=_link_to("terms"),
            privacy_link=_link_to("privacy"),
            end=mark_safe("</a>"),
        )

    def signup(self, request, user):
        from .enums import ConsentPurpose
        from .queries import current_text
        from .services import give_consent

        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
        give_consent(
            actor=user, text=current_text(ConsentPurpose.TERMS), ip_address=client_ip(request)
        )


class PaperForm(forms.Form):
    """A paper as PDF, PNG or JPEG; the type is read from the content, not from the name."""

    kind = forms.ChoiceField(label=_("Kind"), choices=PaperKind.choices)
    file = forms.FileField(label=_("File"), help_text=_("PDF, PNG or JPEG, at most 20 MB."))

    def clean_file(self):
        file = self.cleaned_data["file"]
        check_size(file)
        suffix = detect_suffix(file)
        if not suffix:
            raise forms.ValidationError(_("Please choose a PDF, PNG or JPEG file."))
        file.name = f"paper{suffix}"
        return file
