from django import forms
from django.utils.translation import gettext_lazy as _

from achievements.forms import DayInput

from .labels import action_label


class AuditFilterForm(forms.Form):
    """What an auditor looks for; every answer narrows the list."""

    action = forms.ChoiceField(label=_("Action"), required=False)
    actor = forms.CharField(label=_("Who (name or e-mail)"), max_length=100, required=False)
    target = forms.CharField(label=_("Object"), max_length=100, required=False)
    since = forms.DateField(
        label=_("From day"),
        required=False,
        widget=DayInput(),
    )
    until = forms.DateField(
        label=_("To day"),
        required=False,
        widget=DayInput(),
    )

    def __init__(self, *args, actions, **kwargs):
        super().__init__(*args, **kwargs)
        labelled = sorted((action_label(name), name) for name in actions)
        self.fields["action"].choices = [
            ("", _("All")),
            *((name, f"{label} ({name})") for label, name in labelled),
        ]

    def clean(self):
        data = super().clean()
        since, until = data.get("since"), data.get("until")
        if since and until and since > until:
            self.add_error("until", _("The last day must not be before the first."))
        return data
