"""The rows that stand beside a case's events, built in memory for the bulk door."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, TypeVar

from dateutil.relativedelta import relativedelta
from django.db.models import Model

from ..enums import EventKind, PartyRole, RuleCode, TrackState
from ..ledger import CaseState
from ..models import (
    CaseEvent,
    CaseParty,
    Contract,
    ConversionCase,
    FollowUp,
    Instalment,
    Objection,
    Payment,
    PricePublicity,
    Reward,
    RewardShare,
)
from ..queries import rule_for
from ..rewards import distribute
from .contracts import FOLLOW_UP_MONTHS
from .drafts import CaseDraft, Parties

MORNING = time(1, 0, tzinfo=UTC)
Row = TypeVar("Row", bound=Model)


class RowBuilder:
    """Builds the rows of one case, event by event, as the single doors would write them."""

    def __init__(self, case: ConversionCase, draft: CaseDraft, parties: Parties):
        self.case, self.draft, self.parties = case, draft, parties
        self.rows: list[Model] = []

    def add(self, event: CaseEvent, state: CaseState) -> None:
        if build := _BUILDERS.get(EventKind(event.kind)):
            build(self, event, state)

    def find(self, model: type[Row]) -> Row:
        return next(row for row in reversed(self.rows) if isinstance(row, model))

    def party(self, role: PartyRole) -> CaseParty:
        return next(party for party in self.parties if party.role == role)

    def open_publicity(self, event: CaseEvent, state: CaseState) -> None:
        payload = event.payload
        self.rows.append(
            PricePublicity(
                case=self.case,
                sequence=event.sequence,
                name=payload["name"],
                abstract=self.draft.abstract or payload["name"],
                mode=state.facts.get("mode", ""),
                price=state.money("price"),
                own_venue=payload["own_venue"],
                market_venue=payload["market_venue"],
                is_related=payload.get("is_related", False),
                related_note=payload.get("related_note", ""),
                started_on=event.occurred_on,
                ends_on=date.fromisoformat(payload["ends_on"]),
            )
        )

    def object(self, event: CaseEvent, _state: CaseState) -> None:
        publicity = self.find(PricePublicity)
        publicity.state = TrackState.OBJECTED
        count = sum(isinstance(row, Objection) for row in self.rows)
        self.rows.append(
            Objection(
                publicity=publicity,
                sequence=event.sequence,
                author=event.actor,
                text=self.draft.objections[count],
                raised_on=event.occurred_on,
            )
        )

    def decide(self, event: CaseEvent, state: CaseState) -> None:
        publicity, objection = self.find(PricePublicity), self.find(Objection)
        objection.is_upheld = event.kind == EventKind.OBJECTION_UPHELD
        objection.reasons, objection.decided_on = event.payload["reasons"], event.occurred_on
        publicity.ends_on = date.fromisoformat(event.payload["ends_on"])
        publicity.state = state.tracks["PUBLICITY"]
        publicity.closed_on = event.occurred_on if objection.is_upheld else None

    def close_publicity(self, event: CaseEvent, _state: CaseState) -> None:
        publicity = self.find(PricePublicity)
        publicity.state, publicity.closed_on = TrackState.CLEAN, event.occurred_on

    def sign(self, event: CaseEvent, _state: CaseState) -> None:
        self.rows += [self._follow_up(months, event.occurred_on) for months in FOLLOW_UP_MONTHS]
        if self.draft.contract is None:
            return
        contract = Contract(
            case=self.case,
            sequence=event.sequence,
            seller=self.party(PartyRole.OWNER),
            buyer=self.party(PartyRole.TAKER),
            signed_on=event.occurred_on,
            **self.draft.contract,
        )
        plan = [
            Instalment(
                contract=contract,
                due_on=entry.due_on,
                amount=entry.amount,
                condition=entry.condition,
            )
            for entry in self.draft.instalments
        ]
        self.rows += [contract, *plan]

    def _follow_up(self, months: int, signed_on: date) -> FollowUp:
        due_on = signed_on + relativedelta(months=months)
        row = FollowUp(case=self.case, months=months, due_on=due_on)
        if months in self.draft.answers:
            row.sent_at = datetime.combine(due_on, MORNING)
            answers = self.draft.answers[months]
            if answers is None:
                row.closed_at = row.sent_at + relativedelta(days=30)
            else:
                row.answered_at = row.sent_at + relativedelta(days=2)
            for name, value in (answers or {}).items():
                setattr(row, name, value)
        return row

    def register(self, event: CaseEvent, _state: CaseState) -> None:
        contract = self.find(Contract)
        contract.registration_number = event.payload["registration_number"]
        contract.registered_on = event.occurred_on

    def file_licence(self, event: CaseEvent, _state: CaseState) -> None:
        self.find(Contract).licence_filed_on = event.occurred_on

    def pay(self, event: CaseEvent, _state: CaseState) -> None:
        self.rows.append(
            Payment(
                case=self.case,
                sequence=event.sequence,
                received_on=event.occurred_on,
                amount=Decimal(event.payload["amount"]),
                reference=event.payload.get("reference", ""),
            )
        )

    def fix_reward(self, event: CaseEvent, _state: CaseState) -> None:
        payload, shares = event.payload, self.draft.shares
        rule = rule_for(RuleCode.REWARD, event.occurred_on)
        reward = Reward(
            case=self.case,
            sequence=event.sequence,
            **{
                name: Decimal(payload[name]) for name in ("income", "costs", "taxes", "net", "pool")
            },
            rule=rule.parameters | {"source": rule.source, "source_en": rule.source_en},
            below_floor_reason=payload.get("below_floor_reason", ""),
            fixed_on=event.occurred_on,
        )
        amounts = distribute(Decimal(payload["pool"]), [entry.weight for entry in shares])
        self.rows.append(reward)
        self.rows += [
            RewardShare(
                reward=reward,
                group=entry.group,
                user=entry.user,
                name=entry.name,
                weight=entry.weight,
                amount=amount,
            )
            for entry, amount in zip(shares, amounts, strict=True)
        ]

    def publicise_reward(self, event: CaseEvent, state: CaseState) -> None:
        reward = self.find(Reward)
        reward.public_from = event.occurred_on
        reward.public_until = state.day("reward_publicity_ends")

    def pay_reward(self, event: CaseEvent, _state: CaseState) -> None:
        self.find(Reward).paid_on = event.occurred_on


_BUILDERS: dict[EventKind, Callable[[RowBuilder, CaseEvent, CaseState], None]] = {
    EventKind.PUBLICITY_OPENED: RowBuilder.open_publicity,
    EventKind.OBJECTION_RAISED: RowBuilder.object,
    EventKind.OBJECTION_DISMISSED: RowBuilder.decide,
    EventKind.OBJECTION_UPHELD: RowBuilder.decide,
    EventKind.PUBLICITY_CLOSED: RowBuilder.close_publicity,
    EventKind.CONTRACT_SIGNED: RowBuilder.sign,
    EventKind.CONTRACT_REGISTERED: RowBuilder.register,
    EventKind.LICENCE_FILED: RowBuilder.file_licence,
    EventKind.PAYMENT_RECEIVED: RowBuilder.pay,
    EventKind.REWARD_FIXED: RowBuilder.fix_reward,
    EventKind.REWARD_PUBLICISED: RowBuilder.publicise_reward,
    EventKind.REWARD_PAID: RowBuilder.pay_reward,
}
# Rows that others point to come first: ``bulk_create`` gives them their ids.
_IN_ORDER: tuple[type[Model], ...] = (
    PricePublicity,
    Objection,
    Contract,
    Instalment,
    Payment,
    Reward,
    RewardShare,
    FollowUp,
)


def store_rows(builders: Iterable[RowBuilder], *, batch_size: int) -> None:
    rows: list[Any] = [row for builder in builders for row in builder.rows]
    for model in _IN_ORDER:
        found = [row for row in rows if isinstance(row, model)]
        model._default_manager.bulk_create(found, batch_size=batch_size)
