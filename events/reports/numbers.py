"""What a number of a report is: a definition in words around the records behind it (统计口径).

A number is its records: a count is how many there are, a share how many of a larger whole. So
every number opens exactly the records that it was made of.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from django.utils.functional import Promise
from django.utils.translation import gettext

from achievements.amounts import write_yuan

from .enums import Group, Kind, Needs, Unit
from .facts import Facts
from .picks import Pick, Value


@dataclass(frozen=True)
class Number:
    """One definition; ``measure`` is there where the value is no count and no share of records.

    ``is_public`` numbers stand in the short version, too; ``needs`` is what a fair has to have for
    the number to make sense.
    """

    key: str
    group: Group
    label: str | Promise
    formula: str | Promise
    unit: Unit
    kind: Kind
    part: Pick
    whole: Pick | None = None
    measure: Callable[[Facts], Value] | None = None
    is_public: bool = False
    needs: Needs | None = None


@dataclass(frozen=True)
class Figure:
    """A number of one fair: its value, the records that make it, and those it is a share of."""

    number: Number
    value: Value
    part: list[int] = field(repr=False)
    whole: list[int] | None = field(repr=False)

    def hidden(self) -> "Figure":
        """The same without its value, for a reader whom it would tell too much."""
        return replace(self, value=None)

    @property
    def text(self) -> str:
        """The value in words, with its unit; a dash where there is none."""
        if self.value is None:
            return "–"
        if self.number.unit == Unit.MONEY:
            return write_yuan(self.value) if self.value else "0"
        if self.number.unit == Unit.COUNT:
            return f"{self.value:,}"
        return f"{self.value:,.1f}" + (" %" if self.number.unit == Unit.SHARE else "")

    @property
    def made_of(self) -> str:
        """The records in numbers: a share tells both, everything else how many there are."""
        if self.whole is None:
            if self.number.measure is None:
                return ""
            return gettext("from %(n)s records") % {"n": f"{len(self.part):,}"}
        return f"{len(self.part):,} ÷ {len(self.whole):,}"


def figure_of(number: Number, facts: Facts) -> Figure:
    part = number.part(facts)
    whole = number.whole(facts) if number.whole else None
    if number.measure:
        value = number.measure(facts)
    elif whole is None:
        value = len(part)
    else:
        value = 100 * len(part) / len(whole) if whole else None
    return Figure(number, value, part, whole)
