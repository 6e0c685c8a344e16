"""K12 and K13: what fairs yield, among the commission's numbers."""

from django.db.models import F, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.fairs.models import Fair
from events.fairs.services.planning import OFFERING
from events.meetings.models import Meeting, Seat
from matchmaking.oversight.kpis import Unit, kpi
from matchmaking.oversight.kpis.dimensions import cut, flag
from matchmaking.oversight.records import FETCHED, describe

from .queries import contracted, held_meetings, with_agreement

OF_FAIR = _("year of the fair")


@kpi(
    "K12",
    _("Event yield"),
    formula=_(
        "Held meetings from which an agreement came within 180 days after the fair (a contract "
        "signed in the ledger, or said so by a side when asked half a year later) ÷ held meetings "
        "of fairs that are at least 180 days old."
    ),
    unit=Unit.RATIO,
    period=OF_FAIR,
    source=_("meetings of the fairs, feedback of their people, conversion cases"),
)
def event_yield() -> QuerySet:
    rows = with_agreement(held_meetings()).filter(in_time__lt=timezone.localdate())
    rows = rows.select_related("fair__page", "request__about").annotate(
        held_on=TruncDate(Coalesce("starts_at", "fair__page__starts_at"))
    )
    found = cut(rows, day="held_on", district=F("fair__page__district__code"))
    return found.annotate(part=flag(Q(is_agreed=True)), whole=Value(1))


@kpi(
    "K13",
    _("Contract amount per fair"),
    formula=_(
        "Contracts signed within twelve months after a fair, in cases that began at its meetings "
        "÷ fairs with held meetings; fairs of the last twelve months count with what there is."
    ),
    unit=Unit.MEAN,
    period=OF_FAIR,
    source=_("meetings of the fairs and the conversion cases that began there"),
)
def amount_per_fair() -> QuerySet:
    fairs = Fair.objects.filter(pk__in=held_meetings().values("fair"))
    rows = contracted(fairs).select_related("page")
    rows = rows.annotate(ended_on=TruncDate("page__ends_at"))
    found = cut(rows, day="ended_on", district=F("page__district__code"))
    return found.annotate(part=F("amount"), whole=Value(1))


FETCHED[Meeting] = Prefetch(
    "seats", Seat.objects.select_related("registration__organization").order_by("pk")
)


@describe.register
def _describe_meeting(row: Meeting) -> dict[str, str]:
    """By the organizations that met: the people's names are no matter of a figure."""
    people = [seat.registration for seat in row.seats.all()]
    offering = [each.organization_label for each in people if each.role in OFFERING]
    others = [each.organization_label for each in people if each.role not in OFFERING]
    about = row.request.about if row.request else None
    return {
        "code": row.fair.code,
        "title": about.title if about else row.fair.label,
        "url": f"{_outcomes_url(row.fair)}?meeting={row.pk}",
        "owner": "、".join(offering),
        "taker": "、".join(others),
    }


@describe.register
def _describe_fair(row: Fair) -> dict[str, str]:
    return {
        "code": row.code,
        "title": row.label,
        "url": _outcomes_url(row),
    }


def _outcomes_url(fair: Fair) -> str:
    return reverse("aftermath:outcomes", args=[fair.code])
