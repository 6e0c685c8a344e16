"""What the ledger does in a second."""

import multiprocessing
import time
from dataclasses import dataclass
from datetime import timedelta

from django.db import connections
from django.utils import timezone

from matchmaking.cases import services
from matchmaking.cases.enums import EventKind, PartyRole
from matchmaking.cases.models import CaseEvent, ConversionCase
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
