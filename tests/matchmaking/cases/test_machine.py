"""The machine of a case, walked at random: no way round a guard, no dead end, one truth."""

from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from matchmaking.cases.enums import (
    AFTER_CONTRACT,
    END_STAGES,
    PRICED_MODES,
    CaseStage,
    ConversionMode,
    EventKind,
    LicenceKind,
    PricingRoute,
    Track,
    TrackState,
)
from matchmaking.cases.guards import Circumstances
from matchmaking.cases.ledger import CaseState, Entry, apply, fold
from matchmaking.cases.moves import INDIRECT, MOVES
from matchmaking.cases.queries import fits, missing_guards

START = date(2024, 1, 1)
RESULTS = {
    EventKind.PROOF_ENDED: (TrackState.PASSED, TrackState.FAILED),
    EventKind.PILOT_ENDED: (TrackState.PASSED, TrackState.FAILED),
    EventKind.TRIAL_ENDED: (TrackState.CONVERTED, TrackState.RETURNED, TrackState.INFRINGED),
}
ONWARD = {kind for kind, move in MOVES.items() if move.stage_after} - {EventKind.TERMINATED} | {
    EventKind.PRICE_SET,
    EventKind.PUBLICITY_OPENED,
    EventKind.PUBLICITY_CLOSED,
    EventKind.REFUSAL_NOTIFIED,
    EventKind.REFUSAL_WAIVED,
    EventKind.PAYMENT_RECEIVED,
}


@dataclass
class Event:
    sequence: int
    kind: str
    occurred_on: date
    payload: dict


class CaseMachine(RuleBasedStateMachine):
    """Makes every move that table and guards allow, a random number of days after the last."""

    @initialize(is_public=st.booleans(), owners=st.integers(1, 3))
    def open(self, is_public, owners):
        self.around = Circumstances(is_public, frozenset(range(owners)))
        self.state, self.day, self.events = CaseState(), START, []
        self._append(EventKind.OPENED, {})

    def _append(self, kind, payload):
        event = Event(len(self.events) + 1, kind, self.day, payload)
        self.events.append(event)
        apply(self.state, Entry(event.sequence, EventKind(kind), self.day, payload))

    def _possible(self):
        state, around = self.state, self.around
        return [
            kind
            for kind, move in MOVES.items()
            if fits(move, state) and not missing_guards(move, state, around, self.day)
        ]

    def _onward(self):
        """The possible moves, those towards the end more often, so that walks get there."""
        weights = dict.fromkeys(ONWARD, 8) | {EventKind.TERMINATED: 1}
        return [kind for kind in self._possible() for _time in range(weights.get(kind, 2))]

    @precondition(lambda self: self.state.stage not in END_STAGES)
    @rule(data=st.data(), days=st.integers(0, 40))
    def move(self, data, days):
        self.day += timedelta(days=days)
        kind = data.draw(st.sampled_from(self._onward()))
        self._append(kind, self._payload(kind, data))

    def _payload(self, kind, data):
        ends_on = (self.day + timedelta(days=15)).isoformat()
        pick = lambda values: data.draw(st.sampled_from(list(values)))  # noqa: E731
        if kind in RESULTS:
            return {"result": pick(RESULTS[kind])}
        makers = {
            EventKind.DECIDED: lambda: {
                "mode": pick(ConversionMode),
                "licence_kind": pick(LicenceKind),
            },
            EventKind.PRICE_SET: lambda: {"route": pick(PricingRoute), "price": "100.00"},
            EventKind.PUBLICITY_OPENED: lambda: {"ends_on": ends_on},
            EventKind.OBJECTION_DISMISSED: lambda: {
                "objection": pick(self.state.facts["open_objections"]),
                "ends_on": ends_on,
            },
            EventKind.REFUSAL_NOTIFIED: lambda: {"completers": [1, 2], "answer_until": ends_on},
            EventKind.REFUSAL_WAIVED: lambda: {"completer": pick((1, 2))},
            EventKind.CO_OWNER_CONSENTED: lambda: {"owner": pick(self.around.owner_ids)},
            EventKind.CONTRACT_SIGNED: lambda: {"contract_total": "100.00"},
            EventKind.CONTRACT_AMENDED: lambda: {"contract_total": pick(("50.00", "100.00"))},
            EventKind.PAYMENT_RECEIVED: lambda: {"amount": pick(("25.00", "50.00"))},
            EventKind.REWARD_PUBLICISED: lambda: {"ends_on": ends_on},
        }
        return makers.get(kind, dict)()

    @precondition(lambda self: len(self.events) > 1)
    @rule()
    def declare_the_last_entry_void(self):
        standing = [event for event in self.events if event.kind != EventKind.CORRECTED]
        void = {e.payload["corrects"] for e in self.events if e.kind == EventKind.CORRECTED}
        last = [event for event in standing if event.sequence not in void][-1]
        if last.kind == EventKind.OPENED:
            return
        payload = {"corrects": last.sequence, "is_void": True}
        self.events.append(Event(len(self.events) + 1, EventKind.CORRECTED, self.day, payload))
        self.state = fold(self.events)

    @invariant()
    def the_state_is_the_fold_of_the_events(self):
        assert fold(self.events) == self.state

    @invariant()
    def every_stage_is_left_or_is_an_end(self):
        own = [kind for kind in self._possible() if kind not in INDIRECT]
        assert bool(own) == (self.state.stage not in END_STAGES)

    @invariant()
    def nothing_is_signed_round_the_law(self):
        state = self.state
        if "contract_total" not in state.facts:
            return
        mode, route = state.facts.get("mode"), state.facts.get("route")
        if mode in PRICED_MODES:
            assert state.track(Track.PRICING) == TrackState.SET
            if self.around.owner_is_public and route == PricingRoute.AGREEMENT:
                assert state.track(Track.PUBLICITY) == TrackState.CLEAN
        if mode == ConversionMode.TRANSFER:
            answered = {TrackState.WAIVED, TrackState.EXERCISED}
            assert state.track(Track.FIRST_REFUSAL) in answered
        is_ordinary = mode == ConversionMode.LICENCE and (
            state.facts.get("licence_kind") == LicenceKind.ORDINARY
        )
        if len(self.around.owner_ids) > 1 and not is_ordinary:
            assert set(state.facts["consented"]) >= self.around.owner_ids

    @invariant()
    def money_and_stages_agree(self):
        state = self.state
        if state.money("received") > 0:
            assert state.stage in AFTER_CONTRACT | END_STAGES
        if state.stage == CaseStage.CLOSED:
            assert state.money("received") >= state.money("contract_total")
            assert state.track(Track.DISPUTE) != TrackState.OPEN


CaseMachine.TestCase.settings = settings(max_examples=300, stateful_step_count=60, deadline=None)
TestCaseMachine = CaseMachine.TestCase
