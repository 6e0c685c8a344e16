"""The public counters: sums for everybody, and the same sums from the ledger to check them by."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import TruncMonth

from matchmaking.cases.enums import EventKind
from matchmaking.cases.ledger import standing_entries
from matchmaking.cases.models import CaseEvent, Contract, Payment

from .models import CounterSnapshot
from .queries import UNKNOWN
from .suppression import Cell, close_batches, merge_small

MONEY_EVENTS = [
    EventKind.CONTRACT_SIGNED,
    EventKind.CONTRACT_AMENDED,
    EventKind.PAYMENT_RECEIVED,
    EventKind.CORRECTED,
]


@dataclass(frozen=True)
class Totals:
    """Contracts signed, their amounts and the money received up to a day, in yuan."""

    cases: int
    amount: Decimal
    received: Decimal

    def as_json(self) -> dict[str, Any]:
        return {
            "cases": self.cases,
            "amount": f"{self.amount:.2f}",
            "received": f"{self.received:.2f}",
        }


def batches(today: date) -> list[Cell]:
    """The safe batches of the months before the running one, by contracts and payments."""
    before = today.replace(day=1)
    contracts: QuerySet = Contract.objects.filter(signed_on__lt=before).values(
        month=TruncMonth("signed_on"),
        sold_by=F("seller__organization"),
        bought_by=F("buyer__organization"),
    )
    payments: QuerySet = Payment.objects.filter(received_on__lt=before).values(
        month=TruncMonth("received_on"),
        sold_by=F("case__contracts__seller__organization"),
        bought_by=F("case__contracts__buyer__organization"),
    )
    found: dict[date, Cell] = {}
    for line in contracts.annotate(count=Count("pk"), sum=Sum("total_amount")).order_by("month"):
        cell = _join(found, line["month"], line)
        cell.count += line["count"]
        cell.amount += line["sum"]
    for line in payments.annotate(sum=Sum("amount")).order_by("month"):
        _join(found, line["month"], line).received += line["sum"]
    return close_batches(found[month] for month in sorted(found))


def _join(cells: dict[Any, Cell], key: Any, line: Mapping[str, Any]) -> Cell:
    """The cell of a key, the line's sides among those behind it; a mere name is none of them."""
    cell = cells.setdefault(key, Cell(key))
    cell.sellers |= {line["sold_by"]} - {None}
    cell.buyers |= {line["bought_by"]} - {None}
    return cell


def end_of_month(month: date) -> date:
    return month + relativedelta(months=1, days=-1)


def totals_of(closed: list[Cell]) -> Totals:
    return Totals(
        sum(cell.count for cell in closed),
        sum((cell.amount for cell in closed), Decimal(0)),
        sum((cell.received for cell in closed), Decimal(0)),
    )


def figures(today: date) -> tuple[date | None, dict[str, Any]]:
    """Up to which day the counters reach, and what they show."""
    closed = batches(today)
    until = end_of_month(closed[-1].key) if closed else None
    years = [
        {"year": year, "until": end_of_month(cells[-1].key).isoformat()}
        | totals_of(cells).as_json()
        for year, cells in _by_year(closed)
    ]
    return until, {"total": totals_of(closed).as_json(), "years": years, **_tables(closed, today)}


def _by_year(closed: list[Cell]) -> Iterator[tuple[int, list[Cell]]]:
    for year, cells in groupby(closed, key=lambda cell: cell.key.year):
        yield year, list(cells)


def _tables(closed: list[Cell], today: date) -> dict[str, Any]:
    """Contracts by industry and by the buyer's district, for each span that ended with a past year.

    A span's table is cut once its year is over and never again; each table's rows add up to the
    span's contracts.
    """
    tables: dict[str, Any] = {"industries": [], "districts": []}
    start: date | None = None
    for year, cells in _by_year(closed):
        end = end_of_month(cells[-1].key)
        if year < today.year:
            rows = Contract.objects.filter(signed_on__lte=end)
            rows = rows.filter(signed_on__gt=start) if start else rows
            for name, cut in (
                ("industries", F("case__industry")),
                ("districts", F("buyer__organization__district__code")),
            ):
                for cell in merge_small(_cells(rows, cut)):
                    tables[name].append(
                        {
                            "year": year,
                            "key": cell.key,
                            "cases": cell.count,
                            "amount": f"{cell.amount:.2f}",
                        }
                    )
        start = end
    return tables


def _cells(rows: QuerySet, cut: Any) -> list[Cell]:
    lines: QuerySet = rows.annotate(cut=cut).values(
        "cut", sold_by=F("seller__organization"), bought_by=F("buyer__organization")
    )
    found: dict[str, Cell] = {}
    for line in lines.annotate(count=Count("pk"), sum=Sum("total_amount")).order_by("cut"):
        cell = _join(found, line["cut"] or UNKNOWN, line)
        cell.count += line["count"]
        cell.amount += line["sum"]
    return list(found.values())


def totals_of_ledger(until: date | None) -> Totals:
    """The same sums from the cases' entries alone, corrections applied."""
    if until is None:
        return Totals(0, Decimal(0), Decimal(0))
    cases, amount, received = 0, Decimal(0), Decimal(0)
    events = CaseEvent.objects.filter(kind__in=MONEY_EVENTS).order_by("case", "sequence")
    for _case, entries in groupby(events.iterator(chunk_size=2000), key=attrgetter("case_id")):
        signed: Decimal | None = None
        for entry in standing_entries(entries):
            if entry.kind == EventKind.PAYMENT_RECEIVED:
                received += Decimal(entry.payload["amount"]) if entry.on <= until else 0
            elif entry.kind == EventKind.CONTRACT_SIGNED and entry.on <= until:
                cases, signed = cases + 1, Decimal(entry.payload["contract_total"])
            elif entry.kind == EventKind.CONTRACT_AMENDED and signed is not None:
                signed = Decimal(entry.payload["contract_total"])
        amount += signed or 0
    return Totals(cases, amount, received)


def latest_snapshot() -> CounterSnapshot | None:
    return CounterSnapshot.objects.order_by("-day").first()


def differences() -> list[str]:
    """Where the published counters and the ledger disagree, a line each; none without snapshot."""
    snapshot = latest_snapshot()
    if snapshot is None:
        return []
    published = snapshot.figures["total"]
    ledger = totals_of_ledger(snapshot.until).as_json()
    return [
        f"{name}: {published[name]} published on {snapshot.day}, {ledger[name]} in the ledger"
        for name in ledger
        if published[name] != ledger[name]
    ]
