"""What the noes add up to: advice on one listing, and reasons by industry."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from portal.taxonomy.models import Industry

from ..enums import ADVICE, DeclineReason, InterestState, Party, TargetKind
from ..models import Interest
from .figures import PERIOD_DAYS

INDUSTRIES = {
    TargetKind.ACHIEVEMENT: "page__achievementpage__industries__code",
    TargetKind.PATENT: "page__patentpage__industries__code",
    TargetKind.NEED: "need__industries__code",
}


@dataclass(frozen=True)
class Reason:
    code: str
    label: str
    count: int
    total: int
    advice: str = ""


@dataclass(frozen=True)
class Noes:
    """Why others turned a listing or need down, and why its own side turned others down."""

    by_others: list[Reason] = field(default_factory=list)
    by_own: list[Reason] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.by_others[0].total if self.by_others else 0


def noes_of(*, page_id: int | None = None, need_id: int | None = None) -> Noes:
    """Add up the noes of one listing or of one need, the most frequent reason first.

    A publisher meets others on both ways: they ask for the listing, or it is offered to them.
    """
    about = Q(page=page_id) if page_id else Q(need=need_id)
    is_need = Q(kind=TargetKind.NEED)
    received = ~is_need if page_id else is_need
    own = (received & Q(declined_side=Party.RECEIVER)) | (~received & Q(declined_side=Party.SENDER))
    declined = Interest.objects.filter(about, state=InterestState.DECLINED)
    return Noes(_add_up(declined.exclude(own), with_advice=True), _add_up(declined.filter(own)))


def _add_up(interests: QuerySet[Interest], *, with_advice: bool = False) -> list[Reason]:
    counts = Counter(interests.order_by().values_list("decline_reason", flat=True))
    total = counts.total()
    return [
        Reason(
            code,
            str(DeclineReason(code).label),
            count,
            total,
            str(ADVICE.get(DeclineReason(code), "")) if with_advice else "",
        )
        for code, count in counts.most_common()
    ]


def _declined() -> QuerySet[Interest]:
    since = timezone.now() - timedelta(days=PERIOD_DAYS)
    return Interest.objects.filter(state=InterestState.DECLINED, sent_at__gte=since).order_by()


def reasons_overall() -> list[dict]:
    """Rows ``{label, value}`` of noes in twelve months, one for each reason."""
    counts = Counter(_declined().values_list("decline_reason", flat=True))
    return [{"label": each.label, "value": counts[each]} for each in DeclineReason]


def reasons_by_industry() -> list[dict]:
    """Rows ``{label, values, total}`` of noes in twelve months, one value for each reason.

    A listing of two industries counts in both.
    """
    declined = _declined()
    counts: Counter[tuple[str, str]] = Counter()
    for kind, path in INDUSTRIES.items():
        rows = declined.filter(kind=kind).values_list(path, "decline_reason")
        for code, reason, number in rows.annotate(number=Count("pk")):
            counts[code, reason] += number
    found = []
    for industry in Industry.objects.current().order_by("sort_order", "pk"):
        values = [counts[industry.code, reason] for reason in DeclineReason.values]
        if any(values):
            found.append({"label": industry.label, "values": values, "total": sum(values)})
    return found
