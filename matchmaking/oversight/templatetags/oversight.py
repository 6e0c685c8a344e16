from decimal import Decimal

from django import template

from achievements.amounts import write_yuan

from ..kpis import Unit

register = template.Library()


@register.filter
def in_unit(value: Decimal | None, unit: Unit) -> str:
    """A figure as people read it; unknown is a dash, not zero."""
    if value is None or value == "":
        return "–"
    return write_yuan(value) if unit == Unit.MONEY else f"{value:,.0f}"
