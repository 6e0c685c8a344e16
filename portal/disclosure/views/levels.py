"""From whom on a listing's fields are open, and who has read them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from .. import services
from ..enums import FieldGroup, Level
from ..forms import LevelsForm, ReadingFilterForm
from ..kinds import address_of, find_listing, kind_of
from ..queries import levels_table, readings_for
from ..rules import can_set_levels
from .shelves import add_subjects, page_of, tabs_for


@login_required
def levels(request, code):
    listing = find_listing(code)
    if listing is None or not can_set_levels(request.user, listing):
        raise Http404
    form = LevelsForm(request.POST or None, table=levels_table(listing))
    if request.method == "POST" and form.is_valid():
        try:
            services.set_levels(actor=request.user, listing=listing, levels=form.cleaned_data)
        except services.UnableToDisclose as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Changed at once, everywhere."))
            return redirect("disclosure:levels", code)
    kind = kind_of(listing)
    context = {
        "listing": listing,
        "url": address_of(listing),
        "form": form,
        "levels": Level,
        "rows": [(field, kind.names_in(FieldGroup(field.name))) for field in form],
        "read": readings_for(request.user, listing=code)[:5],
    }
    status = 422 if form.errors else 200
    return render(request, "disclosure/levels.html", context, status=status)


@login_required
def readings(request):
    if not request.user.organization_ids:
        raise Http404
    form = ReadingFilterForm(request.GET)
    chosen = form.cleaned_data["listing"].strip().upper() if form.is_valid() else ""
    rows = readings_for(request.user, listing=chosen)
    page_obj = page_of(request, rows)
    add_subjects(page_obj)
    context = {
        "tabs": tabs_for(request.user, "readings"),
        "page_obj": page_obj,
        "form": form,
        "is_filtered": bool(chosen),
    }
    return render(request, "disclosure/readings.html", context)
