"""Which figures each rule of law has; the values stand in ``LawRule.parameters``."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .enums import RuleCode

FOUR_PLACES = Decimal("0.0001")
HUNDRED = Decimal(100)


class TermUnit(TextChoices):
    """How the days of a term are counted (日期计算)."""

    CALENDAR = "calendar", _("every calendar day")
    WORKING = "working", _("working days only")


class OnObjection(TextChoices):
    """What an objection that is dismissed does to the term (异议对公示期的影响)."""

    STOP = "stop", _("the days of the objection do not count")
    RESTART = "restart", _("the term begins anew")
    RUN = "run", _("the term runs on")


@dataclass(frozen=True)
class Parameter:
    """A figure of a rule: a number from ``least`` to ``most``, a share in per cent, or a choice."""

    name: str
    label: str | Promise
    least: int = 1
    most: int = 365
    is_share: bool = False
    choices: type[TextChoices] | None = None

    def shown(self, value: Any) -> str:
        """The stored value in words."""
        if self.choices:
            return str(self.choices(value).label)
        return f"{as_per_cent(value)} %" if self.is_share else str(value)

    def stored(self, value: Any) -> Any:
        """What a form brought, as JSON: shares as fractions in text, so that they stay exact."""
        if self.is_share:
            return str((Decimal(value) / HUNDRED).quantize(FOUR_PLACES))
        return str(value) if self.choices else int(value)


_UNIT = Parameter("unit", _("Days are"), choices=TermUnit)
PARAMETERS: dict[RuleCode, tuple[Parameter, ...]] = {
    RuleCode.PRICE_PUBLICITY: (
        Parameter("days", _("Length of the publicity in days")),
        _UNIT,
        Parameter("venues", _("Number of venues"), most=2),
        Parameter("on_objection", _("When an objection is dismissed"), choices=OnObjection),
    ),
    RuleCode.FIRST_REFUSAL: (Parameter("answer_days", _("Days for the completers' answer")),),
    RuleCode.LICENCE_FILING: (Parameter("months", _("Months for the filing"), most=60),),
    RuleCode.CO_OWNERS: (),
    RuleCode.DEFAULT_OWNERSHIP: (),
    RuleCode.DORMANT: (Parameter("months", _("Months without conversion"), most=120),),
    RuleCode.REWARD: (
        Parameter("pool", _("Pool, in per cent of the net income"), 0, 100, is_share=True),
        Parameter("main", _("Main contributors, in per cent of the pool"), 0, 100, is_share=True),
        Parameter("staff", _("Transfer staff, in per cent of the pool"), 0, 100, is_share=True),
        Parameter("publicity_days", _("Length of the publicity in days")),
        _UNIT,
        Parameter("pay_months", _("Months until it is paid"), most=60),
    ),
    RuleCode.ANNUAL_REPORT: (
        Parameter("month", _("Month it is due"), most=12),
        Parameter("day", _("Day it is due"), most=31),
    ),
}


def as_per_cent(fraction: Any) -> str:
    return f"{(Decimal(fraction) * HUNDRED).normalize():f}"


def describe_parameters(code: str, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(str(each.label), each.shown(values[each.name])) for each in PARAMETERS[RuleCode(code)]]
