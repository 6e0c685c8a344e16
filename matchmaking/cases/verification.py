"""Checking the ledger: chains, stored states, files and anchors (核验)."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from .ledger import GENESIS, compute_digest, fold
from .models import Anchor, CaseEvent, CaseFile, ConversionCase
from .services.anchors import anchor_digest, read_heads


class EventRow(NamedTuple):
    """An event as the database hands it over; faster than a model for a million of them."""

    code: str
    sequence: int
    kind: str
    occurred_on: date
    recorded_at: datetime
    actor: int | None
    organization: int | None
    payload: dict[str, Any]
    files: list[str]
    previous_digest: str
    digest: str


FIELDS = ("case__code", *EventRow._fields[1:])
Heads = dict[str, list[str]]


def find_first_fault() -> str | None:
    """Return what is wrong first, naming case and event, or None when everything holds."""
    return next(_faults(), None)


def _faults() -> Iterator[str]:
    heads: Heads = {}
    yield from _case_faults(heads)
    yield from _file_faults()
    yield from _anchor_faults(heads)


def _case_faults(heads: Heads) -> Iterator[str]:
    """Walk every chain once and fold it; ``heads`` collects each case's digests in their order."""
    rows = CaseEvent.objects.order_by("case__code", "sequence").values_list(*FIELDS)
    events = map(EventRow._make, rows.iterator(chunk_size=5_000))
    chains = groupby(events, key=attrgetter("code"))
    code, chain = next(chains, ("", iter(())))
    for case in ConversionCase.objects.order_by("code").iterator(chunk_size=2_000):
        found = list(chain) if code == case.code else []
        if found:
            code, chain = next(chains, ("", iter(())))
        heads[case.code] = [event.digest for event in found]
        yield from _chain_faults(found)
        last = found[-1].digest if found else ""
        if (case.version, case.head_digest) != (len(found), last):
            yield f"{case.code}: its last event is missing, or was added past the portal."
        elif fold(found) != case.state:
            yield f"{case.code}: the stored state is not what its events say."


def _chain_faults(events: Sequence[EventRow]) -> Iterator[str]:
    previous = GENESIS
    for number, event in enumerate(events, start=1):
        fits = (event.sequence, event.previous_digest) == (number, previous)
        if not fits or event.digest != _digest(event):
            place = f"{event.code}, event {event.sequence}"
            yield f"{place}: it or one before it was changed or removed."
        previous = event.digest


def _digest(event: EventRow) -> str:
    return compute_digest(
        case=event.code,
        sequence=event.sequence,
        kind=event.kind,
        occurred_on=event.occurred_on,
        recorded_at=event.recorded_at,
        actor=event.actor,
        organization=event.organization,
        payload=event.payload,
        files=event.files,
        previous=event.previous_digest,
    )


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


def _anchor_faults(heads: Heads) -> Iterator[str]:
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
