"""What a visitor fills in."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Award, Exhibitor


class VoteForm(forms.Form):
    """One vote for one award; ``ticket`` is asked of those whose registration is not known."""

    award = forms.CharField(widget=forms.HiddenInput)
    exhibitor = forms.ChoiceField(label=_("For whom"))
    ticket = forms.CharField(
        label=_("Ticket code"),
        max_length=64,
        widget=forms.TextInput(attrs={"class": "input--code", "autocomplete": "off"}),
    )

    def __init__(
        self, data, *, award: Award, exhibitors: Sequence[Exhibitor], is_known: bool
    ) -> None:
        prefix = f"award-{award.pk}"
        is_sent = data is not None and f"{prefix}-award" in data
        super().__init__(data if is_sent else None, prefix=prefix, initial={"award": award.pk})
        self.for_award, self.by_pk = award, {str(each.pk): each for each in exhibitors}
        self.fields["exhibitor"].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            *((pk, f"{each.booth} {each.label}") for pk, each in self.by_pk.items()),
        ]
        if is_known:
            del self.fields["ticket"]

    def clean_exhibitor(self) -> Exhibitor:
        return self.by_pk[self.cleaned_data["exhibitor"]]
