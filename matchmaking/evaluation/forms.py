from itertools import combinations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from achievements.forms import DayInput
from portal.accounts.models import Organization
from portal.media.validators import validate_attachment

from .enums import IndicatorKind, SchemeState
from .indicators import queries_for
from .methods.ahp import SCALE
from .models import Indicator, Round, Scheme
from .objects import types_with_objects


class SchemeForm(forms.ModelForm):
    class Meta:
        model = Scheme
        fields = (
            "title",
            "title_en",
            "purpose",
            "purpose_en",
            "source",
            "method",
            "weighting",
            "spread_limit",
        )
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in ("purpose", "purpose_en")}


class LeafForm(forms.ModelForm):
    class Meta:
        model = Indicator
        fields = ("weight", "missing")


LeafFormSet = forms.modelformset_factory(Indicator, form=LeafForm, extra=0)


class IndicatorForm(forms.ModelForm):
    """A new indicator of a draft; without a group it opens one."""

    class Meta:
        model = Indicator
        fields = (
            "parent",
            "name",
            "name_en",
            "kind",
            "query",
            "guidance",
            "unit",
            "low",
            "high",
            "is_cost",
            "weight",
            "missing",
        )
        labels = {"parent": _("First-level indicator")}
        help_texts = {
            "query": _("For a number from the ledger only."),
            "low": _("Leave both ends empty to measure the objects against each other."),
        }

    def __init__(self, *args, scheme, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = scheme.indicators.filter(parent=None)
        self.fields["parent"].empty_label = _("New group")
        self.fields["parent"].label_from_instance = lambda group: group.label
        numbers = [(each.key, each.label) for each in queries_for(scheme.object_type)]
        self.fields["query"].widget = forms.Select(choices=[("", "—"), *numbers])

    def clean(self):
        cleaned = super().clean()
        parent, kind = cleaned.get("parent"), cleaned.get("kind")
        if parent is None:
            cleaned |= {"kind": "", "query": "", "weight": 0, "low": None, "high": None}
            return cleaned
        if not kind:
            self.add_error("kind", _("Please say where the value comes from."))
        if kind == IndicatorKind.NUMBER and not cleaned.get("query"):
            self.add_error("query", _("Please choose the number."))
        low, high = cleaned.get("low"), cleaned.get("high")
        if (low is None) != (high is None) or (low is not None and low >= high):
            self.add_error("high", _("A scale has two ends, the higher one above the lower."))
        if kind == IndicatorKind.SCORE and low is None:
            self.add_error("low", _("Experts need a scale, for instance 0 to 100."))
        return cleaned


def _as_choice(value: float) -> str:
    return f"1/{round(1 / value)}" if value < 1 else f"{value:.0f}"


class ComparisonForm(forms.Form):
    """How much more one group counts than another, on Saaty's scale, for each pair."""

    def __init__(self, *args, scheme, **kwargs):
        super().__init__(*args, **kwargs)
        self.pairs = list(combinations(range(len(scheme.groups)), 2))
        values = scheme.comparisons or [1.0] * len(self.pairs)
        for (row, column), value in zip(self.pairs, values, strict=True):
            one, other = scheme.groups[row].label, scheme.groups[column].label
            self.fields[f"pair_{row}_{column}"] = forms.ChoiceField(
                label=_("%(one)s compared with %(other)s") % {"one": one, "other": other},
                choices=[(_as_choice(step), _as_choice(step)) for step in SCALE],
                initial=_as_choice(value),
            )

    @property
    def above(self) -> list[float]:
        """The values above the diagonal, row by row."""
        values = (self.cleaned_data[f"pair_{row}_{column}"] for row, column in self.pairs)
        return [1 / int(each[2:]) if each.startswith("1/") else float(each) for each in values]


class RoundForm(forms.ModelForm):
    class Meta:
        model = Round
        fields = (
            "scheme",
            "title",
            "title_en",
            "year",
            "notice",
            "experts_per_subject",
            "report_until",
            "score_until",
            "answer_until",
        )
        widgets = {
            "notice": forms.Textarea(attrs={"rows": 4}),
            "report_until": DayInput(),
            "score_until": DayInput(),
            "answer_until": DayInput(),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["scheme"].queryset = Scheme.objects.filter(
            state=SchemeState.PUBLISHED, object_type__in=types_with_objects()
        )
        self.fields["scheme"].label_from_instance = lambda scheme: scheme.label
        self.fields["year"].initial = timezone.localdate().year - 1

    def clean(self):
        cleaned = super().clean()
        days = [cleaned.get(f"{name}_until") for name in ("report", "score", "answer")]
        if all(days) and days != sorted(days):
            raise forms.ValidationError(
                _("Report first, then score, then confirm: please put the dates in this order.")
            )
        return cleaned


class ReportForm(forms.Form):
    """The self-report: for each indicator a value or a statement, and files that prove it."""

    def __init__(self, *args, leaves, values, **kwargs):
        super().__init__(*args, **kwargs)
        self.leaves = leaves
        for leaf in leaves:
            known = values.get(leaf.pk)
            if leaf.kind == IndicatorKind.EVIDENCE:
                self.fields[f"value_{leaf.pk}"] = forms.FloatField(
                    label=f"{leaf.label} ({leaf.unit})" if leaf.unit else leaf.label,
                    required=False,
                    initial=known.value if known else None,
                )
            self.fields[f"statement_{leaf.pk}"] = forms.CharField(
                label=_("Statement"),
                required=False,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 3}),
                initial=known.statement if known else "",
            )
            if leaf.kind != IndicatorKind.NUMBER:
                self.fields[f"file_{leaf.pk}"] = forms.FileField(
                    label=_("File that proves it"), required=False, validators=[validate_attachment]
                )

    def rows(self):
        """Each indicator with its fields."""
        for leaf in self.leaves:
            names = (f"{part}_{leaf.pk}" for part in ("value", "statement", "file"))
            yield leaf, [self[name] for name in names if name in self.fields]

    @property
    def answers(self) -> dict:
        return {
            leaf.pk: {
                "value": self.cleaned_data.get(f"value_{leaf.pk}"),
                "statement": self.cleaned_data[f"statement_{leaf.pk}"],
            }
            for leaf in self.leaves
        }

    @property
    def chosen_files(self) -> list:
        """Indicator and file, of those that were chosen."""
        pairs = ((leaf, self.cleaned_data.get(f"file_{leaf.pk}")) for leaf in self.leaves)
        return [(leaf, file) for leaf, file in pairs if file]


class ScoreForm(forms.Form):
    """An expert's scores of one object with comments."""

    def __init__(self, *args, leaves, scores, **kwargs):
        super().__init__(*args, **kwargs)
        self.leaves = leaves
        for leaf in leaves:
            known = scores.get(leaf.pk)
            self.fields[f"value_{leaf.pk}"] = forms.FloatField(
                label=_("Score from %(low)g to %(high)g") % {"low": leaf.low, "high": leaf.high},
                required=False,
                min_value=leaf.low,
                max_value=leaf.high,
                initial=known.value if known else None,
                widget=forms.NumberInput(attrs={"class": "input--short", "step": "any"}),
            )
            self.fields[f"value_{leaf.pk}"].is_needed_for_review = True
            self.fields[f"comment_{leaf.pk}"] = forms.CharField(
                label=_("Remark on the score"),
                required=False,
                max_length=500,
                widget=forms.Textarea(attrs={"rows": 2}),
                initial=known.comment if known else "",
            )
        self.fields["opinion"] = forms.CharField(
            label=_("Overall opinion"),
            required=False,
            max_length=1000,
            widget=forms.Textarea(attrs={"rows": 4}),
        )

    def rows(self):
        for leaf in self.leaves:
            yield leaf, [self[f"value_{leaf.pk}"], self[f"comment_{leaf.pk}"]]

    @property
    def scores(self) -> dict:
        return {
            leaf.pk: {
                "value": self.cleaned_data[f"value_{leaf.pk}"],
                "comment": self.cleaned_data[f"comment_{leaf.pk}"],
            }
            for leaf in self.leaves
        }


class InterestForm(forms.Form):
    organizations: forms.ModelMultipleChoiceField = forms.ModelMultipleChoiceField(
        queryset=Organization.objects.none(),
        required=False,
        label=_("Units that I must not judge"),
        help_text=_(
            "Holdings, posts, consulting, kin, former students or supervisors. None is an answer."
        ),
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(label=_("What the interest is"), required=False, max_length=300)

    def __init__(self, *args, round_, **kwargs):
        super().__init__(*args, **kwargs)
        units = round_.subjects.taking_part().values("organization")
        self.fields["organizations"].queryset = Organization.objects.filter(pk__in=units).order_by(
            "name"
        )
