"""The contract and what becomes of it: amendment, registration, filing, payment."""

from collections.abc import Iterator

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.taxonomy.models import TechnicalField

from ..enums import EvidenceKind, PartyRole
from ..models import Contract, ContractType
from ..services import InstalmentEntry, Paper
from ..services.contracts import TYPES_OF_MODE
from .base import DayField, FilesField, MoneyField, MoveForm, RowForm, RowsMixin, long_text, rows_of
from .pricing import PartyChoiceField


class InstalmentForm(RowForm):
    key = "due_on"
    due_on = DayField(label=_("Due on"))
    amount = MoneyField(label=_("Amount (yuan)"))
    condition = forms.CharField(label=_("Due when"), max_length=80)

    def clean(self):
        data = super().clean()
        if any(data.get(name) for name in ("due_on", "amount", "condition")):
            self.need("due_on", "amount")
        return data


class InstalmentsMixin(RowsMixin):
    formset_class = rows_of(InstalmentForm)

    @property
    def instalments(self) -> list[InstalmentEntry]:
        return [InstalmentEntry(**row) for row in self.filled_rows]


class ContractForm(InstalmentsMixin, MoveForm, forms.ModelForm):
    """Every field of the register that the parties know at the signature."""

    evidence_kind = EvidenceKind.CONTRACT
    takes_note = False
    seller = PartyChoiceField(label=_("Seller"))
    buyer = PartyChoiceField(label=_("Buyer"))
    total_amount = MoneyField(label=_("Total of the contract (yuan)"))
    technology_amount = MoneyField(
        label=_("Technology amount (yuan)"),
        help_text=_("The total less equipment, parts and material."),
    )
    expected_input = MoneyField(label=_("Expected new input (yuan)"), required=False)
    expected_output = MoneyField(label=_("Expected new output (yuan)"), required=False)
    valid_from = DayField(label=_("Valid from"))
    valid_to = DayField(label=_("Valid to"))

    class Meta:
        model = Contract
        fields = (
            "name",
            "type",
            "seller",
            "buyer",
            "valid_from",
            "valid_to",
            "total_amount",
            "technology_amount",
            "payment_terms",
            "royalty",
            "technical_field",
            "ip_type",
            "ownership",
            "plan_source",
            "social_goal",
            "served_industry",
            "expected_input",
            "expected_output",
        )
        widgets = {"ownership": forms.RadioSelect}

    def __init__(self, data=None, *args, case, **kwargs):
        super().__init__(data, *args, case=case, **kwargs)
        self.add_rows(data)
        self.fields["occurred_on"].label = _("Signed on")
        self.fields["name"].initial = case.title
        self.fields["technical_field"].queryset = TechnicalField.objects.current().order_by(
            "sort_order"
        )
        beginning = TYPES_OF_MODE.get(case.mode, "")
        self.fields["type"].choices = [
            choice for choice in ContractType.choices if choice[0].startswith(beginning)
        ]
        parties = case.present_parties()
        self.fields["seller"].offer([each for each in parties if each.role == PartyRole.OWNER])
        self.fields["buyer"].offer([each for each in parties if each.role == PartyRole.TAKER])

    def validate_constraints(self):
        """``clean`` says in words what the constraints ask for."""

    def clean(self):
        data = super().clean()
        begins, ends = data.get("valid_from"), data.get("valid_to")
        if begins and ends and ends < begins:
            self.add_error("valid_to", _("It ends before it begins."))
        total, technology = data.get("total_amount"), data.get("technology_amount")
        if None not in {total, technology} and technology > total:
            self.add_error(
                "technology_amount", _("The technology amount lies between zero and the total.")
            )
        return data

    @property
    def contract(self) -> Contract:
        self.instance.signed_on = self.cleaned_data["occurred_on"]
        return self.instance


class AmendmentForm(InstalmentsMixin, MoveForm):
    evidence_kind = EvidenceKind.CONTRACT
    takes_note = False
    total_amount = MoneyField(label=_("Total of the contract (yuan)"))
    technology_amount = MoneyField(label=_("Technology amount (yuan)"))
    reason = long_text(_("What the amendment changes, and why"))

    def __init__(self, data=None, *args, case, **kwargs):
        super().__init__(data, *args, case=case, **kwargs)
        contract = case.contracts.order_by("pk").last()
        plan: list[dict] = []
        if contract:
            self.fields["total_amount"].initial = contract.total_amount
            self.fields["technology_amount"].initial = contract.technology_amount
            plan = list(contract.instalments.order_by("due_on").values(*InstalmentForm.base_fields))
        self.add_rows(data, plan)


class RegistrationForm(MoveForm):
    takes_note = False
    number = forms.CharField(
        label=_("Registration number"),
        max_length=30,
        help_text=_("16 digits; older numbers have 14. Blanks do not matter."),
        widget=forms.TextInput(attrs={"class": "input--medium", "inputmode": "numeric"}),
    )


class FilingForm(MoveForm):
    takes_note = False
    filing_number = forms.CharField(
        label=_("Filing number"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"class": "input--medium"}),
    )


class PaymentForm(MoveForm):
    """Money that arrived, with the two papers that prove it."""

    evidence_kind = EvidenceKind.RECEIPT
    takes_note = False
    amount = MoneyField(label=_("Amount received (yuan)"))
    reference = forms.CharField(label=_("Receipt or invoice number"), max_length=80, required=False)
    invoices = FilesField(label=_("Invoice"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["attachments"].label = _("Bank receipt")

    @property
    def papers(self) -> Iterator[Paper]:
        yield from super().papers
        yield from self._papers("invoices", EvidenceKind.INVOICE)
