"""A case as a picture: its main stages as steps, its tracks as a board, its next moves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise

from .enums import CaseStage, EventKind, Track, TrackState
from .guards import applies
from .ledger import Event, standing_entries
from .models import ConversionCase, LawRule
from .moves import MOVES
from .queries import Option, circumstances_of

WAY: list[CaseStage] = [stage for stage in CaseStage if stage != CaseStage.TERMINATED]
TONES = {
    "lake": {
        TrackState.SIGNED,
        TrackState.SET,
        TrackState.CLEAN,
        TrackState.WAIVED,
        TrackState.EXERCISED,
        TrackState.REGISTERED,
        TrackState.FILED,
        TrackState.COMPLETE,
        TrackState.PAID,
        TrackState.PASSED,
        TrackState.SETTLED,
        TrackState.CONVERTED,
    },
    "blue": {
        TrackState.RUNNING,
        TrackState.NOTIFIED,
        TrackState.SUBMITTED,
        TrackState.PARTLY,
        TrackState.FIXED,
        TrackState.PUBLIC,
    },
    "amber": {TrackState.OBJECTED, TrackState.UPHELD, TrackState.OPEN},
    "red": {TrackState.REFUSED, TrackState.FAILED, TrackState.INFRINGED},
}
TONE_OF_STATE = {state: tone for tone, states in TONES.items() for state in states}


@dataclass(frozen=True)
class StageStep:
    """A main stage: entered on ``on``, the current one, left out, or still ahead."""

    label: str | Promise
    state: str = ""
    on: date | None = None


def stage_steps(case: ConversionCase, events: Iterable[Event]) -> list[StageStep]:
    """The main way with the day on which each stage was entered last."""
    entered: dict[CaseStage, date] = {CaseStage.INTENT: case.opened_on}
    for entry in standing_entries(events):
        after = None if entry.kind == EventKind.OPENED else MOVES[entry.kind].stage_after
        if after in WAY:  # what lay beyond is undone: an upheld objection leads back to the talks
            place = WAY.index(after)
            entered = {stage: on for stage, on in entered.items() if WAY.index(stage) < place}
            entered[after] = entry.on
    is_broken_off = case.stage == CaseStage.TERMINATED
    reached = max(WAY.index(stage) for stage in entered)
    steps = []
    for place, stage in enumerate(WAY):
        if is_broken_off and place > reached:
            break
        state = "skipped" if place < reached and stage not in entered else ""
        state = "current" if stage == case.stage else "done" if stage in entered else state
        steps.append(StageStep(stage.label, state, entered.get(stage)))
    if is_broken_off:
        steps.append(StageStep(CaseStage.TERMINATED.label, "current", case.stage_since))
    return steps


@dataclass(frozen=True)
class TrackCell:
    """A track on the board; one that cannot be called for is not shown as open."""

    label: str | Promise
    state: str
    state_label: str | Promise
    tone: str
    since: date | None
    applies: bool


def track_board(case: ConversionCase) -> list[TrackCell]:
    state, around = case.state, circumstances_of(case)
    cells = []
    for track in Track:
        stands = TrackState(state.track(track))
        cells.append(
            TrackCell(
                label=track.label,
                state=stands,
                state_label=stands.label,
                tone=TONE_OF_STATE.get(stands, ""),
                since=state.since(track),
                applies=stands != TrackState.NONE or applies(track, state, around),
            )
        )
    return cells


def received_percent(case: ConversionCase) -> int | None:
    """How much of the contract's amount has arrived; more than all counts as all."""
    if not case.contract_total:
        return None
    return min(100, int(Decimal(100) * case.received / case.contract_total))


@dataclass(frozen=True)
class Blocked:
    """A move that waits: what is missing with the rule behind it, and whose it is."""

    option: Option
    missing: list[tuple[str | Promise, LawRule | None]] = field(default_factory=list)


def sort_options(
    case: ConversionCase, offered: Sequence[Option], rules: Mapping[str, LawRule]
) -> dict[str, Any]:
    """Part what the table knows now into what is mine, what waits, and what others do."""
    state, around = case.state, circumstances_of(case)
    open_now = [option for option in offered if option.is_open]
    waiting = [
        Blocked(option, [(guard.text, rules.get(guard.rule or "")) for guard in option.missing])
        for option in offered
        if option.missing
        and option.is_expected
        and (option.is_mine or option.is_main)
        and (option.track is None or applies(option.track, state, around))
    ]
    return {
        "expected": [option for option in open_now if option.is_expected],
        "possible": [option for option in open_now if not option.is_expected],
        "blocked": waiting,
        "others": [
            option
            for option in offered
            if option.is_expected and not option.is_mine and not option.missing
        ],
    }
