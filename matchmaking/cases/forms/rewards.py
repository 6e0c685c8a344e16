"""Sharing the income: amounts, people with their weights, and what they come to."""

from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from ..enums import PartyRole, RuleCode
from ..models import LawRule, ShareGroup
from ..queries import rule_for
from ..rewards import Floors, distribute, floors, net_income
from ..services import ShareEntry
from .base import MoneyField, MoveForm, RowForm, RowsMixin, long_text, rows_of

ZERO = Decimal(0)


class ShareForm(RowForm):
    key = "name"
    group = forms.ChoiceField(label=_("Group"), choices=ShareGroup.choices)
    name = forms.CharField(label=_("Person or team"), max_length=60)
    weight = forms.DecimalField(
        label=_("Weight"), min_value=0, max_value=10_000, decimal_places=2, max_digits=7
    )

    def clean(self):
        data = super().clean()
        self.need("name", "weight")
        return data


@dataclass(frozen=True)
class Preview:
    """What the amounts in a form come to under the rule in force."""

    net: Decimal
    pool: Decimal
    least: Floors
    shares: list[tuple[ShareEntry, Decimal]]
    rule: LawRule

    def _sum(self, group: ShareGroup) -> Decimal:
        return sum((amount for entry, amount in self.shares if entry.group == group), ZERO)

    @property
    def lines(self) -> list[dict]:
        """Given beside asked for, each with whether it is enough."""
        pairs = (
            (_("Reward pool"), self.pool, self.least.pool),
            (ShareGroup.MAIN.label, self._sum(ShareGroup.MAIN), self.least.main),
            (ShareGroup.STAFF.label, self._sum(ShareGroup.STAFF), self.least.staff),
        )
        return [
            {"label": label, "given": given, "least": least, "holds": given >= least}
            for label, given, least in pairs
        ]


class RewardForm(RowsMixin, MoveForm):
    takes_note = False
    formset_class = rows_of(ShareForm)
    income = MoneyField(label=_("Income that is shared (yuan)"))
    costs = MoneyField(
        label=_("Costs of the transaction (yuan)"),
        help_text=_("Not the public money that the research itself has cost."),
    )
    taxes = MoneyField(label=_("Taxes (yuan)"))
    pool = MoneyField(label=_("Reward pool (yuan)"))
    below_floor_reason = long_text(
        _("Why less than the floor"),
        required=False,
        rows=3,
        help_text=_("Only where the pool or a group receives less than the rule asks for."),
    )

    def __init__(self, data=None, *args, case, **kwargs):
        super().__init__(data, *args, case=case, **kwargs)
        self.fields["income"].initial = case.received
        self.fields["costs"].initial = self.fields["taxes"].initial = ZERO
        completers = [
            {"group": ShareGroup.MAIN, "name": str(party)[:60]}
            for party in case.present_parties()
            if party.role == PartyRole.COMPLETER
        ]
        self.add_rows(data, [*completers, {"group": ShareGroup.STAFF, "name": ""}])

    @property
    def shares(self) -> list[ShareEntry]:
        return [
            ShareEntry(ShareGroup(row.pop("group")), **row) for row in map(dict, self.filled_rows)
        ]

    def preview(self):
        """Compute what was typed so far; None while an amount is missing or odd."""
        is_complete = self.is_valid()
        names = ("occurred_on", "income", "costs", "taxes", "pool")
        values = [self.cleaned_data.get(name) for name in names]
        if None in values:
            return None
        on, income, costs, taxes, pool = values
        net, rule = net_income(income, costs, taxes), rule_for(RuleCode.REWARD, on)
        shares = self.shares if is_complete or self.rows.is_valid() else []
        try:
            amounts = distribute(pool, [entry.weight for entry in shares])
        except ValueError:
            amounts = []
        return Preview(
            net=net,
            pool=pool,
            least=floors(net, rule.parameters, pool),
            shares=list(zip(shares, amounts, strict=False)),
            rule=rule,
        )
