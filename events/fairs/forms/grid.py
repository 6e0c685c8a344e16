"""Sessions, slots and tables."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..enums import SlotKind, TableKind
from ..models import MeetingSession, MeetingTable
from ..services.grid import MOST_SLOTS, MOST_TABLES
from .fields import MomentField, OrganizationsField, number_field


class SessionForm(forms.Form):
    """A session, from which its slots follow."""

    name = forms.CharField(
        label=_("Name of the session"), max_length=40, help_text=_("For instance “Morning”.")
    )
    name_en = forms.CharField(label=_("English name"), max_length=80, required=False)
    starts_at = MomentField(label=_("First slot begins"))
    slot_minutes = number_field(
        _("Minutes of a slot"),
        least=5,
        most=120,
        initial=20,
        help_text=_("30 at large fairs, 20 usually, 15 at the least."),
    )
    gap_minutes = number_field(_("Minutes between slots"), most=60, initial=5)
    count = number_field(_("Number of slots"), least=1, most=MOST_SLOTS, initial=8)

    def __init__(self, *args, session: MeetingSession | None = None, **kwargs):
        if session:
            kwargs["initial"] = {
                "starts_at": session.starts_at,
                "slot_minutes": session.slot_minutes,
                "gap_minutes": session.gap_minutes,
                "count": session.slots.count(),
            }
        super().__init__(*args, **kwargs)
        if session:
            del self.fields["name"], self.fields["name_en"]


class SlotsForm(forms.Form):
    """The kinds of a session's slots in one table."""

    def __init__(self, *args, slots, **kwargs):
        super().__init__(*args, **kwargs)
        self.slots = list(slots)
        for slot in self.slots:
            self.fields[f"kind_{slot.pk}"] = forms.ChoiceField(
                label=_("Kind"), choices=SlotKind.choices, initial=slot.kind
            )
            self.fields[f"label_{slot.pk}"] = forms.CharField(
                label=_("What happens"), max_length=40, required=False, initial=slot.label
            )

    def rows(self):
        for slot in self.slots:
            yield slot, self[f"kind_{slot.pk}"], self[f"label_{slot.pk}"]

    def changed(self):
        """Slots that are to become something else: (slot, kind, label)."""
        for slot in self.slots:
            kind, label = (
                self.cleaned_data[f"kind_{slot.pk}"],
                self.cleaned_data[f"label_{slot.pk}"],
            )
            if (kind, label) != (slot.kind, slot.label):
                yield slot, kind, label


class TablesForm(forms.Form):
    """Many tables in one go."""

    letter = forms.CharField(
        label=_("Letter before the number"),
        max_length=4,
        initial="A",
        widget=forms.TextInput(attrs={"class": "input--short"}),
    )
    count = number_field(_("How many"), least=1, most=MOST_TABLES, initial=10)
    kind = forms.ChoiceField(label=_("Kind"), choices=TableKind.choices)
    zone = forms.CharField(label=_("Zone"), max_length=30, required=False)
    accessible = number_field(
        _("Reached without steps"),
        most=MOST_TABLES,
        initial=1,
        help_text=_("The first ones of the new numbers."),
    )

    def clean(self):
        super().clean()
        count, accessible = (self.cleaned_data.get(name) for name in ("count", "accessible"))
        if count is not None and accessible is not None and accessible > count:
            self.add_error("accessible", _("Not more than there are new tables."))
        return self.cleaned_data


class TableForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=TableKind.choices)
    zone = forms.CharField(label=_("Zone"), max_length=30, required=False)
    is_accessible = forms.BooleanField(label=_("Reached without steps"), required=False)
    owner = OrganizationsField(
        label=_("Of one organization"),
        most=1,
        help_text=_("Full name: all its meetings are here, and nobody else's."),
    )
    online_url = forms.URLField(
        label=_("Address of the online room"), required=False, assume_scheme="https"
    )

    def __init__(self, *args, table: MeetingTable, **kwargs):
        initial = {name: getattr(table, name) for name in ("kind", "zone", "is_accessible")}
        owner = [table.owner] if table.owner else []
        kwargs["initial"] = {**initial, "online_url": table.online_url, "owner": owner}
        super().__init__(*args, **kwargs)

    def clean_owner(self):
        return next(iter(self.cleaned_data["owner"]), None)
