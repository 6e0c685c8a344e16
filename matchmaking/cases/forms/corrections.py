"""Correcting an entry: its day, what of it can be corrected, or declaring it void."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..enums import ConversionMode, EventKind, LicenceKind
from ..services.corrections import CORRECTABLE, NEVER_VOID
from .base import DayField, MoneyField, _plain, long_text

FIELDS: dict[str, Any] = {
    "mode": lambda: forms.ChoiceField(
        label=_("Mode of conversion"), choices=ConversionMode.choices
    ),
    "licence_kind": lambda: forms.ChoiceField(
        label=_("Kind of licence"), choices=[("", "—"), *LicenceKind.choices], required=False
    ),
    "decided_by": lambda: forms.CharField(label=_("Decided by"), max_length=100),
    "nda_until": lambda: DayField(label=_("In force until")),
    "contract_total": lambda: MoneyField(label=_("Total of the contract (yuan)")),
    "technology_amount": lambda: MoneyField(label=_("Technology amount (yuan)")),
    "amount": lambda: MoneyField(label=_("Amount received (yuan)")),
    "reference": lambda: forms.CharField(
        label=_("Receipt or invoice number"), max_length=80, required=False
    ),
}
# Their publicity runs from the day on which it was opened: only void and anew.
DAY_STAYS = frozenset({EventKind.PUBLICITY_OPENED, EventKind.REWARD_PUBLICISED})


class CorrectionForm(forms.Form):
    """Shows an entry as it stands now; ``entry`` is that, ``event`` what was written first."""

    occurred_on = DayField(label=_("Day it happened"))
    is_void = forms.BooleanField(
        label=_("Declare the whole entry void"),
        required=False,
        help_text=_("It stays readable, struck through; the case goes back to where it was."),
    )
    reason = long_text(_("What is wrong with the entry"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, case, event, entry, is_last):
        super().__init__(*args, initial={"version": case.version, "occurred_on": entry.on})
        self.event, self.entry = event, entry
        kind = EventKind(event.kind)
        self.names = [name for name in FIELDS if name in CORRECTABLE.get(kind, set())]
        for name in self.names:
            self.fields[name] = FIELDS[name]()
            self.fields[name].initial = entry.payload.get(name)
        if kind in NEVER_VOID or not is_last:
            del self.fields["is_void"]
        if kind in DAY_STAYS:
            del self.fields["occurred_on"]
        self.order_fields(["occurred_on", *self.names, "is_void", "reason", "version"])

    @property
    def changes(self):
        """What differs from the entry as written or as it stands, for ``correct_event``."""
        if self.cleaned_data.get("is_void"):
            return {"is_void": True, "payload": {}, "occurred_on": None}
        day = self.cleaned_data.get("occurred_on")
        is_same_day = day in {None, self.event.occurred_on} and day in {None, self.entry.on}
        payload = {
            name: _plain(self.cleaned_data[name])
            for name in self.names
            if self._differs(name, _plain(self.cleaned_data[name]))
        }
        return {
            "is_void": False,
            "payload": payload,
            "occurred_on": None if is_same_day else day,
        }

    def _differs(self, name, value):
        known = (self.event.payload.get(name), self.entry.payload.get(name))
        if isinstance(self.fields[name], MoneyField):
            return any(float(value) != float(each or 0) for each in known)
        return any(str(value) != str(each or "") for each in known)

    def clean(self):
        data = super().clean()
        if not self.errors:
            changes = self.changes
            if not (changes["is_void"] or changes["payload"] or changes["occurred_on"]):
                raise forms.ValidationError(_("Nothing is changed yet."))
        return data

    def keep_up(self, version):
        """Show the form again over a newer version of the case."""
        self.data = self.data.copy()
        self.data["version"] = version
