"""What people fill in to register, and what the organizer fills in about them."""

from itertools import groupby
from typing import Any

from django import forms
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext, gettext_lazy as _

from achievements.imports.tables import MAXIMUM_BYTES
from events.fairs.enums import ParticipantRole
from events.fairs.forms.fields import number_field, text_area
from portal.accounts.enums import FAIR_PURPOSES, ConsentPurpose
from portal.accounts.models import Organization
from portal.accounts.queries import current_texts
from portal.media.validators import validate_attachment
from portal.taxonomy.models import Industry

from .enums import (
    CHOICE_KINDS,
    AvailabilityState,
    BusyReason,
    EntryKind,
    QuestionKind,
    QuestionStage,
    RegistrationState,
)
from .models import Question, Registration
from .places import places_of

FREE_ROWS = 3


class RoleForm(forms.Form):
    """As what, for whom, under which name."""

    role = forms.ChoiceField(label=_("I take part as"), widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Name on the badge"),
        max_length=60,
        help_text=_("As others should call you; it is printed large."),
    )
    organization: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label=_("My organization on the portal"), required=False
    )
    organization_name = forms.CharField(
        label=_("Or the name of the organization"), max_length=120, required=False
    )
    post = forms.CharField(label=_("Post"), max_length=60, required=False)

    def __init__(self, *args, registration: Registration, user, **kwargs):
        names = ("role", "name", "organization", "organization_name", "post")
        kwargs["initial"] = {name: getattr(registration, name) for name in names}
        super().__init__(*args, **kwargs)
        field: Any = self.fields["role"]
        is_draft = registration.state == RegistrationState.DRAFT
        field.choices = [*self._roles(registration)]
        field.disabled = not is_draft
        own = Organization.objects.filter(pk__in=user.organization_ids).order_by("name")
        organization: Any = self.fields["organization"]
        organization.queryset, organization.empty_label = own, gettext("None of them")
        if not own:
            del self.fields["organization"]
            self.fields["organization_name"].label = _("Organization")

    def _roles(self, registration):
        """The roles that the fair admits, each with what is left of its places."""
        places = places_of(registration.fair)
        for role in ParticipantRole:
            if role not in places.limits:
                continue
            left = places.left_for(role)
            label = str(role.label)
            if left == 0 and registration.approved_at is None:
                label = gettext("%(role)s (full: waiting list)") % {"role": label}
            elif places.limits[role] is not None:
                label = gettext("%(role)s (%(left)d places left)") % {"role": label, "left": left}
            yield role.value, label

    def clean(self):
        data = super().clean()
        if not data.get("organization") and not (data.get("organization_name") or "").strip():
            self.add_error("organization_name", _("Say for which organization you come."))
        if data.get("organization"):
            data["organization_name"] = ""
        return {"organization": None, **data}


class ProfileForm(forms.Form):
    headline = forms.CharField(
        label=_("One line about you"),
        max_length=80,
        required=False,
        help_text=_("What you do and what for, in words that a stranger understands."),
    )
    introduction = text_area(_("Introduction"), rows=5, length=500, required=False)
    industries: forms.ModelMultipleChoiceField = forms.ModelMultipleChoiceField(
        queryset=Industry.objects.order_by("pk"),
        label=_("Industries"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    needs_accessible_table = forms.BooleanField(
        label=_("I need a table that is reached without steps"), required=False
    )

    def __init__(self, *args, registration: Registration, user, **kwargs):
        names = ("headline", "introduction", "needs_accessible_table")
        initial = {name: getattr(registration, name) for name in names}
        kwargs["initial"] = {**initial, "industries": registration.industries.all()}
        super().__init__(*args, **kwargs)


class EntriesForm(forms.Form):
    """Own listings and needs to tick, and a few rows in own words."""

    def __init__(self, *args, registration: Registration, offers, needs, **kwargs):
        super().__init__(*args, **kwargs)
        stored = list(registration.entries.order_by("pk"))
        self.listings = {str(page.pk): page for page in offers}
        self.own_needs = {str(need.pk): need for need in needs}
        if self.listings:
            self.fields["pages"] = forms.MultipleChoiceField(
                label=_("Offers: my achievements and patents"),
                choices=[(pk, page.label) for pk, page in self.listings.items()],
                initial=[str(entry.page_id) for entry in stored if entry.page_id],
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        if self.own_needs:
            self.fields["needs"] = forms.MultipleChoiceField(
                label=_("Seeks: our published needs"),
                choices=[(pk, need.label) for pk, need in self.own_needs.items()],
                initial=[str(entry.need_id) for entry in stored if entry.need_id],
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        for kind in EntryKind:
            words = [
                each for each in stored if each.kind == kind and not (each.page_id or each.need_id)
            ]
            for place in range(FREE_ROWS):
                entry = words[place] if place < len(words) else None
                self._add_row(kind, place, entry)

    def _add_row(self, kind, place, entry):
        name = f"{kind.lower()}_{place}"
        self.fields[f"{name}_title"] = forms.CharField(
            label=_("What"), max_length=120, required=False, initial=entry and entry.title
        )
        self.fields[f"{name}_summary"] = forms.CharField(
            label=_("In a few words"),
            max_length=300,
            required=False,
            initial=entry and entry.summary,
        )

    def free_rows(self):
        """(kind, label, rows of two fields) for offers and for seeks."""
        for kind in EntryKind:
            rows = [
                (self[f"{kind.lower()}_{place}_title"], self[f"{kind.lower()}_{place}_summary"])
                for place in range(FREE_ROWS)
            ]
            yield kind, kind.label, rows

    @property
    def entries(self) -> list[dict]:
        data = self.cleaned_data
        pages = [self.listings[pk] for pk in data.get("pages", [])]
        needs = [self.own_needs[pk] for pk in data.get("needs", [])]
        found = [
            *({"kind": EntryKind.OFFER, "page": each, "title": each.title[:120]} for each in pages),
            *({"kind": EntryKind.SEEK, "need": each, "title": each.title[:120]} for each in needs),
        ]
        for kind in EntryKind:
            for place in range(FREE_ROWS):
                name = f"{kind.lower()}_{place}"
                if title := data[f"{name}_title"]:
                    summary = data[f"{name}_summary"]
                    found.append({"kind": kind, "title": title, "summary": summary})
        return found


class AvailabilityForm(forms.Form):
    """One choice for each slot; slots left alone are free."""

    def __init__(self, *args, registration: Registration, slots, **kwargs):
        super().__init__(*args, **kwargs)
        stored = {each.slot_id: each for each in registration.availabilities.all()}
        self.slots = list(slots)
        for slot in self.slots:
            given = stored.get(slot.pk)
            self.fields[f"state_{slot.pk}"] = forms.ChoiceField(
                label=str(slot),
                choices=AvailabilityState.choices,
                initial=given.state if given else AvailabilityState.FREE,
            )
            self.fields[f"reason_{slot.pk}"] = forms.ChoiceField(
                label=_("Reason"),
                choices=[("", "—"), *BusyReason.choices],
                required=False,
                initial=given.reason if given else "",
            )

    def sessions(self):
        """(session, rows of slot, state, reason)."""
        for session, slots in groupby(self.slots, key=lambda slot: slot.session):
            yield (
                session,
                [(slot, self[f"state_{slot.pk}"], self[f"reason_{slot.pk}"]) for slot in slots],
            )

    @property
    def states(self) -> dict[int, tuple[str, str]]:
        data = self.cleaned_data
        return {
            slot.pk: (data[f"state_{slot.pk}"], data[f"reason_{slot.pk}"]) for slot in self.slots
        }


class AnswersForm(forms.Form):
    """The organizer's questions as fields of their kinds."""

    def __init__(self, *args, registration: Registration, questions, **kwargs):
        super().__init__(*args, **kwargs)
        stored = {answer.question_id: answer for answer in registration.answers.all()}
        self.questions = questions
        for question in questions:
            field = self._field(question, stored.get(question.pk))
            field.label, field.help_text = question.localized, question.hint
            self.fields[f"question_{question.pk}"] = field

    def _field(self, question: Question, answer) -> forms.Field:
        required, choices = question.is_required, [(each, each) for each in question.choices]
        value = answer.value if answer else None
        if question.kind == QuestionKind.FILE:
            field = forms.FileField(required=required and answer is None)
            field.validators.append(validate_attachment)
            return field
        makers = {
            QuestionKind.TEXT: lambda **given: forms.CharField(max_length=200, **given),
            QuestionKind.LONG_TEXT: lambda **given: text_area("", length=2000, **given),
            QuestionKind.NUMBER: lambda **given: number_field("", most=10**9, **given),
            QuestionKind.CHOICE: lambda **given: forms.ChoiceField(
                choices=choices, widget=forms.RadioSelect, **given
            ),
            QuestionKind.SEVERAL: lambda **given: forms.MultipleChoiceField(
                choices=choices, widget=forms.CheckboxSelectMultiple, **given
            ),
        }
        return makers[QuestionKind(question.kind)](required=required, initial=value)

    @property
    def answers(self) -> dict:
        return {
            question.pk: self.cleaned_data.get(f"question_{question.pk}")
            for question in self.questions
        }


class ConsentsForm(forms.Form):
    """One box for each purpose, with the very text that the ledger records (PIPL art. 14, 23)."""

    def __init__(self, *args, held=(), asks_organizer=True, **kwargs):
        super().__init__(*args, **kwargs)
        texts = {text.purpose: text for text in current_texts()}
        for purpose in FAIR_PURPOSES:
            is_organizer = purpose == ConsentPurpose.FAIR_ORGANIZER
            if is_organizer and not asks_organizer:
                continue
            self.fields[purpose] = forms.BooleanField(
                label=purpose.label,
                help_text=texts[purpose].label,
                required=is_organizer,
                initial=purpose in held,
            )

    @property
    def consents(self) -> list[str]:
        return [purpose for purpose, given in self.cleaned_data.items() if given]


class QuestionForm(forms.ModelForm):
    choice_lines = text_area(
        _("Choices"), rows=4, length=2000, required=False, help_text=_("One on each line.")
    )
    roles = forms.MultipleChoiceField(
        label=_("For these roles"),
        choices=ParticipantRole.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: for everybody."),
    )

    class Meta:
        model = Question
        fields = ("label", "label_en", "hint", "kind", "stage", "is_required")

    field_order = (
        "label",
        "label_en",
        "hint",
        "kind",
        "choice_lines",
        "roles",
        "stage",
        "is_required",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["choice_lines"].initial = "\n".join(self.instance.choices)
            self.fields["roles"].initial = self.instance.roles
        self.fields["stage"].choices = QuestionStage.choices
        self.fields["kind"].choices = QuestionKind.choices

    @property
    def values(self) -> dict:
        data = dict(self.cleaned_data)
        lines = data.pop("choice_lines").splitlines()
        kept = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
        return {**data, "choices": kept if data["kind"] in CHOICE_KINDS else []}


class GuestsForm(forms.Form):
    file = forms.FileField(
        label=_("Guest list (.csv or .xlsx)"),
        validators=[FileExtensionValidator(["csv", "xlsx"])],
        help_text=_("UTF-8 or GBK; the first row holds the headings."),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAXIMUM_BYTES:
            raise forms.ValidationError(_("The file is larger than 20 MB. Split it, please."))
        return file


class MailingForm(forms.Form):
    subject = forms.CharField(label=_("Subject"), max_length=100)
    subject_en = forms.CharField(label=_("Subject, English"), max_length=200)
    body = text_area(
        _("Text"),
        rows=7,
        length=3000,
        help_text=_("{name} becomes the person's name, {fair} the fair's."),
    )
    body_en = text_area(_("English text"), rows=6, length=6000)
    states = forms.MultipleChoiceField(
        label=_("To those who are"),
        choices=[
            (state.value, state.label)
            for state in RegistrationState
            if state not in {RegistrationState.DRAFT, RegistrationState.WITHDRAWN}
        ],
        initial=[RegistrationState.APPROVED],
        widget=forms.CheckboxSelectMultiple,
    )
    roles = forms.MultipleChoiceField(
        label=_("For these roles"),
        choices=ParticipantRole.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: for everybody."),
    )
