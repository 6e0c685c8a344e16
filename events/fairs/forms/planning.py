"""The steps in which a fair is planned."""

from itertools import product

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.enums import FairKind
from portal.accounts.enums import PortalRole, VerificationLevel
from portal.accounts.models import Organization
from portal.taxonomy.models import District, Industry

from ..enums import (
    Language,
    ListVisibility,
    ParticipantRole,
    RequestMode,
    SchedulingMode,
)
from ..models import Fair
from .fields import (
    MomentField,
    OrganizationsField,
    check_ahead,
    check_span,
    number_field,
    text_area,
)

MOST_PEOPLE = 100_000


def district_field() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        queryset=District.objects.current().order_by("code"), label=_("District")
    )


def kind_field() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Kind"), choices=FairKind.choices, widget=forms.RadioSelect)


class PlanForm(forms.Form):
    """The least that a fair needs to have an address of its own."""

    organizer: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None,
        label=_("Organizer"),
        help_text=_("Its office runs the fair. Its licence has to be checked."),
    )
    title = forms.CharField(label=_("Name of the fair"), max_length=100)
    kind = kind_field()
    starts_at = MomentField(label=_("Begins"))
    ends_at = MomentField(label=_("Ends"))
    venue = forms.CharField(label=_("Venue"), max_length=200)
    district = district_field()

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        may = Organization.objects.filter(
            verification_level__gte=VerificationLevel.LICENCE, merged_into=None
        ).order_by("name")
        if not user.has_role(PortalRole.COMMISSION, PortalRole.OPERATOR):
            may = may.filter(pk__in=user.office_organization_ids)
        self.fields["organizer"].queryset = may
        self.fields["organizer"].initial = may.first()

    def clean(self):
        super().clean()
        check_span(self, "starts_at", "ends_at")
        check_ahead(self, "starts_at")
        return self.cleaned_data


class StepForm(forms.Form):
    """One step; ``initial`` comes from the fair and its page."""

    def __init__(self, *args, fair: Fair, **kwargs):
        self.fair = fair
        kwargs["initial"] = self._stored(fair)
        super().__init__(*args, **kwargs)

    def _stored(self, fair: Fair) -> dict:
        return {
            name: getattr(fair if hasattr(fair, name) else fair.page, name)
            for name in self.base_fields
            if hasattr(fair, name) or hasattr(fair.page, name)
        }


class BasicsForm(StepForm):
    title = forms.CharField(label=_("Name of the fair"), max_length=100)
    title_en = forms.CharField(label=_("English name"), max_length=255, required=False)
    kind = kind_field()
    with_exhibition = forms.BooleanField(
        label=_("With an exhibition"),
        required=False,
        help_text=_(
            "Halls with booths beside the meetings. An exhibition of achievements has them anyway."
        ),
    )
    theme = forms.CharField(
        label=_("Theme"), max_length=60, required=False, help_text=_("A few words on the poster.")
    )
    summary = forms.CharField(
        label=_("In one line"),
        max_length=120,
        help_text=_("Who meets whom about what: it stands in the calendar."),
    )
    summary_en = forms.CharField(label=_("In one line, English"), max_length=300, required=False)
    body = text_area(_("Text"), rows=8, length=8000)
    body_en = text_area(_("English text"), rows=6, length=16000, required=False)
    industries: forms.ModelMultipleChoiceField = forms.ModelMultipleChoiceField(
        queryset=Industry.objects.order_by("pk"),
        label=_("Industries"),
        widget=forms.CheckboxSelectMultiple,
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=Language.choices, widget=forms.CheckboxSelectMultiple
    )
    co_organizers = OrganizationsField(
        label=_("Co-organizers"),
        help_text=_("Full names, one on each line. Their offices read the plan."),
    )

    def __init__(self, *args, fair, **kwargs):
        super().__init__(*args, fair=fair, **kwargs)
        if fair.page.live:
            self.fields["kind"].disabled = True  # what people registered for

    def _stored(self, fair):
        related = {
            "industries": fair.page.industries.all(),
            "co_organizers": list(fair.co_organizers.order_by("pk")),
        }
        return super()._stored(fair) | related


class PlaceForm(StepForm):
    starts_at = MomentField(label=_("Begins"))
    ends_at = MomentField(label=_("Ends"))
    venue = forms.CharField(label=_("Venue"), max_length=200, help_text=_("Building and hall."))
    district = district_field()
    address = forms.CharField(
        label=_("Address"),
        max_length=200,
        required=False,
        help_text=_("The street; needed before the plan goes to review, unless it is on-line."),
    )
    directions = forms.CharField(
        label=_("How to get there"),
        max_length=300,
        required=False,
        help_text=_("Metro exit, parking, the entrance without steps."),
    )
    latitude = forms.DecimalField(
        label=_("Latitude"),
        max_digits=8,
        decimal_places=5,
        min_value=-90,
        max_value=90,
        required=False,
        widget=forms.NumberInput(attrs={"class": "input--medium"}),
        help_text=_("With both numbers the page links to a map."),
    )
    longitude = forms.DecimalField(
        label=_("Longitude"),
        max_digits=8,
        decimal_places=5,
        min_value=-180,
        max_value=180,
        required=False,
        widget=forms.NumberInput(attrs={"class": "input--medium"}),
    )

    def __init__(self, *args, fair, **kwargs):
        super().__init__(*args, fair=fair, **kwargs)
        if fair.page.live:
            for name in ("starts_at", "ends_at", "venue", "district"):
                del self.fields[name]

    def clean(self):
        super().clean()
        check_span(self, "starts_at", "ends_at")
        check_ahead(self, "starts_at")
        return self.cleaned_data


class PeopleForm(forms.Form):
    """Roles with their places, and a matrix of who may ask whom."""

    capacity = number_field(
        _("Places in all"),
        least=1,
        most=MOST_PEOPLE,
        required=False,
        help_text=_("Empty: as many as come."),
    )

    def __init__(self, *args, fair: Fair, **kwargs):
        super().__init__(*args, **kwargs)
        self.fair = fair
        self.fields["capacity"].initial = fair.capacity
        admitted = dict(fair.roles.values_list("role", "capacity"))
        pairs = set(fair.pairs.values_list("asking", "asked"))
        for role, label in ParticipantRole.choices:
            self.fields[f"admit_{role}"] = forms.BooleanField(
                label=label, required=False, initial=role in admitted
            )
            self.fields[f"places_{role}"] = number_field(
                _("places"), least=1, most=MOST_PEOPLE, required=False, initial=admitted.get(role)
            )
        for asking, asked in product(ParticipantRole.values, repeat=2):
            self.fields[f"pair_{asking}_{asked}"] = forms.BooleanField(
                required=False, initial=(asking, asked) in pairs
            )

    def role_rows(self):
        """Each role with its two fields."""
        for role, label in ParticipantRole.choices:
            yield label, self[f"admit_{role}"], self[f"places_{role}"]

    @property
    def role_labels(self):
        return ParticipantRole.labels

    def pair_rows(self):
        """Who asks, and one box for each who may be asked, with words for who hears it."""
        for asking, label in ParticipantRole.choices:
            yield (
                label,
                [
                    (self[f"pair_{asking}_{asked}"], f"{label} → {asked_label}")
                    for asked, asked_label in ParticipantRole.choices
                ],
            )

    def clean(self):
        data = super().clean()
        roles = [role for role in ParticipantRole.values if data.get(f"admit_{role}")]
        data["roles"] = {role: data.get(f"places_{role}") for role in roles}
        data["pairs"] = [
            (asking, asked)
            for asking, asked in product(roles, repeat=2)
            if data.get(f"pair_{asking}_{asked}")
        ]
        if not roles:
            self.add_error(None, _("Admit at least one role."))
        total = data.get("capacity")
        for role, places in data["roles"].items():
            if total and places and places > total:
                said = _("More than the %(total)d places in all.") % {"total": total}
                self.add_error(f"places_{role}", said)
        return data


class DatesForm(StepForm):
    registration_opens_at = MomentField(label=_("Registration opens"))
    registration_closes_at = MomentField(label=_("Registration closes"))
    requests_open_at = MomentField(label=_("Requests begin"))
    requests_close_at = MomentField(label=_("Requests close"))
    schedule_publish_at = MomentField(
        label=_("Schedule comes out"),
        required=False,
        help_text=_("What people are told; you publish it yourself."),
    )
    request_mode = forms.ChoiceField(
        label=_("Requests"), choices=RequestMode.choices, widget=forms.RadioSelect
    )
    scheduling_mode = forms.ChoiceField(
        label=_("Who sets the times"), choices=SchedulingMode.choices, widget=forms.RadioSelect
    )
    max_requests_out = number_field(
        _("Requests a person may send"),
        least=1,
        most=200,
        help_text=_("Few make people choose; ten is usual."),
    )
    max_meetings = number_field(_("Meetings a person may have"), least=1, most=60)
    needs_approval = forms.BooleanField(
        label=_("We approve each registration ourselves"), required=False
    )
    change_resets_approval = forms.BooleanField(
        label=_("Who changes an approved profile waits again"), required=False
    )
    offer_hours = number_field(_("Hours to take a place from the waiting list"), least=1, most=240)

    OF_MEETINGS = (
        "requests_open_at",
        "requests_close_at",
        "schedule_publish_at",
        "request_mode",
        "scheduling_mode",
        "max_requests_out",
        "max_meetings",
    )

    def __init__(self, *args, fair, **kwargs):
        super().__init__(*args, fair=fair, **kwargs)
        if not fair.has_meetings:
            for name in self.OF_MEETINGS:
                del self.fields[name]

    def clean(self):
        super().clean()
        check_span(self, "registration_opens_at", "registration_closes_at")
        check_span(self, "requests_open_at", "requests_close_at")
        begins = self.fair.page.starts_at
        for name in ("registration_closes_at", "requests_close_at", "schedule_publish_at"):
            given = self.cleaned_data.get(name)
            if given and given > begins:
                said = _("The fair begins on %(when)s: this has to be before.")
                self.add_error(
                    name, said % {"when": f"{timezone.localtime(begins):%Y-%m-%d %H:%M}"}
                )
        return self.cleaned_data


class PrivacyForm(StepForm):
    list_public = forms.ChoiceField(
        label=_("On the public page"), choices=ListVisibility.choices, widget=forms.RadioSelect
    )
    list_participants = forms.ChoiceField(
        label=_("For admitted participants"),
        choices=ListVisibility.choices,
        widget=forms.RadioSelect,
    )
    display_after_days = number_field(_("Days the lists stay open after the fair"), most=365)
    retention_days = number_field(
        _("Days after which personal data is erased"),
        least=30,
        most=1095,
        help_text=_("People are told so when they register; figures without names stay."),
    )

    def clean(self):
        super().clean()
        shown, kept = (self.cleaned_data.get(n) for n in ("display_after_days", "retention_days"))
        if shown is not None and kept is not None and shown > kept:
            self.add_error(
                "display_after_days",
                _("The lists cannot stay open longer than the data is kept: at most %(days)d days.")
                % {"days": kept},
            )
        return self.cleaned_data
