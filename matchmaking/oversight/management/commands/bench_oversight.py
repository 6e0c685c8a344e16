import json
import sys
import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from matchmaking.cases.models import ConversionCase
from matchmaking.oversight.bench import measure_pages
from matchmaking.oversight.services import recount
from portal.accounts.enums import PortalRole
from portal.accounts.models import RoleGrant, User


class Command(BaseCommand):
    """Open the commission's pages with many readers at once, over what bench_cases left.

    Exit 1 when a page's 95th percentile is over a second.
    """

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--readers", type=int, default=10)
        parser.add_argument("--seconds", type=float, default=60)
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--output", type=Path, help="add the figures to this JSON file")

    def handle(self, *, readers, seconds, output, **options):
        if not ConversionCase.objects.exists():
            raise CommandError("There are no cases; bench_cases makes them.")
        connection.cursor().execute("ANALYZE")
        started = time.perf_counter()
        recount(now=timezone.now())
        counting = round(time.perf_counter() - started, 1)
        reader = User.objects.create(email="reader@bench.example")
        RoleGrant.objects.create(user=reader, role=PortalRole.AUDITOR)
        figures = measure_pages(reader, readers=readers, seconds=seconds)
        report = {"readers": readers, "recount_seconds": counting, "pages": figures}
        if output:
            known = json.loads(output.read_text()) if output.exists() else {}
            known["commission_pages"] = report
            output.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n")
        if options["json"]:
            self.stdout.write(json.dumps(report))
        else:
            self.stdout.write(f"recount: {counting} s")
            for name, figure in figures.items():
                verdict = "ok" if figure["is_met"] else "OVER THE LIMIT"
                self.stdout.write(
                    f"{name}: {figure['value']} s (median {figure['median']}) "
                    f"of {figure['count']} {verdict}"
                )
        if not all(figure["is_met"] for figure in figures.values()):
            sys.exit(1)
