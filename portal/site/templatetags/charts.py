"""Charts as inline SVG, each a figure with a title, a drawing and the same numbers as a table."""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from portal.site.charts import (
    lay_out_bars,
    lay_out_contributions,
    lay_out_districts,
    lay_out_funnel,
    lay_out_groups,
    lay_out_heat,
    lay_out_lines,
    lay_out_stack,
)

register = template.Library()


@register.inclusion_tag("components/charts/bar.html")
def bar_chart(rows: Sequence[dict], title: str, unit: str = "") -> dict:
    """Horizontal bars; ``rows`` are ``{label, value, url}``, a url makes the bar a link."""
    return {"chart": lay_out_bars(rows, title, unit)}


@register.inclusion_tag("components/charts/stacked.html")
def stacked_chart(rows: Sequence[dict], series: Sequence[str], title: str, unit: str = "") -> dict:
    """One bar a row, cut by series; ``rows`` are ``{label, values}`` in the order of ``series``."""
    return {"chart": lay_out_stack(rows, series, title, unit)}


@register.inclusion_tag("components/charts/grouped.html")
def grouped_chart(rows: Sequence[dict], series: Sequence[str], title: str, unit: str = "") -> dict:
    """A bar for each series under each row's label; ``rows`` as for ``stacked_chart``."""
    return {"chart": lay_out_groups(rows, series, title, unit)}


@register.inclusion_tag("components/charts/funnel.html")
def funnel_chart(rows: Sequence[dict], title: str, unit: str = "") -> dict:
    """Steps that keep a part of the step before; ``rows`` are ``{label, value, url}``."""
    return {"chart": lay_out_funnel(rows, title, unit)}


@register.inclusion_tag("components/charts/line.html")
def line_chart(labels: Sequence[str], series: Sequence[dict], title: str, unit: str = "") -> dict:
    """Lines over time; ``series`` are ``{label, values}``, an unknown value is ``None``."""
    chart = lay_out_lines(labels, series, title, unit)
    lines = [
        (number, " ".join(f"{mark.x},{mark.y}" for mark in marks))
        for number, marks in groupby(chart.marks, key=attrgetter("series"))
    ]
    return {"chart": chart, "lines": lines}


@register.inclusion_tag("components/charts/heat.html")
def heat_map(rows: Sequence[dict], columns: Sequence[str], title: str, unit: str = "") -> dict:
    """Cells of rows × columns in five shades; ``rows`` are ``{label, values}``."""
    return {"chart": lay_out_heat(rows, columns, title, unit)}


@register.inclusion_tag("components/charts/districts.html")
def district_map(rows: Sequence[dict], title: str, unit: str = "") -> dict:
    """A tile for each district of the city; ``rows`` are ``{code, label, value, url}``."""
    return {"chart": lay_out_districts(rows, title, unit)}


@register.inclusion_tag("components/charts/contributions.html")
def contribution_bar(parts: Sequence[dict], title: str) -> dict:
    """One bar cut by what each part gives to a score; ``parts`` are ``{label, value}``."""
    return {"chart": lay_out_contributions(parts, title)}


@register.simple_tag
def sparkline(values: Sequence[float], label: str) -> SafeString:
    """A line the height of a word; ``label`` says in words what it shows."""
    largest = max(values, default=0) or 1
    step = 100 / max(len(values) - 1, 1)
    points = " ".join(
        f"{place * step:.1f},{22 - 20 * value / largest:.1f}" for place, value in enumerate(values)
    )
    return format_html(
        '<svg class="sparkline" viewBox="0 0 100 24" width="100" height="24" role="img"'
        ' aria-label="{}"><polyline points="{}"/></svg>',
        label,
        mark_safe(points),  # noqa: S308  numbers only
    )
