"""The week on one sheet: what fell due, what is late with whom, what moved, what to decide."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from matchmaking.cases.enums import END_STAGES, EventKind, Track, TrackState
from matchmaking.cases.models import CaseEvent, ConversionCase, PricePublicity
from portal.accounts.models import Organization, User

from . import supervision
from .duties import Calendar, Duty, Span, calendar_for
from .enums import DutyKind, ReportState
from .models import AnnualReport

WEEK = timedelta(days=7)
SHOWN = 8
MOVES_SHOWN = [
    EventKind.OPENED,
    EventKind.CONTRACT_SIGNED,
    EventKind.CONTRACT_REGISTERED,
    EventKind.PAYMENT_RECEIVED,
    EventKind.ACCEPTED,
    EventKind.REWARD_PAID,
    EventKind.INDUSTRIALISED,
    EventKind.OBJECTION_RAISED,
    EventKind.DISPUTE_OPENED,
    EventKind.TERMINATED,
]


@dataclass(frozen=True)
class Need:
    """Something that only the commission can do or ask for."""

    label: str | Promise
    count: int
    url: str


@dataclass(frozen=True)
class Week:
    """The sheet of the week that begins on ``monday``; it looks back on the seven days before."""

    monday: date
    fell_due: dict[DutyKind, int]
    first_due: list[Duty]
    late: dict[DutyKind, int]
    late_with: list[tuple[str, int]]
    moved: list[tuple[str | Promise, int]]
    needs: list[Need]

    @property
    def begin(self) -> date:
        return self.monday - WEEK

    @property
    def end(self) -> date:
        return self.monday - timedelta(days=1)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week_of(user: User, monday: date) -> Week:
    """What the week before ``monday`` left, as it stands today."""
    calendar = calendar_for(user)
    last = Span(monday - WEEK, monday - timedelta(days=1))
    late = Span(until=monday - timedelta(days=1))
    fell_due = calendar.count(last)
    return Week(
        monday=monday,
        fell_due=fell_due,
        first_due=calendar.first(SHOWN, last, counts=fell_due),
        late=calendar.count(late),
        late_with=_parties(calendar, late),
        moved=_moved(monday),
        needs=_needs(),
    )


def _parties(calendar: Calendar, window: Span) -> list[tuple[str, int]]:
    counted = calendar.by_party(window)
    most = [(pk, number) for pk, number in counted.most_common(SHOWN + 1) if pk is not None]
    names = {each.pk: each.label for each in Organization.objects.filter(pk__in=dict(most))}
    return [(names[pk], number) for pk, number in most[:SHOWN]]


def _moved(monday: date) -> list[tuple[str | Promise, int]]:
    """How many entries of each important kind were recorded in the week before."""
    events = CaseEvent.objects.filter(
        kind__in=MOVES_SHOWN,
        recorded_at__gte=_midnight(monday - WEEK),
        recorded_at__lt=_midnight(monday),
    )
    counted = dict(events.order_by().values_list("kind").annotate(number=Count("pk")))
    return [(kind.label, counted[kind]) for kind in MOVES_SHOWN if kind in counted]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def waiting_for_commission() -> list[Need]:
    """What nobody but the commission can settle: reports, objections, disputes."""
    waiting = AnnualReport.objects.filter(state=ReportState.SIGNED_OFF).count()
    objections = PricePublicity.objects.filter(state=TrackState.OBJECTED).exclude(
        case__stage__in=END_STAGES
    )
    is_disputed = Q(**{f"tracks__{Track.DISPUTE}": TrackState.OPEN})
    disputes = ConversionCase.objects.open().filter(is_disputed)
    found = [
        Need(_("Annual reports to take in"), waiting, reverse("oversight:reports")),
        Need(_("Publicities with an open objection"), objections.count(), _duties("OBJECTION")),
        Need(_("Cases in dispute"), disputes.count(), reverse("cases:list")),
    ]
    return [need for need in found if need.count]


def _needs() -> list[Need]:
    flagged = [
        Need(rule.label, number, reverse("oversight:supervision-rule", args=[rule.key]))
        for rule, number in supervision.counts()
    ]
    return [*waiting_for_commission(), *(need for need in flagged if need.count)]


def _duties(kind: str) -> str:
    return f"{reverse('oversight:duties')}?kind={kind}"


def as_text(week: Week) -> list[str | Promise]:
    """The sheet as lines of a mail, each with its translation still open."""
    lines: list[str | Promise] = []
    for heading, rows in (
        (_("Fell due last week"), [(kind.label, n) for kind, n in week.fell_due.items()]),
        (_("Late"), [(kind.label, n) for kind, n in week.late.items()]),
        (_("Late with"), week.late_with),
        (_("Moved last week"), week.moved),
        (_("For the commission"), [(need.label, need.count) for need in week.needs]),
    ):
        lines.append(heading)
        lines += [format_lazy(_("- {what}: {count}"), what=what, count=n) for what, n in rows]
        lines.append("")
    return lines
