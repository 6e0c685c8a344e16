from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def contribution_parts(match) -> list[dict]:
    """The parts of a match's bar, in per cent of the need's weighted words."""
    parts = match.contributions
    return [
        {"label": _("Title"), "value": round(100 * parts.get("title", 0))},
        {"label": _("Text"), "value": round(100 * parts.get("text", 0))},
    ]
