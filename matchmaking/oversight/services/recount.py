"""The commission's figures, counted from the ledger so that its pages need not (统计)."""

import time
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone

from matchmaking.cases.models import CaseEvent, ConversionCase
from portal.audit.models import AuditEvent

from ..duties import Calendar, Reach
from ..kpis import KPIS, Kpi, Unit
from ..models import DutyCount, FigureCell, Recount, SupervisionHit
from ..queries import sums_of
from ..supervision import RULES, usual_days

BATCH = 2_000
CHEAP_SECONDS = 1.0


def recount(*, now: datetime) -> bool:
    """Count everything anew; False where nothing was recorded since the last count of today.

    The counting goes on beside other people's work; only the result is written at once.
    """
    marks = _marks()
    last = Recount.objects.first()
    if last and _is_current(last, marks, now):
        return False
    started, today = time.perf_counter(), timezone.localdate(now)
    usual = usual_days()
    cells = [cell for kpi in KPIS.values() for cell in cells_from_records(kpi)]
    hits = {key: set(rule.hits().values_list("pk", flat=True)) for key, rule in RULES.items()}
    duties = [
        DutyCount(kind=kind, due_on=due_on, party=party, number=number)
        for kind, due_on, party, number in _everybody().by_kind_day_party()
    ]
    with transaction.atomic():
        mark, _made = Recount.objects.select_for_update().get_or_create(
            pk=1, defaults={"counted_at": now, "seconds": 0}
        )
        _replace(FigureCell, cells)
        _replace(DutyCount, duties)
        _store_hits(hits, today)
        mark.counted_at, mark.usual_days = now, usual
        mark.audit_event, mark.case_event = marks
        mark.seconds = time.perf_counter() - started
        mark.save()
    return True


def count_on_reading(*, now: datetime) -> Recount:
    """Return the last count, or a new one where that takes no longer than a page may.

    Where counting takes longer, the pages show what the regular count left, and of when.
    """
    last = Recount.objects.first()
    if last is None or last.seconds < CHEAP_SECONDS:
        recount(now=now)
    return Recount.objects.get()


def cells_from_records(kpi: Kpi) -> Iterator[FigureCell]:
    """The records of a number, added up where they share every dimension."""
    by = ["part"] if kpi.unit == Unit.DAYS else []
    sums: dict[str, Any] = {} if by else sums_of(kpi)
    names = {f"in_{each}": each.value for each in kpi.dimensions}
    lines = kpi.rows().order_by().values(*names, *by).annotate(number=Count("pk"), **sums)
    for line in lines:
        part = line["part"] if by else line["total"]
        yield FigureCell(
            kpi=kpi.key,
            part=getattr(part, "days", part),
            whole=line.get("base") or 0,
            records=line["number"],
            **{column: line[name] for name, column in names.items()},
        )


def _marks() -> tuple[int, int]:
    """The last lines of the audit log and of the ledger: whatever changes leaves a line there."""
    audit = AuditEvent.objects.aggregate(last=Max("pk"))["last"]
    case = CaseEvent.objects.aggregate(last=Max("pk"))["last"]
    return audit or 0, case or 0


def _is_current(last: Recount, marks: tuple[int, int], now: datetime) -> bool:
    is_of_today = timezone.localdate(last.counted_at) == timezone.localdate(now)
    return is_of_today and (last.audit_event, last.case_event) == marks


def _everybody() -> Calendar:
    return Calendar(Reach(ConversionCase.objects.all(), is_all=True))


def _replace(model: Any, rows: list[Any]) -> None:
    model.objects.all().delete()
    model.objects.bulk_create(rows, batch_size=BATCH)


def _store_hits(hits: dict[str, set[int]], today: date) -> None:
    """Add what is listed now and was not, drop what is no longer: the others keep their day."""
    known: dict[str, dict[int, int]] = {key: {} for key in hits}
    for pk, rule, record in SupervisionHit.objects.values_list("pk", "rule", "record"):
        known.setdefault(rule, {})[record] = pk
    gone = [
        pk
        for rule, records in known.items()
        for record, pk in records.items()
        if record not in hits.get(rule, ())
    ]
    for start in range(0, len(gone), BATCH):
        SupervisionHit.objects.filter(pk__in=gone[start : start + BATCH]).delete()
    SupervisionHit.objects.bulk_create(
        [
            SupervisionHit(rule=rule, record=record, listed_on=today)
            for rule, records in hits.items()
            for record in sorted(records - known[rule].keys())
        ],
        batch_size=BATCH,
    )
