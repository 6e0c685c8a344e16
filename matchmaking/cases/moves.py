"""The table of moves: which event is possible in which stage and track, and where it leads.

The table is data. ``ledger.py`` folds it over events, ``guards.py`` names what else must hold, and
``services`` has one door for each move.
"""

from dataclasses import dataclass

from .enums import (
    AFTER_CONTRACT,
    BEFORE_CONTRACT,
    OPEN_STAGES,
    CaseStage as Stage,
    EventKind as Kind,
    PartyRole as Role,
    Track,
    TrackState as State,
)

OWNER, TAKER = frozenset({Role.OWNER}), frozenset({Role.TAKER})
BOTH = OWNER | TAKER
ANY_SIDE = BOTH | {Role.BROKER}


@dataclass(frozen=True)
class Move:
    """One row: who may make it, in which stages and track states, and what it changes.

    ``facts`` names what its payload adds to the case's facts. A move without ``track`` leaves the
    tracks alone, one without ``stage_after`` the stage.
    """

    kind: Kind
    by: frozenset[Role]
    stages: frozenset[Stage]
    stage_after: Stage | None = None
    track: Track | None = None
    track_from: frozenset[State] = frozenset()
    track_after: State | None = None
    facts: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()


def _stage(
    kind: Kind,
    by: frozenset[Role],
    before: set[Stage] | frozenset[Stage],
    after: Stage,
    *guards: str,
    facts: tuple[str, ...] = (),
) -> Move:
    return Move(kind, by, frozenset(before), after, facts=facts, guards=guards)


def _track(
    kind: Kind,
    by: frozenset[Role],
    stages: set[Stage] | frozenset[Stage],
    track: Track,
    change: tuple[set[State], State | None],
    *guards: str,
    facts: tuple[str, ...] = (),
) -> Move:
    before, after = change
    return Move(kind, by, frozenset(stages), None, track, frozenset(before), after, facts, guards)


_DECIDED = frozenset({Stage.DECIDED})
_TALKS = frozenset({Stage.NEGOTIATING, Stage.DUE_DILIGENCE})
_TRIED = BEFORE_CONTRACT | {Stage.PERFORMING}

_ROWS = (
    # Parties and confidence
    Move(Kind.PARTY_ADDED, ANY_SIDE, OPEN_STAGES),
    Move(Kind.PARTY_LEFT, ANY_SIDE, BEFORE_CONTRACT),
    Move(Kind.PARTY_SUCCEEDED, ANY_SIDE, OPEN_STAGES),
    _track(
        Kind.NDA_SIGNED,
        BOTH,
        BEFORE_CONTRACT,
        Track.NDA,
        ({State.NONE, State.ENDED}, State.SIGNED),
        facts=("nda_until", "agreement"),
    ),
    _track(Kind.NDA_ENDED, BOTH, OPEN_STAGES, Track.NDA, ({State.SIGNED}, State.ENDED)),
    # From interest to decision
    _stage(Kind.TALKS_BEGUN, ANY_SIDE, {Stage.INTENT}, Stage.NEGOTIATING),
    _stage(Kind.EXAMINATION_BEGUN, BOTH, {Stage.NEGOTIATING}, Stage.DUE_DILIGENCE),
    _track(
        Kind.PROOF_BEGUN,
        BOTH,
        _TRIED,
        Track.PROOF,
        ({State.NONE, State.PASSED, State.FAILED}, State.RUNNING),
    ),
    _track(Kind.PROOF_ENDED, BOTH, _TRIED, Track.PROOF, ({State.RUNNING}, None)),
    _track(
        Kind.PILOT_BEGUN,
        BOTH,
        _TRIED,
        Track.PILOT,
        ({State.NONE, State.PASSED, State.FAILED}, State.RUNNING),
    ),
    _track(Kind.PILOT_ENDED, BOTH, _TRIED, Track.PILOT, ({State.RUNNING}, None)),
    _track(
        Kind.TRIAL_BEGUN,
        BOTH,
        BEFORE_CONTRACT,
        Track.TRIAL,
        ({State.NONE, State.RETURNED}, State.RUNNING),
        facts=("trial_until", "trial_is_insured"),
    ),
    _track(Kind.TRIAL_ENDED, BOTH, OPEN_STAGES, Track.TRIAL, ({State.RUNNING}, None)),
    _stage(
        Kind.DECIDED,
        OWNER,
        _TALKS,
        Stage.DECIDED,
        facts=("mode", "licence_kind", "decided_by"),
    ),
    Move(Kind.CO_OWNER_CONSENTED, OWNER, BEFORE_CONTRACT),
    # Price
    _track(
        Kind.PRICE_SET,
        OWNER,
        _DECIDED,
        Track.PRICING,
        ({State.NONE, State.SET}, State.SET),
        "price-not-public",
        facts=("route", "price", "price_venue", "base_price"),
    ),
    _track(
        Kind.PUBLICITY_OPENED,
        OWNER,
        _DECIDED,
        Track.PUBLICITY,
        ({State.NONE, State.UPHELD}, State.RUNNING),
        "price-fixed",
    ),
    _track(
        Kind.OBJECTION_RAISED,
        frozenset(Role),
        _DECIDED,
        Track.PUBLICITY,
        ({State.RUNNING, State.OBJECTED}, State.OBJECTED),
    ),
    _track(Kind.OBJECTION_DISMISSED, OWNER, _DECIDED, Track.PUBLICITY, ({State.OBJECTED}, None)),
    Move(
        Kind.OBJECTION_UPHELD,
        OWNER,
        _DECIDED,
        Stage.NEGOTIATING,
        Track.PUBLICITY,
        frozenset({State.OBJECTED}),
        State.UPHELD,
    ),
    _track(
        Kind.PUBLICITY_CLOSED,
        OWNER,
        _DECIDED,
        Track.PUBLICITY,
        ({State.RUNNING}, State.CLEAN),
        "publicity-over",
    ),
    # First refusal
    _track(
        Kind.REFUSAL_NOTIFIED,
        OWNER,
        _DECIDED,
        Track.FIRST_REFUSAL,
        ({State.NONE}, State.NOTIFIED),
        "is-assignment",
        "price-fixed",
    ),
    _track(Kind.REFUSAL_WAIVED, OWNER, _DECIDED, Track.FIRST_REFUSAL, ({State.NOTIFIED}, None)),
    _track(
        Kind.REFUSAL_EXERCISED,
        OWNER,
        _DECIDED,
        Track.FIRST_REFUSAL,
        ({State.NOTIFIED}, State.EXERCISED),
    ),
    # Contract
    _stage(
        Kind.CONTRACT_SIGNED,
        BOTH,
        _DECIDED,
        Stage.SIGNED,
        "price-known",
        "price-cleared",
        "refusal-answered",
        "co-owners-consent",
        "no-dispute",
        facts=("contract_total", "ownership"),
    ),
    Move(
        Kind.CONTRACT_AMENDED,
        BOTH,
        frozenset({Stage.SIGNED, Stage.PERFORMING}),
        facts=("contract_total",),
        guards=("contract-signed",),
    ),
    _track(
        Kind.REGISTRATION_SUBMITTED,
        BOTH,
        AFTER_CONTRACT,
        Track.REGISTRATION,
        ({State.NONE, State.REFUSED}, State.SUBMITTED),
        "contract-signed",
    ),
    _track(
        Kind.CONTRACT_REGISTERED,
        BOTH,
        AFTER_CONTRACT,
        Track.REGISTRATION,
        ({State.SUBMITTED}, State.REGISTERED),
        facts=("registration_number",),
    ),
    _track(
        Kind.REGISTRATION_REFUSED,
        BOTH,
        AFTER_CONTRACT,
        Track.REGISTRATION,
        ({State.SUBMITTED}, State.REFUSED),
    ),
    _track(
        Kind.LICENCE_FILED,
        BOTH,
        AFTER_CONTRACT,
        Track.FILING,
        ({State.NONE}, State.FILED),
        "is-licence",
    ),
    # Performance, money
    _stage(
        Kind.PERFORMANCE_BEGUN,
        BOTH,
        {Stage.DECIDED, Stage.SIGNED},
        Stage.PERFORMING,
        "signed-or-own",
    ),
    Move(Kind.MILESTONE_REACHED, BOTH, frozenset({Stage.PERFORMING})),
    _track(
        Kind.PAYMENT_RECEIVED,
        OWNER,
        AFTER_CONTRACT,
        Track.PAYMENTS,
        ({State.NONE, State.PARTLY}, None),
    ),
    _stage(Kind.ACCEPTED, TAKER, {Stage.PERFORMING}, Stage.ACCEPTED, "no-dispute"),
    _track(
        Kind.REWARD_FIXED,
        OWNER,
        AFTER_CONTRACT,
        Track.REWARDS,
        ({State.NONE, State.FIXED}, State.FIXED),
        "money-received",
    ),
    _track(
        Kind.REWARD_PUBLICISED, OWNER, AFTER_CONTRACT, Track.REWARDS, ({State.FIXED}, State.PUBLIC)
    ),
    _track(
        Kind.REWARD_PAID,
        OWNER,
        AFTER_CONTRACT,
        Track.REWARDS,
        ({State.PUBLIC}, State.PAID),
        "reward-publicity-over",
    ),
    # Industry, ends
    _stage(Kind.INDUSTRIALISED, TAKER, {Stage.ACCEPTED}, Stage.INDUSTRIALISED),
    Move(Kind.SUBSIDY_GRANTED, BOTH, AFTER_CONTRACT),
    Move(Kind.OUTPUT_REPORTED, TAKER, frozenset({Stage.ACCEPTED, Stage.INDUSTRIALISED})),
    _track(
        Kind.DISPUTE_OPENED,
        ANY_SIDE,
        OPEN_STAGES,
        Track.DISPUTE,
        ({State.NONE, State.SETTLED}, State.OPEN),
    ),
    _track(
        Kind.DISPUTE_SETTLED, ANY_SIDE, OPEN_STAGES, Track.DISPUTE, ({State.OPEN}, State.SETTLED)
    ),
    _stage(
        Kind.CLOSED,
        BOTH,
        {Stage.ACCEPTED, Stage.INDUSTRIALISED},
        Stage.CLOSED,
        "no-dispute",
        "paid-in-full",
        "reward-paid",
    ),
    _stage(Kind.TERMINATED, BOTH, OPEN_STAGES, Stage.TERMINATED, "no-dispute", facts=("reason",)),
)

MOVES: dict[Kind, Move] = {move.kind: move for move in _ROWS}
# Moves that may be made at any time, or that stand beside the one expected: nobody waits for them.
UNASKED = frozenset(
    {
        Kind.PARTY_ADDED,
        Kind.PARTY_LEFT,
        Kind.PARTY_SUCCEEDED,
        Kind.NDA_SIGNED,
        Kind.NDA_ENDED,
        Kind.PROOF_BEGUN,
        Kind.PROOF_ENDED,
        Kind.PILOT_BEGUN,
        Kind.PILOT_ENDED,
        Kind.TRIAL_BEGUN,
        Kind.TRIAL_ENDED,
        Kind.CONTRACT_AMENDED,
        Kind.REGISTRATION_REFUSED,
        Kind.MILESTONE_REACHED,
        Kind.PAYMENT_RECEIVED,
        Kind.OUTPUT_REPORTED,
        Kind.SUBSIDY_GRANTED,
        Kind.DISPUTE_OPENED,
        Kind.TERMINATED,
    }
)
# Moves that the portal or another door makes, not a party from the case's page.
INDIRECT = frozenset({Kind.OPENED, Kind.CORRECTED, Kind.OBJECTION_RAISED})
