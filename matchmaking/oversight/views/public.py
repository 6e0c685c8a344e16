from decimal import Decimal

from django.shortcuts import render
from django.utils.translation import gettext as _, gettext_lazy

from achievements.amounts import write_yuan

from ..counters import latest_snapshot
from ..kpis import Dimension
from ..queries import labels_of
from ..suppression import REST
from .figures import tile_of

TILES = (
    (
        "cases",
        gettext_lazy("Contracts signed"),
        gettext_lazy("Contracts of conversion cases, those broken off later included."),
    ),
    (
        "amount",
        gettext_lazy("Contract amounts"),
        gettext_lazy("Sum of these contracts at their latest amendment."),
    ),
    (
        "received",
        gettext_lazy("Income received"),
        gettext_lazy("Sum of the payments that the owners recorded."),
    ),
)


def public_figures(request):
    """What the home page counts: definition, day, and as much of the list as may be known."""
    snapshot = latest_snapshot()
    figures = snapshot.figures if snapshot else {}
    total = _amounts(figures.get("total"))
    years = [_amounts(each) for each in figures.get("years", [])]
    context = {
        "series": [_("Contract amounts"), _("Income received")],
        "bars": [
            {
                "label": each["year"],
                "values": [float(each[name] / 10_000) for name in ("amount", "received")],
            }
            for each in years
        ],
        "snapshot": snapshot,
        "total": total,
        "tiles": [tile_of(_written(total[key]), *words) for key, *words in TILES] if total else [],
        "years": years,
        "industries": _named(figures.get("industries", []), Dimension.INDUSTRY),
        "districts": _named(figures.get("districts", []), Dimension.DISTRICT),
    }
    return render(request, "oversight/public.html", context)


def _written(value):
    return write_yuan(value) if isinstance(value, Decimal) else f"{value:,}"


def _amounts(line):
    if not line:
        return None
    money = {name: Decimal(line[name]) for name in ("amount", "received") if name in line}
    return line | money


def _named(lines, by):
    labels = labels_of(by, [])
    return [
        _amounts(line)
        | {"label": _("all others") if line["key"] == REST else labels.get(line["key"])}
        for line in lines
    ]
