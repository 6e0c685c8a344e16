import logging
import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.services import record
from portal.jobs.models import Job
from portal.jobs.services import report_progress, start_job
from search.client import SearchUnavailable, get_client, guarded
from search.documents import BaseDocument, registered_documents
from search.models import IndexBuild
from search.rules import can_tend_search

from .sync import operations_for, write_operations

logger = logging.getLogger(__name__)
BATCH = 1_000
REBUILD = "rebuild-indexes"
LOCK_EXPIRES = timedelta(minutes=10)
KEPT_INDEXES = 2
Progress = Callable[[int, int], object]
_known: set[tuple] = set()
_known_lock = threading.Lock()


class UnableToRebuild(Exception):
    """Another rebuild of the same kind is running."""


def ensure_index(document: type[BaseDocument]) -> None:
    """Make an empty index behind the alias when there is none. Raises ``SearchUnavailable``.

    Without it Elasticsearch would invent a mapping at the first write.
    """
    client = get_client()
    known = (id(client), document.alias())
    if known in _known:
        return
    with guarded():
        if not client.indices.exists(index=document.alias()):
            create_index(document, aliases={document.alias(): {}}, complete=False)
    with _known_lock:
        _known.add(known)


def forget_known_indexes() -> None:
    _known.clear()


def create_index(document: type[BaseDocument], *, aliases: dict, complete: bool) -> str:
    """Make an empty index with the document's mapping and return its name."""
    stamp = datetime.now(UTC).strftime("%Y%m%d%H%M%S%f")
    name = f"{document.alias()}-{stamp}"
    meta = {"schema_version": document.schema_version(), "complete": complete}
    get_client().indices.create(
        index=name,
        mappings={**document.mapping(), "_meta": meta},
        settings=_settings(filling=not aliases),
        aliases=aliases,
    )
    return name


def _settings(*, filling: bool) -> dict:
    return {
        "number_of_shards": 1,
        "number_of_replicas": 0 if filling else settings.SEARCH.get("REPLICAS", 0),
        "refresh_interval": "-1" if filling else "1s",
    }


@transaction.atomic
def start_rebuild(*, actor: User) -> Job:
    """Have the worker rebuild every index, as a job whose progress ``actor`` can watch.

    Raises PermissionDenied for those who do not keep the search.
    """
    from search.tasks import task_rebuild_indexes

    if not can_tend_search(actor):
        raise PermissionDenied
    record(actor=actor, action="search.rebuild_indexes")
    return start_job(
        kind=REBUILD,
        title=_("Rebuild of the search indexes"),
        owner=actor,
        task=task_rebuild_indexes,
    )


def _report(job: Job, before: int, total: int, done: int, _of_this_kind: int) -> None:
    report_progress(job=job, done=before + done, total=total)


def run_rebuild(job: Job) -> dict[str, int]:
    """Rebuild every index for a job; documents by kind."""
    documents = registered_documents()
    total = sum(document.queryset().count() for document in documents)
    written: dict[str, int] = {}
    for document in documents:
        report = partial(_report, job, sum(written.values()), total)
        written[document.kind] = rebuild_index(document, progress=report)
    return written


def rebuild_all() -> dict[str, int]:
    """Rebuild every index, one after the other; documents by kind."""
    return {document.kind: rebuild_index(document) for document in registered_documents()}


def rebuild_index(document: type[BaseDocument], *, progress: Progress | None = None) -> int:
    """Fill a new index beside the live one and swap the alias in one call (重建索引).

    Searches go on over the old index; a sync that runs meanwhile writes into both, and the
    external versions let the newer of two writes stand. The previous index is kept for one
    generation. Returns the number of documents. Raises ``UnableToRebuild``, ``SearchUnavailable``.
    """
    build = _take_lock(document.kind)
    try:
        with guarded():
            ensure_index(document)
            name = create_index(document, aliases={}, complete=True)
            IndexBuild.objects.filter(pk=build.pk).update(building_index=name)
            count = _fill(document, name, build, progress)
            _put_live(document, name)
            _drop_old(document, name)
        IndexBuild.objects.filter(pk=build.pk).update(finished_at=timezone.now())
    finally:
        _release_lock(build)
    return count


def _take_lock(kind: str) -> IndexBuild:
    owner, now = uuid.uuid4().hex, timezone.now()
    try:
        IndexBuild.objects.get_or_create(kind=kind)
    except IntegrityError:  # made by another process this very moment
        logger.debug("index build row of %s exists", kind)
    free = Q(owner="") | Q(beat_at__lt=now - LOCK_EXPIRES)
    taken = IndexBuild.objects.filter(free, kind=kind).update(
        owner=owner, beat_at=now, building_index=""
    )
    if not taken:
        raise UnableToRebuild(f"a rebuild of {kind} is running")
    return IndexBuild.objects.get(kind=kind, owner=owner)


def _release_lock(build: IndexBuild) -> None:
    IndexBuild.objects.filter(pk=build.pk, owner=build.owner).update(owner="", building_index="")


def _fill(
    document: type[BaseDocument], name: str, build: IndexBuild, progress: Progress | None
) -> int:
    pks = document.queryset().order_by("pk").values_list("pk", flat=True)
    total = pks.count()
    count, last = 0, None
    while True:
        rows = pks if last is None else pks.filter(pk__gt=last)
        batch = list(rows[:BATCH])
        if not batch:
            return count
        write_operations(name, operations_for(document, batch))
        count, last = count + len(batch), batch[-1]
        held = IndexBuild.objects.filter(pk=build.pk, owner=build.owner).update(
            beat_at=timezone.now()
        )
        if not held:
            raise UnableToRebuild(f"the rebuild of {document.kind} was taken over")
        if progress:
            progress(count, total)


def _put_live(document: type[BaseDocument], name: str) -> None:
    client = get_client()
    client.indices.put_settings(
        index=name,
        settings={
            "number_of_replicas": settings.SEARCH.get("REPLICAS", 0),
            "refresh_interval": "1s",
        },
    )
    client.indices.refresh(index=name)
    alias = document.alias()
    actions = [
        {"remove": {"index": old, "alias": alias}} for old in client.indices.get_alias(name=alias)
    ]
    actions.append({"add": {"index": name, "alias": alias}})
    client.indices.update_aliases(actions=actions)


def _drop_old(document: type[BaseDocument], live: str) -> None:
    client = get_client()
    names = sorted(client.indices.get(index=f"{document.alias()}-*"))
    stamped = [n for n in names if n.removeprefix(f"{document.alias()}-").isdigit()]
    for name in stamped[:-KEPT_INDEXES]:
        if name != live:
            client.indices.delete(index=name)


def is_rebuild_due(document: type[BaseDocument]) -> bool:
    """Whether mapping, analysis or generic words changed since the index was built.

    Raises ``SearchUnavailable``.
    """
    try:
        with guarded():
            found = get_client().indices.get_mapping(index=document.alias())
    except SearchUnavailable as error:
        if getattr(error.__cause__, "status_code", None) == 404:
            return True
        raise
    (mapping,) = found.body.values()
    meta = mapping["mappings"].get("_meta", {})
    return not meta.get("complete") or meta.get("schema_version") != document.schema_version()
