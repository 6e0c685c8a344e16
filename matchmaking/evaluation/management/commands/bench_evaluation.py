import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand

from matchmaking.evaluation.bench import INDICATORS, OBJECTS, measure

NAME = "entropy_topsis"


class Command(BaseCommand):
    help = "Measure entropy weights and TOPSIS over many objects; exit 1 over the limit."

    def add_arguments(self, parser):
        parser.add_argument("--objects", type=int, default=OBJECTS)
        parser.add_argument("--indicators", type=int, default=INDICATORS)
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--output", type=Path, help="add the figure to this JSON file")

    def handle(self, *, objects, indicators, output, **options):
        figure = measure(objects, indicators)
        if output:
            known = json.loads(output.read_text()) if output.exists() else {}
            known.setdefault("figures", {})[NAME] = figure
            output.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n")
        if options["json"]:
            self.stdout.write(json.dumps({NAME: figure}))
        else:
            verdict = "ok" if figure["is_met"] else "OVER THE LIMIT"
            limit = f"{figure['unit']} (at most {figure['at_most']})"
            self.stdout.write(f"{NAME}: {figure['value']} {limit} {verdict}")
        if not figure["is_met"]:
            sys.exit(1)
