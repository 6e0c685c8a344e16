import logging
from collections.abc import Iterable, Sequence

from django.db import models, transaction

from search.client import get_client, guarded
from search.documents import BaseDocument, documents_of, get_document, next_version
from search.models import IndexBuild

logger = logging.getLogger(__name__)
BATCH = 500


def schedule_sync(instance: models.Model) -> None:
    """Bring one row's documents up to date after the commit. Never fails the caller's write."""
    schedule_sync_many(type(instance), [instance.pk])


def schedule_sync_many(model: type[models.Model], pks: Iterable) -> None:
    """The same for many rows of one model: one task per batch of ids."""
    wanted = [pk for pk in pks if pk is not None]
    for document in documents_of(model):
        for start in range(0, len(wanted), BATCH):
            _send_after_commit(document.kind, wanted[start : start + BATCH])


def _send_after_commit(kind: str, pks: list) -> None:
    transaction.on_commit(lambda: _send(kind, pks), robust=True)


def _send(kind: str, pks: list) -> None:
    from search.tasks import task_sync_documents

    task_sync_documents.delay(kind=kind, pks=pks)


def sync_documents(*, kind: str, pks: Sequence) -> int:
    """Index what ``queryset()`` holds of these rows, delete the rest; stale writes lose.

    Returns how many rows were written. Raises ``SearchUnavailable``.
    """
    from .rebuild import ensure_index

    document = get_document(kind)
    ensure_index(document)
    targets = [document.alias()]
    building = IndexBuild.objects.filter(kind=kind).values_list("building_index", flat=True).first()
    if building:
        targets.append(building)
    operations = operations_for(document, pks)
    for target in targets:
        write_operations(target, operations)
    return len(pks)


def operations_for(document: type[BaseDocument], pks: Sequence) -> list[tuple[dict, dict | None]]:
    """Action and body for each id, all with one version taken before the rows are read."""
    version = next_version()
    found = document.queryset().filter(pk__in=pks)
    rows = {str(row.pk): row for row in document.open_rows(found)}
    operations: list[tuple[dict, dict | None]] = []
    for pk in pks:
        meta = {"_id": str(pk), "version": version, "version_type": "external"}
        row = rows.get(str(pk))
        if row is None:
            operations.append(({"delete": meta}, None))
        else:
            operations.append(({"index": meta}, document.to_body(row)))
    return operations


def write_operations(index: str, operations: list[tuple[dict, dict | None]]) -> None:
    """Send one bulk request; a version conflict means that a newer write came first."""
    if not operations:
        return
    lines: list[dict] = []
    for action, body in operations:
        lines.append(action)
        if body is not None:
            lines.append(body)
    with guarded():
        answer = get_client().bulk(index=index, operations=lines)
    if answer["errors"]:
        for item in answer["items"]:
            ((_, result),) = item.items()
            if "error" in result and result["status"] != 409:
                logger.error("%s/%s not indexed: %s", index, result["_id"], result["error"])
