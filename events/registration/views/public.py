"""The list of participants as far as this reader may see it."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone

from events.fairs.enums import ListVisibility, ParticipantRole
from portal.taxonomy.models import Industry

from ..queries import is_participant, list_visibility, visible_people
from .own import get_announced

PAGE = 24


def participants(request, code):
    fair, now = get_announced(code), timezone.now()
    people = visible_people(request.user, fair, now)
    role, industry = request.GET.get("role", ""), request.GET.get("industry", "")
    present = people.order_by().values_list("role", flat=True).distinct()
    roles = [each for each in ParticipantRole if each in set(present)]
    industries = Industry.objects.filter(registrations__in=people.order_by()).distinct()
    if role in ParticipantRole.values:
        people = people.filter(role=role)
    if industry:
        people = people.filter(industries__code=industry)
    rows = people.prefetch_related("industries", "entries__page", "entries__need")
    page_obj = Paginator(rows.order_by("role", "pk"), PAGE).get_page(request.GET.get("page"))
    context = {
        "fair": fair,
        "page_obj": page_obj,
        "roles": roles,
        "industries": industries.order_by("pk"),
        "role": role,
        "industry": industry,
        "is_hidden": list_visibility(request.user, fair, now) == ListVisibility.HIDE_ALL,
        "is_participant": is_participant(request.user, fair),
    }
    return render(request, "registration/participants.html", context)
