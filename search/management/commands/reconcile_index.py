import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search.client import SearchUnavailable
from search.documents import registered_documents
from search.services import reconcile_index


class Command(BaseCommand):
    help = "Compare the search indexes with the database and repair them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        try:
            drifts = [reconcile_index(document) for document in registered_documents()]
        except SearchUnavailable as error:
            raise CommandError(f"The search engine does not answer: {error}") from error
        report = {
            drift.kind: {
                "missing": len(drift.missing),
                "stale": len(drift.stale),
                "left_over": len(drift.left_over),
            }
            for drift in drifts
        }
        if options["json"]:
            self.stdout.write(json.dumps(report))
            return
        for kind, counts in report.items():
            found = ", ".join(f"{count} {what.replace('_', ' ')}" for what, count in counts.items())
            self.stdout.write(f"{kind}: {found}")
