"""The short version for everybody."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _, gettext_lazy

from events.fairs.models import Fair

from ..facts import read_facts
from ..published import public_figures, public_parts
from ..rules import has_public_report
from .reading import tile_of

PUBLIC_TITLES = {
    "role": gettext_lazy("By role"),
    "industry": gettext_lazy("By industry"),
    "district": gettext_lazy("By district"),
}


def public(request, code):
    """Numbers that tell of nobody: small groups are put together or left out."""
    fair = get_object_or_404(Fair.objects.published().with_page(), code=code)
    if not has_public_report(fair):
        raise Http404
    facts, others = read_facts([fair])[fair.pk], _("all others")
    figures = public_figures(facts)
    parts = {key: public_parts(key, facts, others) for key in PUBLIC_TITLES}
    context = {
        "fair": fair,
        "tiles": [tile_of(each) for each in figures],
        "tables": [
            {
                "title": title,
                "bars": [{"label": part.label, "value": part.count} for part in parts[key]],
            }
            for key, title in PUBLIC_TITLES.items()
            if parts[key]
        ],
    }
    return render(request, "reports/public.html", context)
