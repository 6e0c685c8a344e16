from dataclasses import dataclass, field

from search.client import SearchRequest, execute, get_client, guarded
from search.documents import BaseDocument, as_revision

from .rebuild import ensure_index
from .sync import BATCH, sync_documents

PAGE = 2_000


@dataclass(frozen=True)
class Drift:
    """How an index differs from the database; ids as text."""

    kind: str
    rows: int
    documents: int
    missing: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    left_over: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not (self.missing or self.stale or self.left_over)

    @property
    def pks(self) -> list[str]:
        return [*self.missing, *self.stale, *self.left_over]


def check_index(document: type[BaseDocument]) -> Drift:
    """Compare ids and revisions of index and database. Raises ``SearchUnavailable``."""
    ensure_index(document)
    with guarded():
        get_client().indices.refresh(index=document.alias())
    indexed = _indexed_revisions(document)
    rows = document.queryset().order_by().prefetch_related(None).select_related(None)
    rows = rows.values_list("pk", document.revision_field)
    stored = {str(pk): as_revision(moment) for pk, moment in rows.iterator()}
    return Drift(
        kind=document.kind,
        rows=len(stored),
        documents=len(indexed),
        missing=sorted(stored.keys() - indexed.keys()),
        stale=sorted(pk for pk in stored.keys() & indexed.keys() if stored[pk] != indexed[pk]),
        left_over=sorted(indexed.keys() - stored.keys()),
    )


def reconcile_index(document: type[BaseDocument]) -> Drift:
    """Repair what ``check_index`` finds; returns what it found. Raises ``SearchUnavailable``."""
    drift = check_index(document)
    for start in range(0, len(drift.pks), BATCH):
        sync_documents(kind=document.kind, pks=drift.pks[start : start + BATCH])
    return drift


def _indexed_revisions(document: type[BaseDocument]) -> dict[str, int]:
    found: dict[str, int] = {}
    body: dict = {
        "size": PAGE,
        "sort": [{"sort_id": "asc"}],
        "_source": ["revision"],
        "track_total_hits": False,
    }
    while True:
        hits = execute(SearchRequest(document.alias(), body)).hits
        found |= {hit.pk: hit.source.get("revision", -1) for hit in hits}
        if len(hits) < PAGE:
            return found
        body["search_after"] = list(hits[-1].sort)
