import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search.client import SearchUnavailable
from search.documents import BaseDocument, registered_documents
from search.services import UnableToRebuild, is_rebuild_due, rebuild_index


class Command(BaseCommand):
    help = "Build the search indexes anew, beside the live ones."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kinds", nargs="*")
        parser.add_argument("--if-due", action="store_true", help="only those that need it")
        parser.add_argument("--json", action="store_true")

    def handle(
        self, *, kinds: list[str], if_due: bool, json: bool, verbosity: int, **options: Any
    ) -> None:
        counts = {}
        try:
            for document in _chosen(kinds):
                if not if_due or is_rebuild_due(document):
                    counts[document.kind] = rebuild_index(document)
        except SearchUnavailable as error:
            raise CommandError(f"The search engine does not answer: {error}") from error
        except UnableToRebuild as error:
            raise CommandError(f"{error}; wait for it or try again in ten minutes") from error
        self.stdout.write(_as_text(counts, as_json=json))


def _chosen(kinds: list[str]) -> list[type[BaseDocument]]:
    documents = {document.kind: document for document in registered_documents()}
    if unknown := set(kinds) - documents.keys():
        raise CommandError(f"Unknown kind {min(unknown)}; there are: {', '.join(documents)}")
    return [documents[kind] for kind in kinds] if kinds else list(documents.values())


def _as_text(counts: dict, *, as_json: bool) -> str:
    if as_json:
        return json.dumps(counts)
    return "\n".join(f"{kind}: {count} documents" for kind, count in counts.items())
