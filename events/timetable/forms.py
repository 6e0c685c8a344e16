from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from events.fairs.models import MeetingTable
from events.registration.models import Registration

from .enums import LateKind
from .models import MeetingNote
from .queries import label_slot


class SolveForm(forms.Form):
    """What a calculation may use, and what wishes weigh."""

    seconds = forms.IntegerField(
        label=_("Seconds"),
        min_value=1,
        help_text=_(
            "It ends earlier when nothing better is possible; you can stop it at any time."
        ),
    )
    must = forms.IntegerField(label=_("A must weighs"), min_value=1, max_value=100)
    want = forms.IntegerField(label=_("A want weighs"), min_value=1, max_value=100)
    mutual = forms.IntegerField(label=_("More when both asked"), min_value=0, max_value=100)
    fairness = forms.IntegerField(
        label=_("Waiting gaps: largest difference between two people"),
        min_value=0,
        max_value=20,
        required=False,
        help_text=_("Empty: only the sum counts."),
    )
    every_meeting = forms.BooleanField(
        label=_("Every agreed meeting has to take place"), required=False
    )
    comment = forms.CharField(label=_("Comment"), max_length=300, required=False)

    def __init__(self, *args, **kwargs):
        initial = {"seconds": settings.FAIR_SOLVER["seconds"], **settings.FAIR_WEIGHTS}
        kwargs["initial"] = {**initial, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["seconds"].max_value = settings.FAIR_SOLVER["most_seconds"]
        for name in ("seconds", "must", "want", "mutual", "fairness"):
            self.fields[name].widget.attrs["class"] = "input--short"

    def clean_seconds(self):
        most = settings.FAIR_SOLVER["most_seconds"]
        if self.cleaned_data["seconds"] > most:
            raise forms.ValidationError(_("At most %(most)d seconds."), params={"most": most})
        return self.cleaned_data["seconds"]

    @property
    def params(self) -> dict:
        names = ("must", "want", "mutual", "fairness", "every_meeting")
        return {name: self.cleaned_data[name] for name in names}


class PlaceForm(forms.Form):
    """Where a meeting goes; warnings are confirmed, prohibitions cannot be."""

    slot = forms.ChoiceField(label=_("Slot"))
    table = forms.ChoiceField(label=_("Table"))
    confirmed = forms.BooleanField(label=_("Save it although there are warnings"), required=False)

    def __init__(self, *args, grid, hints, needs_confirmation=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.grid = grid
        self.fields["slot"].choices = [
            (each.pk, " · ".join(part for part in (label_slot(each), hints.get(each.pk)) if part))
            for each in grid.slots
        ]
        self.fields["table"].choices = [
            (each.pk, " ".join(part for part in (each.code, each.zone) if part))
            for each in grid.tables
        ]
        if not needs_confirmation:
            self.fields["confirmed"].widget = forms.HiddenInput()

    @property
    def place(self) -> dict:
        slot, table = (int(self.cleaned_data[name]) for name in ("slot", "table"))
        return {
            "slot": self.grid.slots[self.grid.slot_number[slot]],
            "table": self.grid.tables[self.grid.table_number[table]],
        }


class LateForm(forms.Form):
    """What has happened: about a person, or about a table."""

    kind = forms.ChoiceField(label=_("What has happened"), choices=LateKind.choices)
    registration = forms.ModelChoiceField(
        label=_("Person"), queryset=Registration.objects.none(), required=False
    )
    table = forms.ModelChoiceField(
        label=_("Table"), queryset=MeetingTable.objects.none(), required=False
    )
    first = forms.ChoiceField(label=_("From slot"), required=False)
    last = forms.ChoiceField(label=_("Up to slot"), required=False)
    note = forms.CharField(label=_("Note for your office"), max_length=200, required=False)

    def __init__(self, *args, fair, slots, **kwargs):
        super().__init__(*args, **kwargs)
        self.slots = {str(slot.pk): slot for slot in slots}
        people = fair.registrations.admitted().select_related("organization").order_by("name")
        self.fields["registration"].queryset = people
        self.fields["registration"].label_from_instance = lambda each: " · ".join(
            part for part in (each.name, each.organization_label) if part
        )
        self.fields["table"].queryset = fair.tables.order_by("code")
        choices = [("", _("the whole day")), *((slot.pk, label_slot(slot)) for slot in slots)]
        self.fields["first"].choices = self.fields["last"].choices = choices

    def _slot(self, name):
        return self.slots.get(self.cleaned_data[name])

    def clean_first(self):
        return self._slot("first")

    def clean_last(self):
        return self._slot("last")


class CommentForm(forms.Form):
    comment = forms.CharField(label=_("Comment"), max_length=300, required=False)


class NoteForm(forms.ModelForm):
    class Meta:
        model = MeetingNote
        fields = ("text",)
        widgets = {"text": forms.Textarea(attrs={"rows": 2})}
