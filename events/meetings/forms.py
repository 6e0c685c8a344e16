"""What people fill in to ask, to answer, and to look for others."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_lazy as _

from events.fairs.enums import ParticipantRole, RequestMode
from events.fairs.forms.fields import text_area
from events.fairs.models import MeetingSession, Slot
from events.registration.enums import EntryKind
from events.registration.models import Registration
from portal.taxonomy.models import Industry

from .enums import DeclineReason, Priority
from .models import MeetingRequest
from .queries import askable_people, free_in, not_asked_yet, search_people, who_bring
from .rules import picks_time

MOST_SLOTS_SHOWN = 40


def slot_field(slots: Sequence[Slot]) -> forms.TypedChoiceField:
    """Times that are free for both, one radio button each."""
    known = {slot.pk: slot for slot in slots[:MOST_SLOTS_SHOWN]}
    return forms.TypedChoiceField(
        label=_("Time"),
        help_text=_("Free for you both, and a table is free too."),
        choices=[(pk, f"{slot.session.label} {slot}") for pk, slot in known.items()],
        coerce=lambda value: known.get(int(value)),
        widget=forms.RadioSelect,
    )


class AskForm(forms.Form):
    """How much one wants it, about what, and a few words."""

    priority = forms.ChoiceField(
        label=_("How much do you want it?"),
        choices=Priority.choices,
        initial=Priority.WANT,
        widget=forms.RadioSelect,
        help_text=_("Only the organizer sees it, and the other side when the wish is mutual."),
    )
    about: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label=_("About"), required=False, empty_label=_("Nothing in particular")
    )
    message = text_area(
        _("A few words"),
        length=300,
        required=False,
        help_text=_("What you would like to talk about. The other side reads it."),
    )

    def __init__(self, *args, own: Registration, slots: Sequence[Slot], **kwargs):
        super().__init__(*args, **kwargs)
        about: Any = self.fields["about"]
        about.queryset = own.entries.order_by("pk")
        fair = own.fair
        if picks_time(fair) and fair.request_mode == RequestMode.OPT_OUT:
            self.fields["slot"] = slot_field(slots)


class AcceptForm(forms.Form):
    """Yes, with the time where people pick it; with one's own wish it becomes mutual."""

    priority = forms.ChoiceField(
        label=_("And you?"),
        choices=[
            ("", _("I am willing to meet")),
            (Priority.WANT, Priority.WANT.label),
            (Priority.MUST, Priority.MUST.label),
        ],
        required=False,
        widget=forms.RadioSelect,
        help_text=_("With a wish of your own it is mutual: both see it, and it goes first."),
    )

    def __init__(self, *args, request: MeetingRequest, slots: Sequence[Slot], **kwargs):
        super().__init__(*args, **kwargs)
        if picks_time(request.fair):
            self.fields["slot"] = slot_field(slots)


class AcceptByLinkForm(AcceptForm):
    """One click; only the time is asked, where people pick it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["priority"]


class DeclineForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why"), choices=DeclineReason.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("In your words"),
        max_length=200,
        required=False,
        help_text=_("The other side reads it."),
    )


class WishForm(forms.Form):
    priority = forms.ChoiceField(
        label=_("How much do you want it?"), choices=Priority.choices, widget=forms.RadioSelect
    )


class CancelMeetingForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"), max_length=200, help_text=_("The other side reads it.")
    )


class PeopleFilter(forms.Form):
    """Search and filters over the people whom one may ask."""

    q = forms.CharField(label=_("Words to find"), required=False, max_length=60)
    role = forms.ChoiceField(label=_("Role at the fair"), required=False)
    industry: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label=_("Industry"), required=False, empty_label=_("All")
    )
    kind = forms.ChoiceField(
        label=_("Offer or need"),
        required=False,
        choices=[("", _("All")), *EntryKind.choices],
    )
    session: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label=_("Can meet in"), required=False, empty_label=_("Any session")
    )
    is_new = forms.BooleanField(label=_("Only whom I have not asked"), required=False)

    def __init__(self, data, *, own: Registration, user, now):
        super().__init__(data)
        self.own, self.people = own, askable_people(own, user, now)
        roles = set(own.fair.pairs.filter(asking=own.role).values_list("asked", flat=True))
        fields: Any = self.fields
        fields["role"].choices = [
            ("", gettext("All")),
            *((each.value, each.label) for each in ParticipantRole if each in roles),
        ]
        fields["industry"].queryset = Industry.objects.filter(
            registrations__fair=own.fair
        ).distinct()
        fields["industry"].label_from_instance = lambda term: term.label
        fields["session"].queryset = MeetingSession.objects.filter(fair=own.fair).order_by(
            "starts_at"
        )
        fields["session"].label_from_instance = lambda session: session.label

    def found(self) -> QuerySet[Registration]:
        """The people that the filters leave; what is not understood filters nothing."""
        self.is_valid()
        given, people = self.cleaned_data, self.people
        if given.get("q"):
            people = search_people(people, given["q"])
        if given.get("role"):
            people = people.filter(role=given["role"])
        if given.get("industry"):
            people = people.filter(industries=given["industry"])
        if given.get("kind"):
            people = who_bring(people, given["kind"])
        if given.get("session"):
            people = free_in(people, self.own, given["session"])
        if given.get("is_new"):
            people = not_asked_yet(people, self.own)
        return people
