import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from achievements.imports import UnableToRead, read_table
from achievements.imports.importers import NEW, UNCHANGED, UnableToImport
from matchmaking.cases.imports import CaseImporter

SHOWN_ROWS = 50
MAXIMUM_ROWS = 100_000


class Command(BaseCommand):
    """Check a CSV or XLSX table of cases of earlier years; write it, all or nothing, with --commit.

    Known source ids are left alone, so that a table may be imported again.
    """

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--commit", action="store_true", help="write; without it a dry run")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *, file, commit, json: bool, **options):
        importer = CaseImporter()
        try:
            table = read_table(file.read_bytes(), file.name, maximum_rows=MAXIMUM_ROWS)
            report = importer.check(table, None)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from None
        except UnableToRead as error:
            raise CommandError(f"{file}: {error}") from None
        self._print(report, as_json=json)
        if report.refused:
            raise CommandError(f"{len(report.refused)} rows are wrong; nothing was written.")
        if commit:
            try:
                importer.write_cases(report, progress=self._progress)
            except UnableToImport as error:
                raise CommandError(str(error)) from None
            self.stdout.write("Written.")
        elif not json:
            self.stdout.write("A dry run: nothing was written. Add --commit to write.")

    def _print(self, report, *, as_json: bool) -> None:
        counts = {name: report.count(name) for name in (NEW, UNCHANGED)}
        if as_json:
            errors = {row.number: row.errors for row in report.refused}
            answer = {**counts, "ignored_headings": report.ignored_headings, "errors": errors}
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1))
            return
        for row in report.refused[:SHOWN_ROWS]:
            for heading, message in row.errors.items():
                self.stdout.write(f"row {row.number}, {heading}: {message}")
        if len(report.refused) > SHOWN_ROWS:
            self.stdout.write(f"… and {len(report.refused) - SHOWN_ROWS} more rows")
        if report.ignored_headings:
            self.stdout.write(f"ignored columns: {', '.join(report.ignored_headings)}")
        self.stdout.write(", ".join(f"{count} {name}" for name, count in counts.items()))

    def _progress(self, done: int, total: int) -> None:
        self.stderr.write(f"\r{done} of {total}", ending="" if done < total else "\n")
