from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def contribution_parts(match) -> list[dict]:
    """The parts of a match's bar, in per cent of the need's weighted words."""
    title = round(100 * match.contributions.get("title", 0))
    text = round(100 * match.contributions.get("text", 0))
    return [
        {"label": _("Title"), "value": title},
        {"label": _("Text"), "value": text},
        {"label": _("Not covered"), "value": 100 - title - text, "is_rest": True},
    ]


@register.simple_tag
def precision_bars(rows, key: str) -> list[dict]:
    """Bars in per cent with their records' address; what is too little to tell has none."""
    return [
        {"label": row.label, "value": row.percent, "url": f"?{key}={row.key}#records"}
        for row in rows
        if row.percent is not None
    ]
