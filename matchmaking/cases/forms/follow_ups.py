from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import FollowUp


class FollowUpForm(forms.ModelForm):
    """What became of the result, in five answers."""

    in_use = forms.TypedChoiceField(
        label=_("Is the result in use?"),
        choices=[("1", _("yes")), ("0", _("no"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )

    class Meta:
        model = FollowUp
        fields = ("in_use", "sales", "tax", "jobs", "note")
        help_texts = {"sales": _("In yuan, since signing; an estimate will do.")}

    def _post_clean(self):
        """Leave the row as it is: the service keeps the answers."""
