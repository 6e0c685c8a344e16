"""What a visitor fills in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Award, Exhibitor


class ExhibitorField(forms.ModelChoiceField):
    def label_from_instance(self, exhibitor):
        return f"{exhibitor.booth.code} {exhibitor.label}"


class VoteForm(forms.Form):
    """One vote; ``ticket`` is asked of those whose registration is not known."""

    award = forms.ModelChoiceField(queryset=Award.objects.none(), widget=forms.HiddenInput)
    exhibitor = ExhibitorField(label=_("For whom"), queryset=Exhibitor.objects.none())
    ticket = forms.CharField(
        label=_("Ticket code"),
        max_length=64,
        widget=forms.TextInput(attrs={"class": "input--code", "autocomplete": "off"}),
    )

    def __init__(self, *args, award, exhibitors, registration=None, **kwargs):
        super().__init__(*args, prefix=f"award-{award.pk}", **kwargs)
        self.award = award
        self.fields["award"].queryset = Award.objects.filter(pk=award.pk)
        self.fields["award"].initial = award.pk
        self.fields["exhibitor"].queryset = exhibitors
        if registration:
            del self.fields["ticket"]
