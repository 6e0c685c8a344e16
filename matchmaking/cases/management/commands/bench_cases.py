import json
import sys
import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from matchmaking.cases.bench.city import make_cases, make_organizations
from matchmaking.cases.bench.crowd import measure_crowd
from matchmaking.cases.bench.measures import (
    Rate,
    measure_appends,
    measure_dry_run,
    measure_verification,
)
from matchmaking.cases.models import CaseEvent, ConversionCase

CONNECTIONS = 32
IMPORTED = 38_000


class Command(BaseCommand):
    """Fill an empty database with generated cases and measure the ledger; exit 1 below a limit."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--cases", type=int, default=100_000)
        parser.add_argument("--writers", type=int, default=8)
        parser.add_argument("--seconds", type=float, default=20)
        parser.add_argument("--actors", type=int, default=200)
        parser.add_argument("--crowd-seconds", type=float, default=120)
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--output", type=Path, help="add the figures to this JSON file")

    def handle(self, *, cases, writers, seconds, actors, crowd_seconds, output, **options):
        if ConversionCase.objects.exists():
            raise CommandError("The database holds cases already; this needs an empty one.")
        institutes, companies, owners = make_organizations()
        started = time.perf_counter()
        make_cases(cases, institutes, companies)
        written = Rate(CaseEvent.objects.count(), time.perf_counter() - started, 0)
        connection.cursor().execute("ANALYZE")
        figures = {
            "ledger_bulk": written,
            "ledger_appends": measure_appends(
                writers=writers, seconds=seconds, owners=owners, companies=companies
            ),
            "ledger_verify": measure_verification(),
        }
        dry_run = measure_dry_run(IMPORTED, institutes, companies)
        crowd = measure_crowd(
            actors=actors,
            threads=CONNECTIONS,
            seconds=crowd_seconds,
            owners=owners,
            companies=companies,
        )
        report = {name: rate.as_dict() for name, rate in figures.items()}
        report["import_dry_run"] = dry_run.as_dict() | {"rows": IMPORTED}
        report["ledger_crowd"] = crowd.as_dict()
        context = {"cases": cases, "database": connection.vendor}
        if output:
            known = json.loads(output.read_text()) if output.exists() else {}
            known["ledger"] = {**context, **report}
            output.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n")
        if options["json"]:
            self.stdout.write(json.dumps({**context, **report}))
        else:
            for name, rate in figures.items():
                self.stdout.write(f"{name}: {rate.value:,.0f} per second of {rate.count:,}")
            self.stdout.write(f"import_dry_run: {report['import_dry_run']}")
            self.stdout.write(f"ledger_crowd: {report['ledger_crowd']}")
        if not all(figure["is_met"] for figure in report.values()):
            sys.exit(1)
