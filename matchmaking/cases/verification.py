"""Checking the ledger: chains, stored states, files and anchors (核验)."""

import hashlib
from collections.abc import Iterator
from itertools import groupby

from .ledger import GENESIS, compute_digest, fold
from .models import Anchor, CaseEvent, CaseFile, ConversionCase
from .services.anchors import anchor_digest, read_heads

FIELDS = (
    "case__code",
    "sequence",
    "kind",
    "occurred_on",
    "recorded_at",
    "actor",
    "organization",
    "payload",
    "files",
    "previous_digest",
    "digest",
)


def find_first_fault() -> str | None:
    """Return what is wrong first, naming case and event, or None when everything holds."""
    return next(_faults(), None)


def _faults() -> Iterator[str]:
    heads: dict[str, list[str]] = {}
    yield from _chain_faults(heads)
    yield from _state_faults(heads)
    yield from _file_faults()
    yield from _anchor_faults(heads)


def _chain_faults(heads: dict[str, list[str]]) -> Iterator[str]:
    """Walk every chain once; ``heads`` collects the digests of each case in their order."""
    rows = CaseEvent.objects.order_by("case__code", "sequence").values_list(*FIELDS)
    for code, events in groupby(rows.iterator(chunk_size=5_000), key=lambda row: row[0]):
        digests: list[str] = []
        for event in events:
            previous = digests[-1] if digests else GENESIS
            *_content, stored_previous, stored = event
            fits = event[1] == len(digests) + 1 and stored_previous == previous
            if not fits or stored != _digest(event):
                yield f"{code}, event {event[1]}: it or one before it was changed or removed."
            digests.append(stored)
        heads[code] = digests


def _digest(event: tuple) -> str:
    code, sequence, kind, occurred_on, recorded_at, actor, organization, payload, files, *rest = (
        event
    )
    return compute_digest(
        case=code,
        sequence=sequence,
        kind=kind,
        occurred_on=occurred_on,
        recorded_at=recorded_at,
        actor=actor,
        organization=organization,
        payload=payload,
        files=files,
        previous=rest[0],
    )


def _state_faults(heads: dict[str, list[str]]) -> Iterator[str]:
    for case in ConversionCase.objects.order_by("code").iterator(chunk_size=2_000):
        digests = heads.get(case.code, [])
        if case.version != len(digests) or (digests and case.head_digest != digests[-1]):
            yield f"{case.code}: its last event is missing, or was added past the portal."
        elif fold(case.events.order_by("sequence")) != case.state:
            yield f"{case.code}: the stored state is not what its events say."


def _file_faults() -> Iterator[str]:
    known = CaseEvent.objects.exclude(files=[]).values_list("case", "sequence", "files")
    proofs = {(case, sequence): files for case, sequence, files in known.iterator()}
    for file in CaseFile.objects.select_related("case").order_by("pk").iterator():
        place = f"{file.case.code}, event {file.sequence}, file “{file.name}”"
        if file.digest not in proofs.get((file.case_id, file.sequence), []):
            yield f"{place}: the event does not name it."
        elif not file.file.storage.exists(file.file.name or ""):
            yield f"{place}: it is gone."
        elif _digest_of_file(file) != file.digest:
            yield f"{place}: its content was changed."


def _digest_of_file(file: CaseFile) -> str:
    digest = hashlib.sha256(file.salt.encode())
    with file.file.open("rb") as content:
        for chunk in content.chunks():
            digest.update(chunk)
    return digest.hexdigest()


def _anchor_faults(heads: dict[str, list[str]]) -> Iterator[str]:
    previous = GENESIS
    for anchor in Anchor.objects.order_by("day"):
        if not anchor.file.storage.exists(anchor.file.name or ""):
            yield f"anchor {anchor.day}: its file is gone."
            return
        with anchor.file.open("rb") as file:
            content = file.read()
        if (anchor.previous_digest, anchor.digest) != (previous, anchor_digest(content, previous)):
            yield f"anchor {anchor.day}: it was changed."
        for head in read_heads(anchor):
            digests = heads.get(head["case"], [])
            if digests[head["version"] - 1 : head["version"]] != [head["digest"]]:
                yield f"{head['case']}: it is not what anchor {anchor.day} saw."
        previous = anchor.digest
