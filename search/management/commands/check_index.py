import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search.client import SearchUnavailable
from search.documents import registered_documents
from search.services import check_index, is_rebuild_due


class Command(BaseCommand):
    help = "Say how the search indexes differ from the database; exit status 1 when they do."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        try:
            documents = registered_documents()
            drifts = {document.kind: check_index(document) for document in documents}
            due = [document.kind for document in documents if is_rebuild_due(document)]
        except SearchUnavailable as error:
            raise CommandError(f"The search engine does not answer: {error}") from error
        if options["json"]:
            kinds = {kind: asdict(drift) for kind, drift in drifts.items()}
            self.stdout.write(json.dumps({"kinds": kinds, "rebuild_due": due}))
        else:
            for drift in drifts.values():
                self.stdout.write(
                    f"{drift.kind}: {drift.rows} rows, {drift.documents} documents, "
                    f"{len(drift.missing)} missing, {len(drift.stale)} stale, "
                    f"{len(drift.left_over)} left over"
                )
            for kind in due:
                self.stdout.write(f"{kind}: a rebuild is due")
        if not all(drift.is_clean for drift in drifts.values()):
            sys.exit(1)
