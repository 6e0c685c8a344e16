"""What the ledger does in a second."""

import multiprocessing
import time
from dataclasses import dataclass
from datetime import timedelta

from django.db import connections
from django.utils import timezone

from achievements.imports import read_table
from achievements.imports.importers import NEW
from matchmaking.cases import services
from matchmaking.cases.enums import ConversionMode, EventKind, PartyRole
from matchmaking.cases.imports import CaseImporter
from matchmaking.cases.models import CaseEvent, ContractType, ConversionCase
from matchmaking.cases.verification import find_first_fault
from portal.accounts.models import Organization, User


@dataclass(frozen=True)
class Rate:
    """Something counted over seconds, and the least that is asked of it."""

    count: int
    seconds: float
    at_least: float

    @property
    def value(self) -> float:
        return self.count / self.seconds

    def as_dict(self) -> dict:
        return {
            "value": round(self.value, 1),
            "count": self.count,
            "at_least": self.at_least,
            "is_met": self.value >= self.at_least,
            "unit": "per second",
        }


def measure_verification() -> Rate:
    started = time.perf_counter()
    fault = find_first_fault()
    if fault:
        raise RuntimeError(fault)
    return Rate(CaseEvent.objects.count(), time.perf_counter() - started, 20_000)


@dataclass(frozen=True)
class Span:
    """Seconds that something takes, and the most that it may."""

    seconds: float
    at_most: float

    def as_dict(self) -> dict:
        return {
            "value": round(self.seconds, 1),
            "at_most": self.at_most,
            "is_met": self.seconds <= self.at_most,
            "unit": "seconds",
        }


def measure_dry_run(rows: int, owners: list[Organization], companies: list[Organization]) -> Span:
    """Check a table of contracts of earlier years, as ``import_cases`` does, writing nothing."""
    importer = CaseImporter()
    lines = [",".join(column.headings[0] for column in importer.columns)]
    for number in range(rows):
        owner, company = owners[number % len(owners)], companies[number % len(companies)]
        total = (number % 90 + 10) * 10_000
        day = f"2022-{number % 12 + 1:02d}"
        cells = [
            f"H{number}",
            f"历史项目{number}",
            owner.credit_code,
            company.credit_code,
            ConversionMode.LICENCE.label,
            ContractType.LICENCE_PATENT.label,
            *(f"{day}-01", f"{day}-06", ""),
            *(total, total * 9 // 10, f"2022330{number:09d}"),
            *(f"{day}-09", total // 2, f"{day}-20", f"{day}-27"),
        ]
        lines.append(",".join(map(str, cells)))
    content = "\n".join(lines).encode()
    started = time.perf_counter()
    report = importer.check(read_table(content, "contracts.csv", maximum_rows=rows), None)
    seconds = time.perf_counter() - started
    if report.refused or report.count(NEW) != rows:
        raise RuntimeError(report.refused[0].errors if report.refused else report)
    return Span(seconds, 60)


def measure_appends(
    *, writers: int, seconds: float, owners: list[User], companies: list[Organization]
) -> Rate:
    """Let writers append to cases of their own at once; every event counts that is in the chain."""
    cases = [
        open_shared_case(owner, companies[place]) for place, owner in enumerate(owners[:writers])
    ]
    before = CaseEvent.objects.count()
    connections.close_all()
    context = multiprocessing.get_context("fork")
    running = [
        context.Process(target=_append_for, args=(owner.pk, case.pk, seconds))
        for owner, case in zip(owners[:writers], cases, strict=True)
    ]
    started = time.perf_counter()
    for process in running:
        process.start()
    for process in running:
        process.join(seconds + 60)
    spent = time.perf_counter() - started
    return Rate(CaseEvent.objects.count() - before, spent, 300)


def open_shared_case(owner: User, company: Organization) -> ConversionCase:
    [organization] = [membership.organization for membership in owner.active_memberships]
    return services.open_case(
        actor=owner,
        title="连续登记",
        parties=[
            services.PartyEntry(PartyRole.OWNER, organization),
            services.PartyEntry(PartyRole.TAKER, company),
        ],
        opened_on=timezone.localdate() - timedelta(days=30),
    )


def _append_for(owner_pk: int, case_pk: int, seconds: float) -> None:
    owner = User.objects.get(pk=owner_pk)
    case = ConversionCase.objects.get(pk=case_pk)
    kinds = (EventKind.DISPUTE_OPENED, EventKind.DISPUTE_SETTLED)
    ends, number = time.perf_counter() + seconds, 0
    while time.perf_counter() < ends:
        services.make_move(
            actor=owner, case=case, kind=kinds[number % 2], occurred_on=timezone.localdate()
        )
        number += 1
    connections.close_all()
