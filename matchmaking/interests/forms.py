from django import forms
from django.utils.translation import gettext, gettext_lazy as _

from portal.accounts.enums import ConsentPurpose
from portal.accounts.models import Organization
from portal.accounts.queries import current_text
from portal.media.validators import validate_attachment

from .enums import DeclineReason, Mandate
from .marks import find_marks
from .models import MESSAGE_LENGTH, TEXT_LENGTH
from .services import MOST_FILES


def text_field(label, *, rows=3, length=TEXT_LENGTH, **kwargs) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=length, widget=forms.Textarea(attrs={"rows": rows}), **kwargs
    )


class MarkedTextForm(forms.Form):
    """A form that asks again before a text with confidential marks is sent: press twice."""

    TEXTS: tuple[str, ...] = ()

    is_confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def clean(self):
        data = super().clean()
        marks = find_marks(data.get(name) or "" for name in self.TEXTS)
        if marks and not data.get("is_confirmed"):
            self.data = self.data.copy()
            self.data[self.add_prefix("is_confirmed")] = "1"
            self.add_error(None, forms.ValidationError(marks_warning(marks), code="marked"))
        return data


def marks_warning(marks: list[str]) -> str:
    return gettext(
        "Your text says “%(marks)s”. Without a signed agreement nothing binds the other side to "
        "keep it secret. Take it out, or press the button again to send it all the same."
    ) % {"marks": "、".join(marks)}


def show_consent(field: forms.Field) -> None:
    """Put the very text beside the box that the ledger will record."""
    field.help_text = current_text(ConsentPurpose.SHARE_CONTACT).label


class ExpressForm(MarkedTextForm):
    """What for, what is offered, what is asked."""

    TEXTS = ("purpose", "offer", "ask")

    organization: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label=_("In the name of")
    )
    purpose = text_field(
        _("What for"), help_text=_("Which product or step it is for, and what is wrong today.")
    )
    ask = text_field(
        _("What we ask"), help_text=_("For instance samples, a visit, a quotation, a licence.")
    )
    offer = text_field(
        _("What we offer"),
        required=False,
        help_text=_("For instance a pilot line, data, a budget, a market."),
    )
    shares_contact = forms.BooleanField(
        required=False,
        label=_("Give my name, e-mail and phone to the other side once it agrees to talk"),
    )

    def __init__(self, *args, organizations, names_receiver, **kwargs):
        super().__init__(*args, **kwargs)
        show_consent(self.fields["shares_contact"])
        if not names_receiver:
            del self.fields["shares_contact"]
        field = self.fields["organization"]
        field.queryset = Organization.objects.filter(pk__in=[each.pk for each in organizations])
        if len(organizations) == 1:
            field.initial = organizations[0]
            field.widget = forms.HiddenInput()


class AnswerForm(MarkedTextForm):
    TEXTS = ("text",)

    text = text_field(_("First message"), required=False, length=MESSAGE_LENGTH, rows=5)
    shares_contact = forms.BooleanField(
        required=False,
        label=_("Give my name, e-mail and phone to the other side"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        show_consent(self.fields["shares_contact"])


class DeclineForm(MarkedTextForm):
    TEXTS = ("comment",)

    reason = forms.ChoiceField(
        label=_("Reason"), choices=DeclineReason.choices, widget=forms.RadioSelect
    )
    comment = text_field(
        _("Comment"),
        required=False,
        help_text=_("One sentence that helps the other side to do better."),
    )

    def clean(self):
        data = super().clean()
        if data.get("reason") == DeclineReason.OTHER and not (data.get("comment") or "").strip():
            self.add_error("comment", _("Please explain the other reason in the comment."))
        return data


class ConfirmForm(forms.Form):
    """Nothing to fill in: the button is the decision."""


class CloseInterestForm(forms.Form):
    note = text_field(_("How the talks ended"), length=300)


class AskConsentForm(forms.Form):
    purpose = text_field(
        _("What you need it for"), help_text=_("The other side reads it before it decides.")
    )


class IntroduceForm(forms.Form):
    mandate = forms.ChoiceField(
        label=_("For whom you act"), choices=Mandate.choices, widget=forms.RadioSelect
    )
    note = text_field(
        _("What the introduction consists of"),
        help_text=_("For instance a call with both, a visit on Thursday. Both sides read it."),
    )


class HandOverForm(forms.Form):
    broker: forms.ModelChoiceField = forms.ModelChoiceField(queryset=None, label=_("Broker"))
    reason = text_field(_("Why you hand it over"), length=300)

    def __init__(self, *args, brokers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["broker"].queryset = brokers
        self.fields["broker"].label_from_instance = _label_with_load


def _label_with_load(broker) -> str:
    return gettext("%(name)s (%(load)d open)") % {"name": broker, "load": broker.load}


class FileInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files in one field, each checked by its content."""

    widget = FileInput

    def clean(self, data, initial=None):
        files = data if isinstance(data, list | tuple) else [data] if data else []
        cleaned = [super(FilesField, self).clean(file, initial) for file in files]
        for file in cleaned:
            validate_attachment(file)
        return cleaned


class MessageForm(forms.Form):
    text = text_field(_("Message"), length=MESSAGE_LENGTH, rows=5)
    attachments = FilesField(
        label=_("Files"),
        required=False,
        help_text=_("At most %(number)d; PDF, Office, pictures, ZIP.") % {"number": MOST_FILES},
    )
    is_confidential = forms.BooleanField(
        required=False,
        label=_("Only for our two organizations"),
        help_text=_("Brokers and the commission do not read it."),
    )
