import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand

from events.scheduling.bench import PEOPLE, fair_files, measure_file, measure_made_up, write_table
from events.scheduling.limits import Limits


class Command(BaseCommand):
    help = (
        "Measure schedules of a made-up fair of 1,000 people, and of every fair in a folder; "
        "exit 1 over a limit or where a schedule is not valid."
    )

    def add_arguments(self, parser):
        parser.add_argument("--seconds", type=float, default=240, help="for the made-up fair")
        parser.add_argument("--people", type=int, default=PEOPLE, help="of the made-up fair")
        parser.add_argument("--workers", type=int, default=2)
        parser.add_argument("--fairs", type=Path, metavar="DIR", help="also these files")
        parser.add_argument("--each", type=float, default=120, help="seconds for each file")
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--output", type=Path, help="add the figures to this JSON file")
        parser.add_argument("--table", type=Path, help="put the files' rows into this page")

    def handle(self, *, fairs: Path | None, output: Path | None, table: Path | None, **options):
        workers = options["workers"]
        limits = Limits(seconds=options["seconds"], workers=workers, seed=1)
        figures = measure_made_up(limits, options["people"])
        found = []
        for path in fair_files(fairs) if fairs else ():
            found.append(measure_file(path, Limits(seconds=options["each"], workers=workers)))
            self.stderr.write(found[-1].row())
        if output:
            known = json.loads(output.read_text()) if output.exists() else {}
            known.setdefault("figures", {}).update(figures)
            output.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n")
        if table and found:
            write_table(table, found)
        self.stdout.write(json.dumps(figures) if options["json"] else _as_text(figures))
        is_met = all(figure["is_met"] for figure in figures.values())
        if not is_met or not all(each.is_valid() for each in found):
            sys.exit(1)


def _as_text(figures) -> str:
    return "\n".join(
        f"{name}: {figure['value']} {figure['unit']} (at most {figure['at_most']}) "
        f"{'ok' if figure['is_met'] else 'OVER THE LIMIT'}"
        for name, figure in figures.items()
    )
