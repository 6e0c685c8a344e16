from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext_lazy as _
from modelcluster.forms import childformset_factory

from portal.media.fields import PictureField
from portal.media.validators import validate_attachment

from .enums import TRL_MAXIMUM, TRL_NAMES, Disclosure, ListingState, Secrecy, TrlScale
from .models import AchievementPage, Completer, CompletingUnit, Indicator
from .validators import validate_unclassified


class DayInput(forms.DateInput):
    """A browser's date field takes its value in one format, whatever the reader's language."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


TEXT_WIDGETS = (forms.TextInput, forms.Textarea, forms.DateInput)


class DraftForm(forms.ModelForm):
    """One step of a draft: everything may be left open until the text is submitted."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "price_min" in self.fields:
            self.fields["price_min"].help_text = _(
                "Leave both prices empty for “negotiable”; the lower one alone means “from”."
            )
        for name, field in self.fields.items():
            field.required = name == "title"
            field.is_needed_for_review = not self._meta.model._meta.get_field(name).blank
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 5

    def _post_clean(self):
        """Check the fields of this step only; the whole text is checked on submission."""
        opts = self._meta
        exclude = self._get_validation_exclusions() | {
            name for name in self.fields if not self.cleaned_data.get(name)
        }
        self.instance = forms.models.construct_instance(
            self, self.instance, opts.fields, opts.exclude
        )
        try:
            self.instance.clean_fields(exclude=exclude)
            self.instance.clean()
        except forms.ValidationError as error:
            own = {
                name: messages
                for name, messages in error.update_error_dict({}).items()
                if name in self.fields or name == NON_FIELD_ERRORS
            }
            if own:
                self._update_errors(forms.ValidationError(own))

    def put_right_answers(self, draft) -> None:
        """Write those answers onto ``draft`` that nothing is wrong with."""
        right = [name for name in self._meta.fields or () if name in self.cleaned_data]
        forms.models.construct_instance(self, draft, right)
        for field in draft._meta.many_to_many:
            if field.name in right:
                field.save_form_data(draft, self.cleaned_data[field.name])


def freeze(*bound) -> None:
    """Let what was typed be read and copied, and nothing be changed."""
    for form in bound:
        for field in form.fields.values():
            is_text = isinstance(field.widget, TEXT_WIDGETS)
            field.widget.attrs["readonly" if is_text else "disabled"] = True


class BasicsForm(DraftForm):
    secrecy = forms.ChoiceField(
        label=_("Security classification"),
        choices=Secrecy.choices,
        initial=Secrecy.NONE,
        validators=[validate_unclassified],
    )

    class Meta:
        model = AchievementPage
        fields = (
            "title",
            "title_en",
            "summary",
            "summary_en",
            "achievement_class",
            "form",
            "secrecy",
            "industries",
            "technical_fields",
            "keywords",
        )
        widgets = {
            "industries": forms.CheckboxSelectMultiple,
            "technical_fields": forms.CheckboxSelectMultiple,
        }


class TechnologyForm(DraftForm):
    class Meta:
        model = AchievementPage
        fields = ("description", "description_en", "innovations", "scenarios", "novelty", "level")


def trl_choices() -> list[tuple[int | str, str]]:
    """The levels with their names; the shorter scale ends before the last ones."""
    end = TRL_MAXIMUM[TrlScale.NINE]
    only_longer = _("thirteen levels only")
    return [("", "—")] + [
        (level, f"{level} · {name}" if level <= end else f"{level} · {name} ({only_longer})")
        for level, name in enumerate(TRL_NAMES, start=1)
    ]


class ReadinessForm(DraftForm):
    trl_level = forms.TypedChoiceField(
        label=_("readiness level"), choices=trl_choices, coerce=int, empty_value=None
    )

    class Meta:
        model = AchievementPage
        fields = (
            "stage",
            "trl_scale",
            "trl_level",
            "trl_evidence",
            "application_state",
            "not_applied_reason",
            "evaluation_method",
            "research_started",
            "research_ended",
            "task_source",
            "project_number",
            "registration_number",
        )
        widgets = {
            "research_started": DayInput(),
            "research_ended": DayInput(),
        }
        help_texts = {
            "trl_evidence": _("A report goes into the step “Pictures and files”."),
            "registration_number": _("Twelve characters, e.g. 3302024Y0123."),
        }


class ComparisonForm(DraftForm):
    class Meta:
        model = AchievementPage
        fields = (
            "comparison_today",
            "comparison_cost",
            "comparison_gain",
            "comparison_tested_by",
        )


class PeopleForm(DraftForm):
    class Meta:
        model = AchievementPage
        fields: tuple[str, ...] = ()


class TermsForm(DraftForm):
    class Meta:
        model = AchievementPage
        fields = ("modes", "price_min", "price_max")
        widgets = {"modes": forms.CheckboxSelectMultiple}


class FilesForm(forms.Form):
    """A picture or a file to add to a draft; each is checked by its content."""

    picture = PictureField(
        label=_("Picture"), required=False, help_text=_("PNG, JPEG or WebP, at most 10 MB.")
    )
    caption = forms.CharField(label=_("Caption"), max_length=100, required=False)
    attachment = forms.FileField(
        label=_("File"),
        required=False,
        validators=[validate_attachment],
        help_text=_("PDF, Office document, picture or ZIP, at most 20 MB."),
    )
    attachment_title = forms.CharField(label=_("Title of the file"), max_length=100, required=False)


class ChildRowForm(forms.ModelForm):
    """One row of a table inside a step."""


IndicatorFormSet = childformset_factory(
    AchievementPage,
    Indicator,
    form=ChildRowForm,
    fields=("name", "value", "unit", "condition", "tested_by"),
    extra=2,
    max_num=20,
    can_order=False,
)
UnitFormSet = childformset_factory(
    AchievementPage,
    CompletingUnit,
    form=ChildRowForm,
    fields=("name",),
    extra=1,
    max_num=10,
    can_order=False,
)
CompleterFormSet = childformset_factory(
    AchievementPage,
    Completer,
    form=ChildRowForm,
    fields=("name", "unit", "contribution", "consent_confirmed"),
    extra=2,
    max_num=30,
    can_order=False,
)


class StartForm(forms.Form):
    """What is needed to open a draft."""

    institute: forms.ModelChoiceField = forms.ModelChoiceField(queryset=None, label=_("Institute"))
    title = forms.CharField(label=_("Title"), max_length=255)

    def __init__(self, *args, institutes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["institute"].queryset = institutes
        if len(institutes) == 1:
            self.fields["institute"].initial = institutes[0]


class ListingFilterForm(forms.Form):
    q = forms.CharField(label=_("Title or code"), max_length=80, required=False)
    state = forms.ChoiceField(
        label=_("State"), choices=[("", _("All")), *ListingState.choices], required=False
    )


class DisclosureForm(forms.Form):
    disclosure = forms.ChoiceField(label=_("Who may read it"), choices=Disclosure.choices)


class ValidityForm(forms.Form):
    valid_until = forms.DateField(
        label=_("Valid until"),
        widget=DayInput(),
        help_text=_("At most three years ahead. It takes effect at once, without a review."),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


NOTE = "note_"


class ReviewForm(forms.Form):
    """A reviewer's decision on the revision that was read, with notes on any of its fields."""

    APPROVE, RETURN = "approve", "return"

    revision = forms.IntegerField(widget=forms.HiddenInput)
    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[(APPROVE, _("Approve")), (RETURN, _("Return with a reason"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason or comment"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args, field_choices=(), **kwargs):
        super().__init__(*args, **kwargs)
        for name, label in field_choices:
            self.fields[NOTE + name] = forms.CharField(
                label=_("Note on “%(field)s”") % {"field": label},
                max_length=500,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @property
    def field_notes(self) -> dict[str, str]:
        """What the reviewer noted, by the field that it is about."""
        notes = {
            name.removeprefix(NOTE): (self.cleaned_data.get(name) or "").strip()
            for name in self.fields
            if name.startswith(NOTE)
        }
        return {name: note for name, note in notes.items() if note}

    def clean(self):
        data = super().clean()
        decision = data.get("decision")
        if decision == self.RETURN and not (data.get("reason") or "").strip():
            self.add_error("reason", _("Please give the reason of the return."))
        if decision == self.APPROVE and self.field_notes:
            self.add_error(
                "decision",
                _("Notes on fields go with a return: take them out, or return the text."),
            )
        return data
