import json
import platform
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from search.bench.listings import Generator
from search.bench.measures import (
    Figure,
    measure_elasticsearch,
    measure_embedded,
    measure_large_match,
)
from search.lexicon import shipped_lexicon


class Command(BaseCommand):
    help = "Measure what the portal's search door costs over the bare engine; exit 1 over a limit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--listings", type=int, default=100_000)
        parser.add_argument("--titles", type=int, default=1_000_000, help="0 leaves this out")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--elasticsearch", action="store_true", help="that engine alone")
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--output", type=Path, help="add the figures to this JSON file")

    def handle(self, **options: Any) -> None:
        generator = Generator(options["seed"])
        with shipped_lexicon():
            listings = list(generator.listings(options["listings"]))
            if options["elasticsearch"]:
                figures = measure_elasticsearch(generator, listings, settings.SEARCH["HOSTS"])
            else:
                figures = measure_embedded(generator, listings)
                if options["titles"]:
                    figures |= measure_large_match(generator, options["titles"])
        self._report(figures, options)
        if not all(figure.is_met for figure in figures.values()):
            sys.exit(1)

    def _report(self, figures: dict[str, Figure], options: dict[str, Any]) -> None:
        report = {name: figure.as_dict() for name, figure in figures.items()}
        context = {"listings": options["listings"], "python": platform.python_version()}
        if output := options["output"]:
            known = json.loads(output.read_text()) if output.exists() else {}
            merged = {**known, **context, "figures": {**known.get("figures", {}), **report}}
            output.write_text(json.dumps(merged, indent=1, sort_keys=True) + "\n")
        if options["json"]:
            self.stdout.write(json.dumps({**context, "figures": report}))
            return
        for name, figure in report.items():
            verdict = "ok" if figure["is_met"] else "OVER THE LIMIT"
            limit = f"{figure['unit']} (at most {figure['at_most']})"
            self.stdout.write(f"{name}: {figure['value']} {limit} {verdict}")
