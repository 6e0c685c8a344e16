"""Two hundred people at once on the same cases, over no more connections than a server has."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import cycle, islice
from queue import Queue
from threading import Lock

from django.db import DatabaseError, connections
from django.db.models import Count, F, Max
from django.utils import timezone

from matchmaking.cases import services
from matchmaking.cases.bench.measures import open_shared_case
from matchmaking.cases.enums import EventKind, Track, TrackState
from matchmaking.cases.models import CaseEvent, ConversionCase
from matchmaking.cases.verification import find_first_fault
from portal.accounts.models import Organization, User

SHARED_CASES = 20


@dataclass
class Tally:
    """What the crowd was told: steps that stand, steps that came too late, and failures.

    ``lost`` and ``double`` are the differences to what the ledger holds afterwards.
    """

    actors: int
    threads: int
    seconds: float
    written: Counter = field(default_factory=Counter)
    too_late: int = 0
    failures: list[str] = field(default_factory=list)
    lost: int = 0
    double: int = 0
    fault: str = ""

    @property
    def is_met(self) -> bool:
        return not (self.failures or self.lost or self.double or self.fault)

    def as_dict(self) -> dict:
        return {
            "actors": self.actors,
            "connections": self.threads,
            "seconds": round(self.seconds, 1),
            "written": self.written.total(),
            "too_late": self.too_late,
            "failures": len(self.failures),
            "lost": self.lost,
            "double": self.double,
            "is_met": self.is_met,
        }


def measure_crowd(
    *,
    actors: int,
    threads: int,
    seconds: float,
    owners: list[User],
    companies: list[Organization],
) -> Tally:
    """Let ``actors`` take turns on shared cases, each thread over a connection of its own.

    An actor reads a case, then writes to the version that was read, as a form does; every step
    told to stand is counted against the ledger afterwards.
    """
    acting = owners[:SHARED_CASES]
    cases = [open_shared_case(owner, companies[place]) for place, owner in enumerate(acting)]
    turns: Queue[tuple[int, int]] = Queue()
    for case, owner in islice(cycle(zip(cases, acting, strict=True)), actors):
        turns.put((case.pk, owner.pk))
    tally, lock = Tally(actors, threads, seconds), Lock()
    ends = time.perf_counter() + seconds
    with ThreadPoolExecutor(threads) as pool:
        working = [pool.submit(_take_turns, turns, ends, tally, lock) for _ in range(threads)]
    for worker in working:
        worker.result()
    _compare(cases, tally)
    return tally


def _take_turns(turns: Queue, ends: float, tally: Tally, lock: Lock) -> None:
    while time.perf_counter() < ends:
        case_pk, owner_pk = turns.get()
        try:
            stands = _take_step(case_pk, owner_pk)
        except DatabaseError as error:
            with lock:
                tally.failures.append(str(error))
        else:
            with lock:
                tally.written[case_pk] += stands
                tally.too_late += not stands
        turns.put((case_pk, owner_pk))
    connections.close_all()


def _take_step(case_pk: int, owner_pk: int) -> bool:
    case = ConversionCase.objects.get(pk=case_pk)
    is_open = case.state.track(Track.DISPUTE) == TrackState.OPEN
    kind = EventKind.DISPUTE_SETTLED if is_open else EventKind.DISPUTE_OPENED
    try:
        services.make_move(
            actor=User.objects.get(pk=owner_pk),
            case=case,
            kind=kind,
            occurred_on=timezone.localdate(),
            version=case.version,
        )
    except services.UnableToMoveCase:
        return False
    return True


def _compare(cases: list[ConversionCase], tally: Tally) -> None:
    pks = [case.pk for case in cases]
    rows = CaseEvent.objects.filter(case__in=pks).values("case")
    for row in rows.annotate(rows=Count("pk"), last=Max("sequence")):
        told = tally.written[row["case"]] + 1
        tally.lost += max(told - row["rows"], 0)
        tally.double += max(row["rows"] - told, 0)
    stored = ConversionCase.objects.filter(pk__in=pks).annotate(last=Max("events__sequence"))
    tally.lost += stored.exclude(version=F("last")).count()
    tally.fault = find_first_fault() or ""
