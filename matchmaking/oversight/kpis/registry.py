"""What a number of the commission is: a definition in words around the records behind it.

The records are the number: its value is the sum of their ``part``, for a ratio or a mean over the
sum of their ``whole``, for an average over their institutes, for days the median of their
``part``. So every number opens exactly the records that it was made of.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet, TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Unit(TextChoices):
    """What kind of value a number is (指标类型)."""

    MONEY = "MONEY", _("yuan")
    COUNT = "COUNT", _("count")
    RATIO = "RATIO", _("per cent")
    TIMES = "TIMES", _("contract per yuan of subsidy")
    AVERAGE = "AVERAGE", _("average")
    MEAN = "MEAN", _("yuan each")
    DAYS = "DAYS", _("days (median)")


class Dimension(TextChoices):
    """By what a number is cut (维度)."""

    YEAR = "year", _("Year")
    INDUSTRY = "industry", _("Industry")
    DISTRICT = "district", _("District")
    INSTITUTE = "institute", _("Institute")


# Their records say what they are a part of.
HAVE_WHOLE = frozenset({Unit.RATIO, Unit.TIMES, Unit.MEAN})
Rows = Callable[[], QuerySet]


@dataclass(frozen=True)
class Kpi:
    """One definition (指标定义); ``rows`` are annotated as ``dimensions.py`` says."""

    key: str
    label: str | Promise
    formula: str | Promise
    unit: Unit
    period: str | Promise
    source: str | Promise
    rows: Rows

    @cached_property
    def dimensions(self) -> list[Dimension]:
        known = self.rows().query.annotations
        return [each for each in Dimension if f"in_{each}" in known]

    @property
    def is_share(self) -> bool:
        return self.unit in {*HAVE_WHOLE, Unit.AVERAGE}


KPIS: dict[str, Kpi] = {}


def kpi(
    key: str,
    label: str | Promise,
    *,
    formula: str | Promise,
    unit: Unit,
    period: str | Promise,
    source: str | Promise,
) -> Callable[[Rows], Rows]:
    """Register the decorated query as the records behind the number ``key``.

    Rooms above register theirs with it, too. Raises ``ValueError`` for a key that is taken.
    """

    def register(rows: Rows) -> Rows:
        if key in KPIS:
            raise ValueError(key)
        KPIS[key] = Kpi(key, label, formula, unit, period, source, rows)
        return rows

    return register
