import json
import sys

from django.core.management.base import BaseCommand

from matchmaking.oversight.counters import differences, latest_snapshot


class Command(BaseCommand):
    """Compare the published counters with the sums of the cases' ledger; exit 1 on a difference."""

    help = "Compare the public counters with the ledger; exit 1 when they disagree."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args, **options):
        snapshot, found = latest_snapshot(), differences()
        if options["json"]:
            day = snapshot.day.isoformat() if snapshot else None
            self.stdout.write(json.dumps({"day": day, "differences": found}))
        else:
            for line in found or ["The counters agree with the ledger."]:
                self.stdout.write(line)
        if found:
            sys.exit(1)
