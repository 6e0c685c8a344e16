from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organization

from .enums import NeedOutcome, VerdictLevel, VerdictReason
from .models import Need, NeedTarget


class StartForm(forms.Form):
    """What is needed to open a draft."""

    organization = forms.ModelChoiceField(queryset=None, label=_("Organization"))
    title = forms.CharField(label=_("Title"), max_length=120)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["organization"]
        field.queryset = Organization.objects.filter(pk__in=user.organization_ids)
        if len(field.queryset) == 1:
            field.initial = field.queryset[0]


class NeedForm(forms.ModelForm):
    """The whole need on one page; only the title is required before it is submitted."""

    class Meta:
        model = Need
        fields = (
            "title",
            "title_en",
            "kind",
            "problem",
            "current_solution",
            "constraints",
            "budget_min",
            "budget_max",
            "deadline",
            "decision_maker",
            "partner_wishes",
            "wished_district",
            "industries",
            "technical_fields",
            "modes",
            "keywords",
            "confidentiality",
            "directed_to",
        )
        widgets = {
            "deadline": forms.DateInput(attrs={"type": "date"}),
            "industries": forms.CheckboxSelectMultiple,
            "technical_fields": forms.CheckboxSelectMultiple,
            "modes": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["directed_to"].queryset = Organization.objects.publishing().order_by("name")

    def clean(self):
        data = super().clean()
        low, high = data.get("budget_min"), data.get("budget_max")
        if None not in (low, high) and low > high:
            self.add_error("budget_max", _("The upper budget must not be below the lower one."))
        return data


TargetFormSet = forms.inlineformset_factory(
    Need,
    NeedTarget,
    fields=("metric", "operator", "value", "unit"),
    extra=2,
    max_num=20,
)


class RewriteForm(forms.ModelForm):
    """A broker's rewrite: the same texts, better; and a word to the company."""

    note = forms.CharField(
        label=_("Note to the company"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    class Meta:
        model = Need
        fields = ("title", "problem", "current_solution", "constraints")


class ReviewForm(forms.Form):
    APPROVE, RETURN = "approve", "return"

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


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(label=_("What became of it"), choices=NeedOutcome.choices)
    note = forms.CharField(label=_("Why"), max_length=500, required=False)


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

    ACTIONS = (
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
