from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from . import services
from .forms import CalendarDayForm
from .models import CalendarDay
from .queries import last_announced_year
from .rules import can_keep_calendar

PAGE = 50


@login_required
def calendar(request):
    """Holidays and make-up working days that staff entered (工作日历维护)."""
    if not can_keep_calendar(request.user):
        raise PermissionDenied
    form = CalendarDayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.enter_day(actor=request.user, entry=form.instance)
        messages.success(request, _("Saved."))
        return redirect("workdays:calendar")
    days = CalendarDay.objects.order_by("-day")
    context = {
        "form": form,
        "page_obj": Paginator(days, PAGE).get_page(request.GET.get("page")),
        "last_year": last_announced_year(),
    }
    return render(request, "workdays/calendar.html", context)


@login_required
@require_POST
def remove(request, pk):
    if not can_keep_calendar(request.user):
        raise PermissionDenied
    services.remove_day(actor=request.user, entry=get_object_or_404(CalendarDay, pk=pk))
    messages.success(request, _("Taken out."))
    return redirect("workdays:calendar")
