"""Opening a case by hand, and who takes part in it."""

from decimal import Decimal

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from achievements.models import AchievementPage, Completer, ListingPage
from ip.models import PatentInventor, PatentPage
from matchmaking.interests.models import Interest
from matchmaking.models import Need
from portal.accounts.enums import PUBLISHING_KINDS, PortalRole
from portal.accounts.models import Organization, User

from ..enums import ConversionMode, PartyRole
from ..models import CaseParty
from ..services import PartyEntry
from .base import DayField, RowForm, RowsMixin, rows_of


def find_organization(text: str) -> Organization | None:
    """Return the organization of this credit code, or of this name alone.

    Raises ``ValidationError`` where several have the name.
    """
    current = Organization.objects.filter(merged_into__isnull=True)
    found = current.filter(Q(credit_code=text.upper()) | Q(name__iexact=text))[:2]
    if len(found) > 1:
        raise forms.ValidationError(
            _("Several organizations have this name; please give the credit code.")
        )
    return found[0] if found else None


def find_listing(user: User, code: str) -> ListingPage | None:
    """Return the listing of this code that ``user`` may read."""
    for model in (AchievementPage, PatentPage):
        page = model.objects.for_user(user).filter(code=code.upper()).first()
        if page and (page.live or page.institute.organization_id in user.organization_ids):
            return page
    return None


def people_behind(page: ListingPage | None) -> list[Completer | PatentInventor]:
    """Whoever made what a listing offers: an achievement's completers, a patent's inventors."""
    if isinstance(page, AchievementPage):
        return list(page.completers.all())
    if isinstance(page, PatentPage):
        return list(page.patent.inventors.order_by("sort_order", "pk"))
    return []


class CompleterForm(RowForm):
    key = "name"
    name = forms.CharField(label=_("Completer"), max_length=60)


class OpenCaseForm(RowsMixin, forms.Form):
    """Both sides, what is converted, and its completers (案例立案)."""

    formset_class = rows_of(CompleterForm)
    title = forms.CharField(label=_("Title"), max_length=200)
    role = forms.ChoiceField(label=_("We are"), widget=forms.RadioSelect)
    organization: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label=_("For which organization"), required=False
    )
    owner = forms.CharField(
        label=_("Owner of the result"),
        max_length=120,
        required=False,
        help_text=_("Name or unified social credit code; empty where it is your own side."),
    )
    taker = forms.CharField(
        label=_("Taker of the result"),
        max_length=120,
        required=False,
        help_text=_("Name or unified social credit code; empty where it is your own side."),
    )
    is_free = forms.BooleanField(
        label=_("The other side is not on this portal; enter the name as written"), required=False
    )
    listing = forms.CharField(
        label=_("Code of the achievement or patent"), max_length=20, required=False
    )
    interest = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)
    need = forms.CharField(label=_("Code of the need"), max_length=20, required=False)
    mode = forms.ChoiceField(
        label=_("Mode of conversion"),
        choices=[("", _("not decided yet")), *ConversionMode.choices],
        required=False,
    )
    opened_on = DayField(label=_("Day of the first contact"), initial=timezone.localdate)
    contact_name = forms.CharField(
        label=_("Contact at the taker"),
        max_length=60,
        required=False,
        help_text=_("Is asked after signing what has become of the result."),
    )
    contact_email = forms.EmailField(label=_("Contact's e-mail"), required=False)

    def __init__(self, data=None, *args, user, **kwargs):
        super().__init__(data, *args, **kwargs)
        self.user = user
        self.add_rows(data, self.initial.get("completers"))
        own = Organization.objects.filter(pk__in=user.office_organization_ids)
        roles = [PartyRole.OWNER, PartyRole.TAKER] if own else []
        if user.has_role(PortalRole.BROKER):
            roles.append(PartyRole.BROKER)
        self.fields["role"].choices = [(each.value, each.label) for each in roles]
        self.fields["organization"].queryset = own
        if len(own) == 1:
            self.fields["organization"].initial = own[0]
        if not own:
            del self.fields["organization"]
        publishes = any(each.kind in PUBLISHING_KINDS for each in own)
        self.fields["role"].initial = roles[-1 if len(roles) == 1 else not publishes]

    def clean_listing(self):
        code = self.cleaned_data["listing"].strip()
        page = find_listing(self.user, code) if code else None
        if code and page is None:
            raise forms.ValidationError(_("There is no such listing."))
        return page

    def clean_interest(self):
        code = self.cleaned_data["interest"]
        return Interest.objects.for_user(self.user).filter(code=code).first() if code else None

    def clean_need(self):
        code = self.cleaned_data["need"].strip()
        need = Need.objects.for_user(self.user).filter(code=code.upper()).first() if code else None
        if code and need is None:
            raise forms.ValidationError(_("There is no such need."))
        return need

    def clean(self):
        data = super().clean()
        role = data.get("role")
        if role in {PartyRole.OWNER, PartyRole.TAKER} and not data.get("organization"):
            self.add_error("organization", _("Please say for which organization you act."))
        for side in ("owner", "taker"):
            data[f"{side}_entry"] = self._side(side, role)
        return data

    def _side(self, side, role):
        """Who stands on a side, as fields of ``PartyEntry``."""
        if role == side.upper():
            return {"organization": self.cleaned_data.get("organization")}
        text = self.cleaned_data.get(side, "").strip()
        if not text:
            self.add_error(side, _("Please name this side."))
            return {}
        try:
            found = find_organization(text)
        except forms.ValidationError as error:
            self.add_error(side, error)
            return {}
        if found is None and not self.cleaned_data.get("is_free"):
            self.add_error(
                side,
                _(
                    "No organization has this name or code. Correct it, or tick below that it is "
                    "not on this portal."
                ),
            )
        return {"organization": found} if found else {"name": text}

    @property
    def parties(self) -> list[PartyEntry]:
        data = self.cleaned_data
        contact = {name: data[name] for name in ("contact_name", "contact_email")}
        accounts = {each.name: each.user for each in people_behind(data["listing"])}
        names = [row["name"] for row in self.filled_rows]
        return [
            PartyEntry(PartyRole.OWNER, **data["owner_entry"]),
            PartyEntry(PartyRole.TAKER, **data["taker_entry"], **contact),
            *(PartyEntry(PartyRole.COMPLETER, name=n, user=accounts.get(n)) for n in names),
        ]


class PartyForm(forms.Form):
    """One more party: an organization by name or code, or a person as a completer."""

    role = forms.ChoiceField(label=_("Role"), choices=PartyRole.choices)
    name = forms.CharField(
        label=_("Organization or completer"),
        max_length=120,
        help_text=_("Name or unified social credit code; a completer by name."),
    )
    is_free = forms.BooleanField(label=_("Not on this portal; as written"), required=False)
    share = forms.DecimalField(
        label=_("Share in per cent"),
        min_value=Decimal("0.01"),
        max_value=100,
        max_digits=5,
        decimal_places=2,
        required=False,
    )
    occurred_on = DayField(label=_("Joined on"), initial=timezone.localdate)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean(self):
        data = super().clean()
        if data.get("role") == PartyRole.COMPLETER or "name" not in data:
            return data
        try:
            data["organization"] = find_organization(data["name"].strip())
        except forms.ValidationError as error:
            self.add_error("name", error)
            return data
        if data["organization"] is None and not data.get("is_free"):
            self.add_error(
                "name",
                _(
                    "No organization has this name or code. Correct it, or tick below that it is "
                    "not on this portal."
                ),
            )
        return data

    @property
    def entry(self) -> PartyEntry:
        data = self.cleaned_data
        organization = data.get("organization")
        return PartyEntry(
            role=PartyRole(data["role"]),
            organization=organization,
            name="" if organization else data["name"].strip(),
            share=data["share"],
        )


class LeaveForm(forms.Form):
    party: forms.ModelChoiceField = forms.ModelChoiceField(queryset=CaseParty.objects.none())
    occurred_on = DayField(label=_("Left on"), initial=timezone.localdate)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, case, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["party"].queryset = case.parties.present()


class SuccessionForm(forms.Form):
    """Which party was merged or divided, and who has its rights and duties now (权利义务承继)."""

    prefix = "succession"
    party: forms.ModelChoiceField = forms.ModelChoiceField(queryset=None, label=_("Party"))
    successor = forms.CharField(
        label=_("Organization that follows it"),
        max_length=120,
        help_text=_("Name or unified social credit code."),
    )
    occurred_on = DayField(label=_("Since"), initial=timezone.localdate)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, case, **kwargs):
        super().__init__(*args, initial={"version": case.version}, **kwargs)
        present = case.parties.present().filter(organization__isnull=False)
        self.fields["party"].queryset = present.select_related("organization").order_by("pk")

    def clean_successor(self):
        found = find_organization(self.cleaned_data["successor"].strip())
        if found is None:
            raise forms.ValidationError(_("No organization on this portal has this name or code."))
        return found
