from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render

from ..models import ConversionCase
from ..queries import options

PAGE = 20


@login_required
def case_list(request):
    """The cases of one's organizations; every case for the commission (转化案例)."""
    cases = ConversionCase.objects.for_user(request.user).order_by("-opened_on", "-pk")
    page_obj = Paginator(cases, PAGE).get_page(request.GET.get("page"))
    return render(request, "cases/list.html", {"page_obj": page_obj})


@login_required
def case_detail(request, code):
    """Where a case stands, what may be done now, and its ledger."""
    case = get_object_or_404(ConversionCase.objects.for_user(request.user), code=code)
    context = {
        "case": case,
        "events": case.events.select_related("actor", "organization").order_by("sequence"),
        "parties": case.parties.select_related("organization").order_by("pk"),
        "options": options(case, request.user),
    }
    return render(request, "cases/case.html", context)
