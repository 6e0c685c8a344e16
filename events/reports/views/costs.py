"""What the fair cost, entered by its organizer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from events.fairs.views.reading import get_fair

from .. import services
from ..forms import CostForm
from ..rules import can_enter_costs


@login_required
def costs(request, code):
    """The list with a form below; ``remove`` names the line to take out."""
    fair = get_fair(request.user, code, can_enter_costs)
    if request.POST.get("remove", "").isdecimal():
        cost = get_object_or_404(fair.costs, pk=request.POST["remove"])
        services.remove_cost(actor=request.user, cost=cost)
        messages.success(request, _("Taken out."))
        return redirect("reports:costs", fair.code)
    form = CostForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.enter_cost(actor=request.user, fair=fair, **form.cleaned_data)
        messages.success(request, _("Cost entered."))
        return redirect("reports:costs", fair.code)
    rows = list(fair.costs.select_related("entered_by").order_by("pk"))
    context = {
        "fair": fair,
        "form": form,
        "costs": rows,
        "total": sum(each.amount for each in rows),
    }
    return render(request, "reports/costs.html", context, status=422 if form.errors else 200)
