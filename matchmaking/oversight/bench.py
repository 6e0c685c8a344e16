"""Readers of the commission's pages, all at once."""

import multiprocessing
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from django.db import connections
from django.test import Client
from django.urls import reverse

from matchmaking.cases.models import ConversionCase
from portal.accounts.models import User

from .kpis import KPIS
from .supervision import RULES

AT_MOST = 1.0
PROCESSES = 2
Times = dict[str, list[float]]


def pages() -> list[tuple[str, str]]:
    """Every kind of page of the commission with an address of it, filters chosen and not.

    The case is an ordinary one, of ten entries where ``bench_cases`` made it.
    """
    institute = ConversionCase.objects.values_list("lead_owner", flat=True)[0]
    case = ConversionCase.objects.values_list("code", flat=True).order_by("pk")[0]
    kpis = [(f"kpi {key}", reverse("oversight:kpi", args=[key])) for key in KPIS]
    records = [(f"records {key}", reverse("oversight:records", args=[key])) for key in KPIS]
    chosen = f"?institute={institute}&year=2023"
    return [
        ("overview", reverse("oversight:overview")),
        ("kpis", reverse("oversight:kpis")),
        ("kpis filtered", reverse("oversight:kpis") + chosen),
        *kpis,
        *records,
        ("records filtered", reverse("oversight:records", args=["K1"]) + chosen),
        ("records of no industry", reverse("oversight:records", args=["K1"]) + "?industry=-"),
        ("duties", reverse("oversight:duties")),
        ("duties late", reverse("oversight:duties") + "?late=1"),
        ("monday", reverse("oversight:monday")),
        ("supervision", reverse("oversight:supervision")),
        *[
            (f"supervision {key}", reverse("oversight:supervision-rule", args=[key]))
            for key in RULES
        ],
        ("reports", reverse("oversight:reports")),
        ("cases", reverse("cases:list")),
        ("case", reverse("cases:case", args=[case])),
        ("workspace", reverse("workspace:home")),
    ]


def measure_pages(reader: User, *, readers: int, seconds: float) -> dict[str, dict]:
    """Let readers open page after page without a pause; return each page's times."""
    connections.close_all()
    context = multiprocessing.get_context("fork")
    queue, per_process = context.Queue(), readers // PROCESSES
    ends = time.perf_counter() + seconds
    running = [
        context.Process(
            target=_read_for,
            args=(reader.pk, range(number * per_process, (number + 1) * per_process), ends, queue),
        )
        for number in range(PROCESSES)
    ]
    for process in running:
        process.start()
    times: Times = defaultdict(list)
    for _process in running:
        for name, spent in queue.get(timeout=seconds + 120).items():
            times[name] += spent
    for process in running:
        process.join(60)
    return {name: _figure(spent) for name, spent in times.items()}


def _read_for(user_pk: int, numbers: range, ends: float, queue: multiprocessing.Queue) -> None:
    user, addresses = User.objects.get(pk=user_pk), pages()
    times: Times = defaultdict(list)

    def read(number: int) -> None:
        client = Client()
        client.force_login(user)
        start = number * len(addresses) // (len(numbers) * PROCESSES)
        turn = [*addresses[start:], *addresses[:start]]
        while time.perf_counter() < ends:
            for name, address in turn:
                started = time.perf_counter()
                status = client.get(address).status_code
                times[name].append(time.perf_counter() - started)
                if status != 200:
                    raise RuntimeError(f"{address}: {status}")
        connections.close_all()

    with ThreadPoolExecutor(len(numbers)) as pool:
        list(pool.map(read, numbers))
    queue.put(dict(times))


def _figure(times: list[float]) -> dict:
    ordered = sorted(times)
    p95 = next(islice(ordered, int(len(ordered) * 0.95), None))
    return {
        "value": round(p95, 3),
        "median": round(ordered[len(ordered) // 2], 3),
        "count": len(ordered),
        "at_most": AT_MOST,
        "is_met": p95 <= AT_MOST,
        "unit": "seconds (p95)",
    }
