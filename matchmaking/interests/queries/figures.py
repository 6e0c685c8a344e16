"""How an organization answers (响应率, 答复用时; K9): figures with the records behind them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from portal.accounts.models import Organization

from ..enums import InterestState
from ..models import Interest

PERIOD_DAYS, FEWEST = 365, 5


@dataclass(frozen=True)
class ResponseFigures:
    """Of the interests received in twelve months whose answer came or was due: how many in time.

    ``median_days`` are working days from the sending to the yes or no, of those answered. A share
    or a median of fewer than five says too little and is None.
    """

    counted: int
    in_time: int
    answered: int
    median_days: float | None

    @property
    def share(self) -> int | None:
        return round(100 * self.in_time / self.counted) if self.counted >= FEWEST else None


def counted_interests(
    organization: Organization | None = None, *, now: datetime | None = None
) -> QuerySet[Interest]:
    """The records behind the figures: answered, or not answered within their term.

    One that was taken back before its last day had passed asked for no answer.
    """
    now = now or timezone.now()
    today = timezone.localdate(now)
    taken_back = Q(state=InterestState.WITHDRAWN, ended_at__date__lte=F("due_on"))
    interests = Interest.objects.filter(
        Q(answered_at__isnull=False) | (Q(due_on__lt=today) & ~taken_back),
        sent_at__gte=now - timedelta(days=PERIOD_DAYS),
    )
    if organization is not None:
        interests = interests.filter(receiver_organization=organization)
    return interests.select_related(
        "page", "need", "sender_organization", "receiver_organization"
    ).order_by("-sent_at", "-pk")


def _figures(interests: QuerySet[Interest]) -> ResponseFigures:
    rows = list(interests.order_by().values_list("answered_at", "due_on", "answered_in"))
    answered = [row for row in rows if row[0] is not None]
    days = [answered_in for _at, _due_on, answered_in in answered if answered_in is not None]
    return ResponseFigures(
        counted=len(rows),
        in_time=sum(timezone.localdate(at) <= due_on for at, due_on, _days in answered),
        answered=len(days),
        median_days=median(days) if len(days) >= FEWEST else None,
    )


def response_figures(organization: Organization) -> ResponseFigures:
    return _figures(counted_interests(organization))


def overall_figures() -> ResponseFigures:
    return _figures(counted_interests())


def organizations_in_arrears(today: date | None = None) -> QuerySet[Organization]:
    """Organizations with unanswered interests whose term has passed, the most first."""
    today = today or timezone.localdate()
    late = Q(received_interests__state=InterestState.SENT, received_interests__due_on__lt=today)
    return (
        Organization.objects.annotate(late=Count("received_interests", filter=late))
        .filter(late__gt=0)
        .select_related("district")
        .order_by("-late", "name")
    )
