"""What a case's events say: folding them, and the chain of digests over them.

Pure: no database. The stored state of a case is always the fold of its events.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Protocol

from .enums import CaseStage, EventKind, Track, TrackState
from .moves import MOVES

GENESIS = "0" * 64
ZERO = Decimal("0.00")
# Of these a case remembers the first day.
FIRST_DAYS = {
    EventKind.NDA_SIGNED: "nda_on",
    EventKind.PAYMENT_RECEIVED: "first_received_on",
    EventKind.ACCEPTED: "accepted_on",
    EventKind.INDUSTRIALISED: "industrialised_on",
}


class Event(Protocol):
    """What the fold reads of an event; the stored model is one."""

    @property
    def sequence(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def occurred_on(self) -> date: ...
    @property
    def payload(self) -> dict[str, Any]: ...


@dataclass
class CaseState:
    """Where a case stands: main stage, tracks, and the facts that moves brought.

    ``facts`` is JSON: dates as ISO texts, money as texts of yuan with two decimals.
    """

    stage: str = CaseStage.INTENT
    stage_since: date = date.min
    opened_on: date = date.min
    tracks: dict[str, str] = field(default_factory=dict)
    tracks_since: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    def track(self, track: Track) -> str:
        return self.tracks.get(track, TrackState.NONE)

    def since(self, track: Track) -> date | None:
        text = self.tracks_since.get(track)
        return date.fromisoformat(text) if text else None

    def money(self, name: str) -> Decimal:
        return Decimal(self.facts.get(name) or ZERO)

    def day(self, name: str) -> date | None:
        text = self.facts.get(name)
        return date.fromisoformat(text) if text else None

    def leave(self, track: Track) -> None:
        self.tracks.pop(track, None)
        self.tracks_since.pop(track, None)

    def enter(self, track: Track, state: str, on: date) -> None:
        self.tracks[track] = state
        self.tracks_since[track] = on.isoformat()


@dataclass(frozen=True)
class Entry:
    """An event as it stands after corrections."""

    sequence: int
    kind: EventKind
    on: date
    payload: Mapping[str, Any]


def fold(events: Iterable[Event]) -> CaseState:
    """Return the state that events in their order lead to, corrections applied."""
    state = CaseState()
    for entry in standing_entries(events):
        apply(state, entry)
    return state


def standing_entries(events: Iterable[Event]) -> Iterator[Entry]:
    """The entries that count: corrected where a later event says so, without void ones."""
    ordered = list(events)
    corrections = {
        event.payload["corrects"]: event.payload
        for event in ordered
        if event.kind == EventKind.CORRECTED
    }
    for event in ordered:
        correction = corrections.get(event.sequence, {})
        if event.kind == EventKind.CORRECTED or correction.get("is_void"):
            continue
        on = correction.get("occurred_on")
        yield Entry(
            event.sequence,
            EventKind(event.kind),
            date.fromisoformat(on) if on else event.occurred_on,
            event.payload | correction.get("payload", {}),
        )


def apply(state: CaseState, entry: Entry) -> None:
    """Change ``state`` by one standing entry."""
    if entry.kind == EventKind.OPENED:
        state.opened_on = state.stage_since = entry.on
        if entry.payload.get("mode"):
            state.facts["mode"] = entry.payload["mode"]
        return
    move, payload = MOVES[entry.kind], entry.payload
    state.facts |= {name: payload[name] for name in move.facts if payload.get(name) is not None}
    if name := FIRST_DAYS.get(entry.kind):
        state.facts[name] = min(state.facts.get(name, "9"), entry.on.isoformat())
    if move.stage_after:
        state.stage, state.stage_since = move.stage_after, entry.on
    after = move.track_after
    if reduce := _REDUCERS.get(entry.kind):
        after = reduce(state, entry) or after
    if move.track and after:
        state.enter(move.track, after, entry.on)


def _result(_state: CaseState, entry: Entry) -> TrackState:
    return TrackState(entry.payload["result"])


def _open_publicity(state: CaseState, entry: Entry) -> None:
    state.facts["publicity_ends"] = entry.payload["ends_on"]
    state.facts["open_objections"] = []


def _object(state: CaseState, entry: Entry) -> None:
    state.facts["open_objections"] = [*state.facts.get("open_objections", []), entry.sequence]


def _dismiss(state: CaseState, entry: Entry) -> TrackState:
    still_open = [
        each for each in state.facts["open_objections"] if each != entry.payload["objection"]
    ]
    state.facts["open_objections"] = still_open
    state.facts["publicity_ends"] = entry.payload["ends_on"]
    return TrackState.OBJECTED if still_open else TrackState.RUNNING


def _uphold(state: CaseState, _entry: Entry) -> None:
    """The price falls with its publicity: talks begin again."""
    for name in ("route", "price", "price_venue", "base_price", "publicity_ends"):
        state.facts.pop(name, None)
    state.facts["open_objections"] = []
    state.leave(Track.PRICING)


def _notify(state: CaseState, entry: Entry) -> None:
    state.facts["completers"] = list(entry.payload["completers"])
    state.facts["waived"] = []
    state.facts["refusal_until"] = entry.payload["answer_until"]


def _waive(state: CaseState, entry: Entry) -> TrackState:
    waived = sorted({*state.facts["waived"], entry.payload["completer"]})
    state.facts["waived"] = waived
    is_complete = set(state.facts["completers"]) <= set(waived)
    return TrackState.WAIVED if is_complete else TrackState.NOTIFIED


def _consent(state: CaseState, entry: Entry) -> None:
    consented = {*state.facts.get("consented", []), entry.payload["owner"]}
    state.facts["consented"] = sorted(consented)


def _sign(state: CaseState, entry: Entry) -> None:
    state.facts["signed_on"] = entry.on.isoformat()


def _receive(state: CaseState, entry: Entry) -> TrackState:
    state.facts["received"] = str(state.money("received") + Decimal(entry.payload["amount"]))
    return _payments(state)


def _amend(state: CaseState, entry: Entry) -> None:
    if state.track(Track.PAYMENTS) != TrackState.NONE:
        state.enter(Track.PAYMENTS, _payments(state), entry.on)


def _payments(state: CaseState) -> TrackState:
    is_complete = state.money("received") >= state.money("contract_total")
    return TrackState.COMPLETE if is_complete else TrackState.PARTLY


def _publicise_reward(state: CaseState, entry: Entry) -> None:
    state.facts["reward_publicity_ends"] = entry.payload["ends_on"]


Reducer = Callable[[CaseState, Entry], TrackState | None]
_REDUCERS: dict[EventKind, Reducer] = {
    EventKind.PROOF_ENDED: _result,
    EventKind.PILOT_ENDED: _result,
    EventKind.TRIAL_ENDED: _result,
    EventKind.PUBLICITY_OPENED: _open_publicity,
    EventKind.OBJECTION_RAISED: _object,
    EventKind.OBJECTION_DISMISSED: _dismiss,
    EventKind.OBJECTION_UPHELD: _uphold,
    EventKind.REFUSAL_NOTIFIED: _notify,
    EventKind.REFUSAL_WAIVED: _waive,
    EventKind.CO_OWNER_CONSENTED: _consent,
    EventKind.CONTRACT_SIGNED: _sign,
    EventKind.CONTRACT_AMENDED: _amend,
    EventKind.PAYMENT_RECEIVED: _receive,
    EventKind.REWARD_PUBLICISED: _publicise_reward,
}


def compute_digest(
    *,
    case: str,
    sequence: int,
    kind: str,
    occurred_on: date,
    recorded_at: datetime,
    actor: int | None,
    organization: int | None,
    payload: dict[str, Any],
    files: list[str],
    previous: str,
) -> str:
    """Return SHA-256 over the canonical JSON of an event and the digest before it."""
    content = {
        "case": case,
        "sequence": sequence,
        "kind": kind,
        "occurred_on": occurred_on.isoformat(),
        "recorded_at": recorded_at.astimezone(UTC).isoformat(),
        "actor": actor,
        "organization": organization,
        "payload": payload,
        "files": files,
        "previous": previous,
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
