"""Price, publicity, objections, first refusal and the co-owners' consent."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..descriptions import party_names
from ..enums import PartyRole, PricingRoute
from ..models import CaseParty, Objection
from .base import MoneyField, MoveForm, long_text


class PriceForm(MoveForm):
    takes_note = False
    route = forms.ChoiceField(
        label=_("Pricing route"), choices=PricingRoute.choices, widget=forms.RadioSelect
    )
    price = MoneyField(label=_("Price (yuan)"))
    venue = forms.CharField(
        label=_("Place of the listing or auction"),
        max_length=200,
        required=False,
        help_text=_("Needed where the result was listed or auctioned."),
    )
    base_price = MoneyField(label=_("Base price (yuan)"), required=False)


class PublicityForm(MoveForm):
    """The four facts of a price publicity, its venues, and a related taker."""

    takes_note = False
    name = forms.CharField(label=_("Name of the result"), max_length=200)
    abstract = long_text(_("Abstract of the result"), limit=2000, rows=6)
    own_venue = forms.CharField(
        label=_("Place in the own unit"),
        max_length=200,
        help_text=_("Where the unit shows it, for instance its website or notice board."),
    )
    market_venue = forms.CharField(
        label=_("Technology market"),
        max_length=200,
        required=False,
        help_text=_("On which technology market it is shown as well."),
    )
    is_related = forms.BooleanField(
        label=_("The taker is a completer of the result or related to one"), required=False
    )
    related_note = long_text(
        _("How they are related"),
        required=False,
        rows=3,
        help_text=_("Everybody reads this: do not name persons."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].initial = self.case.title

    def clean(self):
        data = super().clean()
        if data.get("is_related") and not data.get("related_note", "").strip():
            self.add_error("related_note", _("Please explain how the taker is related."))
        return data


class ObjectionDecisionForm(MoveForm):
    takes_note = takes_files = False
    objection: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label=_("Objection"), empty_label=None
    )
    reasons = long_text(
        _("Reasons"), limit=2000, rows=6, help_text=_("Whoever objected reads them.")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["objection"].queryset = Objection.objects.filter(
            publicity__case=self.case, is_upheld__isnull=True
        ).order_by("pk")


class NoticeForm(MoveForm):
    """The notice of an assignment to its completers."""

    takes_note = False
    terms = long_text(
        _("Terms of the assignment"),
        help_text=_("Price, payment and other terms on which a completer would have precedence."),
    )


class PartyChoiceField(forms.ModelChoiceField):
    """A choice among a case's parties, under the names that its own people read."""

    def __init__(self, **kwargs):
        super().__init__(queryset=CaseParty.objects.none(), empty_label=None, **kwargs)
        self.names: dict[int, str] = {}

    def offer(self, parties: list[CaseParty]) -> None:
        self.names = party_names(parties, shows_people=True)
        self.queryset = CaseParty.objects.filter(pk__in=self.names).order_by("pk")

    def label_from_instance(self, party):
        return self.names[party.pk]


class RefusalForm(MoveForm):
    """One completer's answer to the notice."""

    takes_note = False
    completer = PartyChoiceField(label=_("Completer"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        facts = self.case.facts
        asked = set(facts.get("completers", [])) - set(facts.get("waived", []))
        parties = [party for party in self.case.present_parties() if party.pk in asked]
        self.fields["completer"].offer(parties)


class ConsentForm(MoveForm):
    takes_note = False
    owner = PartyChoiceField(label=_("Co-owner"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        consented = set(self.case.facts.get("consented", []))
        owners = [p for p in self.case.present_parties() if p.role == PartyRole.OWNER]
        self.fields["owner"].offer([party for party in owners if party.pk not in consented])
