"""Numbers from their records: values, and tables by a dimension."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any, Literal
from urllib.parse import urlencode

from django.db.models import Aggregate, Count, F, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from achievements.amounts import write_yuan
from portal.accounts.models import Organization
from portal.taxonomy.models import District, Industry

from .kpis import HAVE_WHOLE, Dimension, Kpi, Unit
from .models import FigureCell

TOO_FEW = 5
NEED_SOME = frozenset({Unit.RATIO, Unit.TIMES, Unit.DAYS})
UNKNOWN = "-"
YEARS = range(1990, 2101)
MEMBERS_SHOWN = 30


WORDS: dict[str, Callable[[Any], str]] = {
    Unit.MONEY: write_yuan,
    Unit.RATIO: lambda value: f"{value * 100:.1f}%",
    Unit.TIMES: lambda value: _("%(number)s times") % {"number": f"{value:.1f}"},
    Unit.AVERAGE: "{:.1f}".format,
    Unit.MEAN: write_yuan,
    Unit.DAYS: lambda value: _("%(days)s days") % {"days": f"{value:g}"},
}


@dataclass(frozen=True)
class Scope:
    """What of a number is looked at; ``UNKNOWN`` asks for the records that name no such member."""

    year: str = ""
    industry: str = ""
    district: str = ""
    institute: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Scope":
        return cls(**{each: _printable(asked.get(each, ""))[:40] for each in Dimension})

    def chosen(self) -> dict[str, str]:
        return {each.value: value for each in Dimension if (value := getattr(self, each))}

    def with_member(self, by: Dimension, key: str) -> "Scope":
        return replace(self, **{by.value: key})

    def narrow(self, rows: QuerySet) -> QuerySet:
        """Filter records; what means nothing, or what they do not know, finds nothing."""
        known = rows.query.annotations
        for name, value in self.chosen().items():
            if f"in_{name}" not in known or not _has_sense(name, value):
                return rows.none()
            if value == UNKNOWN:
                rows = rows.filter(**{f"in_{name}__isnull": True})
            else:
                rows = rows.filter(**{f"in_{name}": value})
        return rows


def _printable(text: str) -> str:
    """What a worksheet and a page can show of a text from the address."""
    return "".join(letter for letter in text if letter.isprintable()).strip()


def _has_sense(name: str, value: str) -> bool:
    if name in {Dimension.YEAR, Dimension.INSTITUTE} and value != UNKNOWN:
        is_number = value.isascii() and value.isdigit() and len(value) < 10
        return is_number and (name != Dimension.YEAR or int(value) in YEARS)
    return True


@dataclass(frozen=True)
class Figure:
    """A number with what it was made of; ``value`` is None where too few records tell.

    Money is yuan, a share is a fraction of one, days are days.
    """

    kpi: Kpi
    scope: Scope
    part: Decimal
    whole: Decimal
    records: int
    days: float | None = None
    key: str = ""
    label: str = ""

    @property
    def value(self) -> Decimal | float | None:
        if self.kpi.unit == Unit.DAYS:
            return self.days
        if not self.kpi.is_share:
            return self.part
        return self.part / self.whole if self.whole and not self.is_too_few else None

    @property
    def is_too_few(self) -> bool:
        """Shares and medians of fewer than five records say nothing."""
        return self.kpi.unit in NEED_SOME and self.records < TOO_FEW

    @property
    def text(self) -> str:
        value = self.value
        if self.is_too_few or value is None:
            return _("too few to tell") if self.is_too_few else "–"
        return WORDS.get(self.kpi.unit, "{:,.0f}".format)(value)

    @property
    def made_of(self) -> str:
        """Numerator and denominator of a share, else how many records."""
        if self.kpi.is_share:
            return f"{_amount(self.part)} ÷ {_amount(self.whole)}"
        return _("%(count)s records") % {"count": f"{self.records:,}"}

    @property
    def drawn(self) -> float:
        """The value as a chart draws it: per cent, 10,000 yuan, else as it is; 0 for unknown."""
        value = float(self.value or 0)
        if self.is_too_few:
            return 0
        factor = {Unit.RATIO: 100, Unit.MONEY: 0.0001, Unit.MEAN: 0.0001}.get(self.kpi.unit, 1)
        return round(value * factor, 1)

    @property
    def url(self) -> str:
        address = reverse("oversight:records", args=[self.kpi.key])
        return f"{address}?{urlencode(self.scope.chosen())}" if self.scope.chosen() else address


def _amount(value: Decimal) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"


def rows_of(kpi: Kpi, scope: Scope) -> QuerySet:
    """The records behind a number, as one would list them."""
    return scope.narrow(kpi.rows())


def cells_of(kpi: Kpi, scope: Scope) -> QuerySet:
    """The cells of the last count behind a number, with the columns of its records."""
    known: dict[str, Any] = {f"in_{each}": F(each) for each in kpi.dimensions}
    return scope.narrow(FigureCell.objects.filter(kpi=kpi.key).annotate(**known))


Reading = Literal["records", "cells"]


def figure_of(kpi: Kpi, scope: Scope = Scope(), *, of: Reading = "records") -> Figure:
    """The number over the whole scope, of its records as they are or of the last count's cells."""
    [total] = _measure(kpi, scope, None, of) or [_empty(kpi, scope)]
    return total


def figures_by(kpi: Kpi, scope: Scope, by: Dimension, *, of: Reading = "records") -> list[Figure]:
    """The number for each member of a dimension, years in order, others the largest first."""
    if by not in kpi.dimensions:
        return []
    found = _measure(kpi, scope, by, of)
    if by == Dimension.YEAR:
        found.sort(key=lambda figure: figure.key)
    else:
        found.sort(key=lambda figure: (-figure.drawn, -figure.records, figure.key))
    labels = labels_of(by, [each.key for each in found])
    return [replace(each, label=labels.get(each.key, each.key)) for each in found]


def figures_of(kpis: Iterable[Kpi], scope: Scope = Scope()) -> list[Figure]:
    """Many numbers of the last count in two queries, without those that cannot be cut so."""
    asked = set(scope.chosen())
    wanted = [kpi for kpi in kpis if asked <= set(kpi.dimensions)]
    known: dict[str, Any] = {f"in_{each}": F(each) for each in Dimension}
    cells = FigureCell.objects.filter(kpi__in=[kpi.key for kpi in wanted]).annotate(**known)
    days = [kpi.key for kpi in wanted if kpi.unit == Unit.DAYS]
    rows = scope.narrow(cells).order_by()
    sums = rows.exclude(kpi__in=days).values("kpi")
    lines = {
        line["kpi"]: line
        for line in sums.annotate(
            total=Sum("part"),
            whole_sum=Sum("whole"),
            institutes=Count("in_institute", distinct=True),
            number=Sum("records"),
        )
    }
    taken: dict[str, list[dict[str, Any]]] = {}
    for line in rows.filter(kpi__in=days).values("kpi", "part").annotate(number=Sum("records")):
        taken.setdefault(line["kpi"], []).append(line)
    found = []
    for kpi in wanted:
        if kpi.key in taken:
            found.append(_median_figure(kpi, scope, None, None, taken[kpi.key]))
        elif line := lines.get(kpi.key):
            base = dict.fromkeys(HAVE_WHOLE, line["whole_sum"])
            base[Unit.AVERAGE] = line["institutes"]
            found.append(_sum_figure(kpi, scope, None, None, line | {"base": base.get(kpi.unit)}))
        else:
            found.append(_empty(kpi, scope))
    return found


def labels_of(by: Dimension, keys: Iterable[str]) -> dict[str, str]:
    """How members are called; those that are not known by name are left out."""
    unknown = {UNKNOWN: _("not given")}
    if by == Dimension.YEAR:
        return unknown
    if by == Dimension.INSTITUTE:
        ids = [key for key in keys if key != UNKNOWN and _has_sense(by, key)]
        found = Organization.objects.filter(pk__in=ids)
        return unknown | {str(each.pk): each.label for each in found}
    model = Industry if by == Dimension.INDUSTRY else District
    return unknown | {term.code: term.label for term in model.objects.all()}


def _empty(kpi: Kpi, scope: Scope) -> Figure:
    return Figure(kpi, scope, Decimal(0), Decimal(0), 0)


def _measure(kpi: Kpi, scope: Scope, by: Dimension | None, of: Reading) -> list[Figure]:
    names = [f"in_{by}"] if by else []
    rows = rows_of(kpi, scope) if of == "records" else cells_of(kpi, scope)
    records = Count("pk") if of == "records" else Sum("records")
    if kpi.unit == Unit.DAYS:
        lines = rows.values(*names, "part").annotate(number=records).order_by(*names, "part")
        groups = groupby(lines, key=lambda line: line.get(names[0]) if names else None)
        return [_median_figure(kpi, scope, by, key, list(found)) for key, found in groups]
    sums = sums_of(kpi) | {"number": records}
    if by is None:
        return [_sum_figure(kpi, scope, None, None, rows.aggregate(**sums))]
    lines = rows.values(*names).annotate(**sums).order_by(*names)
    return [_sum_figure(kpi, scope, by, line[names[0]], line) for line in lines]


def sums_of(kpi: Kpi) -> dict[str, Aggregate]:
    """What is added up of records and of cells alike; an average is per institute."""
    if kpi.unit in HAVE_WHOLE:
        return {"total": Sum("part"), "base": Sum("whole")}
    if kpi.unit == Unit.AVERAGE:
        return {"total": Sum("part"), "base": Count("in_institute", distinct=True)}
    return {"total": Sum("part")}


def _member(scope: Scope, by: Dimension | None, key: Any) -> dict[str, Any]:
    if by is None:
        return {"scope": scope}
    text = UNKNOWN if key is None else str(key)
    return {"scope": scope.with_member(by, text), "key": text}


def _sum_figure(
    kpi: Kpi, scope: Scope, by: Dimension | None, key: Any, line: dict[str, Any]
) -> Figure:
    return Figure(
        kpi,
        part=Decimal(line["total"] or 0),
        whole=Decimal(line.get("base") or 0),
        records=line["number"] or 0,
        **_member(scope, by, key),
    )


def _median_figure(
    kpi: Kpi, scope: Scope, by: Dimension | None, key: Any, lines: list[dict[str, Any]]
) -> Figure:
    known = sorted(
        (_whole_days(line["part"]), line["number"]) for line in lines if line["part"] is not None
    )
    return Figure(
        kpi,
        part=Decimal(0),
        whole=Decimal(0),
        records=sum(line["number"] for line in lines),
        days=median(known),
        **_member(scope, by, key),
    )


def _whole_days(part: timedelta | Decimal | int) -> int:
    return part // timedelta(days=1) if isinstance(part, timedelta) else int(part)


def median(counted: list[tuple[int, int]]) -> float | None:
    """The median of values that come with how often each occurs, in their order."""
    total = sum(times for _value, times in counted)
    if not total:
        return None
    lower = _at(counted, (total - 1) // 2)
    return (lower + _at(counted, total // 2)) / 2


def _at(counted: list[tuple[int, int]], place: int) -> int:
    for value, times in counted:
        if place < times:
            return value
        place -= times
    raise IndexError(place)
