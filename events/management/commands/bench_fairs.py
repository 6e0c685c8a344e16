import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from events.fairs.models import Fair
from events.meetings.bench.crowd import (
    AT_MOST,
    count_double,
    count_lost,
    count_overfull,
    percentile_95,
    run_crowd,
)
from events.meetings.bench.market import make_people, open_fair
from events.timetable.bench import make_feeds, measure_feeds

CONNECTIONS = 16


class Command(BaseCommand):
    help = (
        "Fill an empty database with a fair, let hundreds of people register, ask, answer and book "
        "at once, and fetch thousands of calendars; exit 1 over a limit."
    )

    def add_arguments(self, parser):
        parser.add_argument("--actors", type=int, default=500)
        parser.add_argument("--connections", type=int, default=CONNECTIONS)
        parser.add_argument("--seconds", type=float, default=120)
        parser.add_argument("--feeds", type=int, default=10_000)
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--output", type=Path, help="add the figures to this JSON file")

    def handle(self, *, actors, seconds, feeds, output, **options):
        if Fair.objects.exists():
            raise CommandError("The database holds fairs already; this needs an empty one.")
        fair, processes = open_fair(actors), options["connections"]
        tally = run_crowd(fair, make_people(actors), processes=processes, seconds=seconds)
        for failure in sorted(set(tally.failures))[:20]:
            self.stderr.write(failure)
        crowd = {"actors": actors, "connections": processes, "seconds": seconds}
        crowd |= _crowd(fair, tally, seconds)
        self.stderr.write(json.dumps(crowd))
        made = make_feeds(fair, feeds)
        connection.cursor().execute("ANALYZE")
        burst = measure_feeds(made)
        report = {"database": connection.vendor, "crowd": crowd, "feeds": burst}
        if output:
            known = json.loads(output.read_text()) if output.exists() else {}
            known["fairs"] = report
            output.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n")
        self.stdout.write(json.dumps(report, indent=None if options["json"] else 1))
        if not (crowd["is_met"] and burst["is_met"]):
            sys.exit(1)


def _crowd(fair, tally, seconds) -> dict:
    p95 = {
        name: {
            "value": round(percentile_95(times), 3),
            "count": len(times),
            "at_most": AT_MOST,
            "is_met": percentile_95(times) <= AT_MOST,
            "unit": "seconds (p95)",
        }
        for name, times in sorted(tally.times.items())
    }
    faults = {
        "double": count_double(fair),
        "overfull": count_overfull(fair),
        "lost": count_lost(fair, tally),
        "failures": len(tally.failures),
    }
    acts = sum(len(times) for times in tally.times.values())
    return {
        **faults,
        "acts": acts,
        "acts_per_second": round(acts / seconds, 1),
        "refused": tally.refused,
        "requests": len(tally.requests),
        "registered": len(tally.registrations),
        "p95": p95,
        "is_met": not any(faults.values()) and all(each["is_met"] for each in p95.values()),
    }
