import calendar as months
import hashlib
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_GET, require_POST

from portal.accounts.rules import can_oversee

from .. import services
from ..duties import DutyList, Span, calendar_for
from ..enums import DutyKind
from ..feed import calendar_of
from ..models import FEED_SALT, CalendarFeed
from ..services import count_on_reading

PAGE = 20


@login_required
def duties(request):
    """What falls due, overdue first, beside a month as a calendar (待办日历)."""
    today = timezone.localdate()
    day = _parse(request.GET.get("day", ""))
    month = _parse(f"{request.GET.get('month', '')}-01") or (day or today).replace(day=1)
    kind = request.GET.get("kind", "")
    kinds = frozenset({DutyKind(kind)}) if kind in DutyKind.values else None
    only_late = request.GET.get("late") == "1"
    counted = count_on_reading(now=timezone.now()) if can_oversee(request.user) else None
    calendar = calendar_for(request.user, kinds)
    until = today - timedelta(days=1) if only_late else day
    found = DutyList(calendar, Span(day, until))
    in_month = calendar.by_day(Span(month, month + relativedelta(months=1, days=-1)))
    context = {
        "page_obj": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "kinds": [(each, found.counts[each]) for each in DutyKind if each in found.counts],
        "weeks": weeks_of(month, in_month, today),
        "month": month,
        "before": month - relativedelta(months=1),
        "after": month + relativedelta(months=1),
        "total": found.total,
        "counted": counted,
        "day": day,
        "kind": DutyKind(kind) if kinds else None,
        "only_late": only_late,
        "feed": CalendarFeed.objects.filter(user=request.user).first(),
    }
    return render(request, "oversight/duties.html", context)


def _parse(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if date(1990, 1, 1) <= found <= date(2100, 12, 31) else None


def weeks_of(month: date, counts: dict[date, int], today: date) -> list[list[dict]]:
    """The weeks of a month, Monday first, each day with how many duties fall on it."""
    return [
        [
            {
                "day": day,
                "count": counts.get(day, 0),
                "is_outside": day.month != month.month,
                "is_today": day == today,
                "is_late": day < today and day in counts,
            }
            for day in week
        ]
        for week in months.Calendar().monthdatescalendar(month.year, month.month)
    ]


@login_required
@require_POST
def change_feed(request):
    """Make a calendar address, a new one instead of the old, or close it."""
    if request.POST.get("action") == "revoke":
        services.revoke_feed(actor=request.user)
    else:
        services.open_feed(actor=request.user)
    return redirect("oversight:duties")


@require_GET
def feed(request, token):
    """The calendar behind the address: who holds it needs no sign-in."""
    try:
        nonce = signing.Signer(salt=FEED_SALT).unsign(token)
    except signing.BadSignature:
        raise Http404 from None
    found = get_object_or_404(
        CalendarFeed.objects.select_related("user"), nonce=nonce, user__is_active=True
    )
    content = calendar_of(found.user, timezone.localdate())
    etag = quote_etag(hashlib.sha256(content).hexdigest())
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="duties.ics"'
    response["ETag"], response["Cache-Control"] = etag, "private, no-cache"
    response["Referrer-Policy"] = "no-referrer"
    return get_conditional_response(request, etag=etag, response=response)
