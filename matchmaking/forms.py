from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from achievements.forms import DayInput
from portal.accounts.models import Organization

from .enums import Confidentiality, NeedOutcome, Operator, VerdictLevel, VerdictReason
from .models import Need, NeedTarget
from .services import REWRITTEN_FIELDS

EMPTY_ROWS = 2
YUAN = 10_000


class StartForm(forms.Form):
    """What is needed to open a draft."""

    organization: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label=_("Organization")
    )
    title = forms.CharField(label=_("Title"), max_length=120)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["organization"]
        field.queryset = Organization.objects.filter(pk__in=user.organization_ids)
        if len(field.queryset) == 1:
            field.initial = field.queryset[0]


class ProblemForm(forms.ModelForm):
    class Meta:
        model = Need
        fields = ("title", "title_en", "kind", "problem", "current_solution")


class ConditionsForm(forms.ModelForm):
    class Meta:
        model = Need
        fields = ("constraints",)


class TenThousandField(forms.DecimalField):
    """An amount asked in 万元 and kept in yuan."""

    def __init__(self, **kwargs):
        super().__init__(min_value=0, max_digits=9, decimal_places=4, required=False, **kwargs)
        self.widget.attrs["inputmode"] = "decimal"

    def prepare_value(self, value):
        return f"{value / YUAN:.10g}" if isinstance(value, int) else value

    def clean(self, value):
        amount = super().clean(value)
        return None if amount is None else int(amount * YUAN)


class TermsForm(forms.ModelForm):
    budget_min = TenThousandField(label=_("Budget from (10,000 yuan)"))
    budget_max = TenThousandField(label=_("Budget to (10,000 yuan)"))

    class Meta:
        model = Need
        fields = ("budget_min", "budget_max", "deadline", "modes", "decision_maker")
        widgets = {
            "deadline": DayInput(),
            "modes": forms.CheckboxSelectMultiple,
        }

    def clean(self):
        data = super().clean()
        low, high = data.get("budget_min"), data.get("budget_max")
        if None not in (low, high) and low > high:
            self.add_error("budget_max", _("The upper budget must not be below the lower one."))
        deadline = data.get("deadline")
        if deadline and "deadline" in self.changed_data and deadline < timezone.localdate():
            self.add_error("deadline", _("This day has passed already."))
        return data


class FieldForm(forms.ModelForm):
    class Meta:
        model = Need
        fields = ("industries", "technical_fields", "keywords")
        widgets = {
            "industries": forms.CheckboxSelectMultiple,
            "technical_fields": forms.CheckboxSelectMultiple,
        }


class ReadersForm(forms.ModelForm):
    class Meta:
        model = Need
        fields = (
            "confidentiality",
            "directed_to",
            "excluded",
            "partner_wishes",
            "wished_district",
        )
        widgets = {
            "confidentiality": forms.RadioSelect,
            "directed_to": forms.CheckboxSelectMultiple,
            "excluded": forms.CheckboxSelectMultiple,
        }

    template_name = "matchmaking/readers_form.html"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("directed_to", "excluded"):
            self.fields[name].queryset = Organization.objects.publishing().order_by("name")

    def clean(self):
        data = super().clean()
        if data.get("confidentiality") != Confidentiality.DIRECTED:
            data["directed_to"] = Organization.objects.none()
        elif not data.get("directed_to"):
            self.add_error("directed_to", _("Choose at least one institute that may read it."))
        return data


class TargetForm(forms.ModelForm):
    """One row of targets; an empty one counts for nothing."""

    class Meta:
        model = NeedTarget
        fields = ("metric", "operator", "value", "unit")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False
            field.widget.attrs["aria-label"] = field.label

    def clean(self):
        data = super().clean()
        if any(data.get(name) for name in ("metric", "value", "unit")):
            for name in ("metric", "value"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("A target needs a metric and a value."))
        return data


class BaseTargetFormSet(forms.BaseFormSet):
    @property
    def rows(self) -> list[dict]:
        """The targets that were filled in and not struck out."""
        names = TargetForm.Meta.fields
        return [
            {name: row[name] or Operator.GE if name == "operator" else row[name] for name in names}
            for row in (form.cleaned_data for form in self.forms)
            if row.get("metric") and not row.get("DELETE")
        ]


TargetFormSet = forms.formset_factory(
    TargetForm,
    BaseTargetFormSet,
    extra=EMPTY_ROWS,
    max_num=20,
    can_delete=True,
    can_delete_extra=False,
)


def with_more_targets(data):
    """The same answers with more empty rows of targets."""
    data = data.copy()
    total = data.get("targets-TOTAL_FORMS", "")
    if total.isdecimal():
        data["targets-TOTAL_FORMS"] = min(int(total[:4]) + EMPTY_ROWS, TargetFormSet.max_num)
    return data


class RewriteForm(TermsForm):
    """A broker's rewrite: the same answers, better; and a word to the company."""

    note = forms.CharField(
        label=_("Note to the company"),
        help_text=_("Says what you changed, or asks what only the company knows."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    class Meta:
        model = Need
        fields = tuple(name for name in REWRITTEN_FIELDS if name != "targets")
        widgets = {**TermsForm.Meta.widgets, **FieldForm.Meta.widgets}


class SendBackForm(forms.Form):
    """What the broker should change in another rewrite."""

    note = forms.CharField(
        label=_("What should the broker change?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReviewForm(forms.Form):
    """The platform's decision, with remarks on single fields for a return."""

    APPROVE, RETURN = "approve", "return"
    NOTED = ("title", "problem", "current_solution", "targets", "constraints", "deadline")

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

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.NOTED:
            label = _("Targets") if name == "targets" else Need._meta.get_field(name).verbose_name
            self.fields[f"note_{name}"] = forms.CharField(
                label=format_lazy(_("Note on “{field}”"), field=label),
                max_length=300,
                required=False,
            )

    @property
    def field_notes(self) -> dict[str, str]:
        notes = {name: self.cleaned_data[f"note_{name}"].strip() for name in self.NOTED}
        return {name: note for name, note in notes.items() if note}


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("What became of it"), choices=NeedOutcome.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("Why"),
        help_text=_("Needed when you give it up; it helps those who offered something."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self):
        data = super().clean()
        if data.get("outcome") == NeedOutcome.GIVEN_UP and not data.get("note"):
            self.add_error("note", _("Please say why it was given up."))
        return data


class VerdictForm(forms.Form):
    level = forms.TypedChoiceField(
        label=_("How well does it fit?"),
        choices=VerdictLevel.choices,
        coerce=int,
        widget=forms.RadioSelect,
    )
    reason = forms.ChoiceField(
        label=_("Reason"), choices=[("", "—"), *VerdictReason.choices], required=False
    )
    comment = forms.CharField(label=_("Comment"), max_length=300, required=False)


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("Our note"),
        help_text=_("Only your organization reads it."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class MarkForm(forms.Form):
    """One of the buttons by a match, or its note."""

    ACTIONS: tuple[tuple[str, dict[str, bool], str | Promise], ...] = (
        ("keep", {"shortlist": True, "hide": False}, _("Kept.")),
        ("drop", {"shortlist": False}, _("No longer kept.")),
        ("hide", {"hide": True, "shortlist": False}, _("Hidden; you find it under “Hidden”.")),
        ("show", {"hide": False}, _("Back in the list.")),
        ("note", {}, _("Note saved.")),
    )

    action = forms.ChoiceField(choices=[(name, name) for name, _changes, _done in ACTIONS])
    note = forms.CharField(max_length=1000, required=False)

    def changes(self) -> dict:
        """What ``mark_match`` is to change."""
        changes = dict(self._row()[1])
        return changes | ({"note": self.cleaned_data["note"]} if not changes else {})

    def done(self) -> str:
        return self._row()[2]

    def _row(self):
        wanted = self.cleaned_data["action"]
        return next(row for row in self.ACTIONS if row[0] == wanted)
