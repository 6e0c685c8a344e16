"""Interests as their sides, brokers and those who oversee read them."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render
from django.template.defaultfilters import floatformat
from django.urls import reverse
from django.utils.translation import gettext as _

from matchmaking.origins import origin_of
from portal.accounts.models import Organization
from portal.accounts.rules import can_oversee

from .. import queries
from ..enums import Party
from ..forms import MessageForm, marks_warning
from ..models import Interest, InterestFile
from ..rules import (
    can_read_file,
    can_read_records,
    can_see_receiver,
    can_start_case,
    can_write,
    side_of,
)
from ..services import draft_of, marks_of, record_confidential_reading, record_reading
from .actions import actions_for

PAGE = 20


def get_interest(user, code) -> Interest:
    interests = Interest.objects.for_user(user).with_names()
    return get_object_or_404(interests.select_related("answered_by", "need__author"), code=code)


@login_required
def interest(request, code):
    """One interest: its facts, the thread, what may be done now, its history."""
    found = get_interest(request.user, code)
    return render_interest(request, found)


def render_interest(request, found: Interest, form=None, status=200):
    user = request.user
    side = side_of(user, found)
    draft = draft_of(user, found) if can_write(user, found) else None
    marks = marks_of(draft) if draft else []
    if form is None:
        initial = {"text": draft.text, "is_confidential": True} if draft else {}
        form = MessageForm(initial=initial)
    thread = queries.thread_of(found, user)
    record_confidential_reading(user=user, messages=thread)
    actions = actions_for(user, found)
    context = {
        "interest": found,
        "side": side,
        "is_sender": side == Party.SENDER,
        "shows_receiver": can_see_receiver(user, found),
        "thread": thread,
        "timeline": queries.timeline_of(found),
        "origin": origin_of(found),
        "contacts": queries.contacts_of(found, user),
        "actions": [each for each in actions if not each.in_section],
        "disclosure": queries.disclosure_of(found, user),
        "disclosure_actions": [each for each in actions if each.in_section],
        "may_request_access": can_oversee(user),
        "can_write": can_write(user, found),
        "may_open_case": can_start_case(user, found),
        "form": form,
        "draft": draft,
        "warning": marks_warning(marks) if marks else "",
    }
    return render(request, "interests/interest.html", context, status=status)


@login_required
def file(request, pk):
    """Send a file of a thread as an attachment, and put that on record."""
    found = get_object_or_404(InterestFile.objects.select_related("message__interest"), pk=pk)
    if not can_read_file(request.user, found):
        raise Http404
    record_reading(actor=request.user, file=found)
    found.message.body_is_open = True
    record_confidential_reading(user=request.user, messages=[found.message])
    response = FileResponse(
        found.file.open("rb"),
        as_attachment=True,
        filename=found.name,
        content_type="application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
def interest_list(request, shelf):
    shelves = queries.shelves_of(request.user)
    if shelf not in shelves:
        raise Http404
    label, rows = shelves[shelf]
    only = request.GET.get("only")
    if only == "open":
        rows = rows.open()
    elif only == "overdue":
        rows = rows.overdue()
    page_obj = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    for each in page_obj:
        each.shows_receiver = can_see_receiver(request.user, each)
    context = {
        "heading": label,
        "is_filtered": only in {"open", "overdue"},
        "shelf": shelf,
        "tabs": [
            {
                "label": name,
                "url": reverse("interests:list", args=[key]),
                "count": interests.count(),
                "is_current": key == shelf,
            }
            for key, (name, interests) in shelves.items()
        ],
        "page_obj": page_obj,
        "loads": queries.broker_loads() if shelf == "desk" else [],
    }
    return render(request, "interests/list.html", context)


def answers(request, pk):
    """How an organization answers, and of the records behind it those the reader may open."""
    organization = get_object_or_404(Organization.objects.select_related("district"), pk=pk)
    records = queries.counted_interests(organization)
    if not can_read_records(request.user, organization):
        records = records.none()
    page_obj = Paginator(records, PAGE).get_page(request.GET.get("page"))
    for each in page_obj:
        each.shows_receiver = True
    context = {
        "organization_record": organization,
        "figures": queries.response_figures(organization),
        "page_obj": page_obj,
    }
    return render(request, "interests/answers.html", context)


@login_required
def statistics(request):
    """For the commission: how the city answers, why it says no, and who does not answer."""
    if not can_oversee(request.user):
        raise PermissionDenied
    context = {
        "tiles": _tiles(),
        "reasons": queries.reasons_overall(),
        "rows": queries.reasons_by_industry(),
        "loads": queries.broker_loads(),
        "late_organizations": queries.organizations_in_arrears()[:PAGE],
    }
    return render(request, "interests/statistics.html", context)


def _tiles() -> list[dict]:
    figures, everything = queries.overall_figures(), reverse("interests:list", args=["all"])
    few = _("too few to tell")
    share, days = figures.share, figures.median_days
    return [
        {
            "label": _("Open interests"),
            "value": Interest.objects.open().count(),
            "definition": _("Waiting for an answer or in talks."),
            "url": f"{everything}?only=open",
        },
        {
            "label": _("Overdue interests"),
            "value": Interest.objects.overdue().count(),
            "definition": _("The term has passed without a yes or no."),
            "url": f"{everything}?only=overdue",
            "is_urgent": True,
        },
        {
            "label": _("Answers in time"),
            "value": few if share is None else f"{share} %",
            "definition": _("%(part)d of %(whole)d interests counted.")
            % {"part": figures.in_time, "whole": figures.counted},
        },
        {
            "label": _("Median time to an answer"),
            "value": few if days is None else floatformat(days),
            "unit": "" if days is None else _("working days"),
            "definition": _("From the sending to the yes or no."),
        },
    ]
