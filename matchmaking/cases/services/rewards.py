"""Sharing a conversion's income with the completers and the transfer staff (收益分配)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _, gettext_lazy

from portal.accounts.models import User

from ..enums import EventKind, RuleCode
from ..models import ConversionCase, Reward, RewardShare, ShareGroup
from ..queries import end_of_term, rule_for
from ..rewards import Floors, distribute, floors, net_income
from .cases import tell_parties
from .ledger import UnableToMoveCase, lock_case, require_move, write_event
from .pricing import as_money

ZERO = Decimal(0)


@dataclass(frozen=True)
class ShareEntry:
    """One person's weight in the reward; weights are relative."""

    group: ShareGroup
    name: str
    weight: Decimal
    user: User | None = None


@transaction.atomic
def fix_reward(
    *,
    actor: User,
    case: ConversionCase,
    income: Decimal,
    costs: Decimal,
    taxes: Decimal,
    pool: Decimal,
    shares: Sequence[ShareEntry],
    occurred_on: date,
    below_floor_reason: str = "",
    files: Iterable[File] = (),
    version: int | None = None,
) -> Reward:
    """Decide who receives what of an income that has arrived.

    Below the rule's floors a reason has to be given; the case then counts as below the floor.
    Raises ``UnableToMoveCase`` for more income than was received, a pool beyond the net income,
    and shares without weight.
    """
    case = lock_case(case, version)
    require_move(actor, case, EventKind.REWARD_FIXED, occurred_on)
    if income > case.received and case.received:
        raise UnableToMoveCase(_("Only income that has been received is shared."))
    income, costs, taxes, pool = (
        Decimal(as_money(each, least=ZERO)) for each in (income, costs, taxes, pool)
    )
    net = net_income(income, costs, taxes)
    if pool > net:
        raise UnableToMoveCase(_("The pool is larger than the net income."))
    parts = _split(pool, shares)
    rule = rule_for(RuleCode.REWARD, occurred_on)
    reason = below_floor_reason.strip()[:500]
    is_below = _is_below(floors(net, rule.parameters, pool), pool, parts, reason)
    amounts = {"income": income, "costs": costs, "taxes": taxes, "net": net, "pool": pool}
    event = write_event(
        actor=actor,
        case=case,
        kind=EventKind.REWARD_FIXED,
        occurred_on=occurred_on,
        payload={name: str(amount) for name, amount in amounts.items()}
        | {"is_below_floor": is_below, "people": len(shares)},
        files=files,
    )
    case.rewards.filter(paid_on__isnull=True).delete()
    reward = Reward.objects.create(
        case=case,
        sequence=event.sequence,
        rule=rule.parameters | {"source": rule.source, "source_en": rule.source_en},
        below_floor_reason=reason if is_below else "",
        fixed_on=occurred_on,
        **amounts,
    )
    _store_shares(reward, parts)
    return reward


Parts = list[tuple[ShareEntry, Decimal]]


def _split(pool: Decimal, shares: Sequence[ShareEntry]) -> Parts:
    try:
        amounts = distribute(pool, [entry.weight for entry in shares])
    except ValueError:
        raise UnableToMoveCase(_("Please give every person a weight above zero.")) from None
    return list(zip(shares, amounts, strict=True))


def _is_below(least: Floors, pool: Decimal, parts: Parts, reason: str) -> bool:
    """Whether the rule's floors are missed; raises where no reason is given for it."""
    main, staff = (
        sum((amount for entry, amount in parts if entry.group == group), ZERO)
        for group in (ShareGroup.MAIN, ShareGroup.STAFF)
    )
    is_below = pool < least.pool or main < least.main or staff < least.staff
    if is_below and not reason:
        raise UnableToMoveCase(
            _(
                "That is less than the rule asks for: pool %(pool)s, main contributors %(main)s, "
                "transfer staff %(staff)s yuan. Raise it, or write why."
            )
            % {"pool": least.pool, "main": least.main, "staff": least.staff}
        )
    return is_below


def _store_shares(reward: Reward, parts: Parts) -> None:
    RewardShare.objects.bulk_create(
        [
            RewardShare(
                reward=reward,
                group=entry.group,
                user=entry.user,
                name=entry.name[:60],
                weight=entry.weight,
                amount=amount,
            )
            for entry, amount in parts
        ]
    )


@transaction.atomic
def publicise_reward(
    *,
    actor: User,
    case: ConversionCase,
    occurred_on: date,
    files: Iterable[File] = (),
    version: int | None = None,
) -> Reward:
    """Make the decided shares public in the unit for the rule's term."""
    case = lock_case(case, version)
    require_move(actor, case, EventKind.REWARD_PUBLICISED, occurred_on)
    reward = case.rewards.get(paid_on__isnull=True)
    ends_on = end_of_term(occurred_on, reward.rule["publicity_days"], reward.rule["unit"])
    write_event(
        actor=actor,
        case=case,
        kind=EventKind.REWARD_PUBLICISED,
        occurred_on=occurred_on,
        payload={"ends_on": ends_on.isoformat()},
        files=files,
    )
    reward.public_from, reward.public_until = occurred_on, ends_on
    reward.save(update_fields=["public_from", "public_until"])
    return reward


@transaction.atomic
def pay_reward(
    *,
    actor: User,
    case: ConversionCase,
    occurred_on: date,
    files: Iterable[File] = (),
    version: int | None = None,
) -> Reward:
    """Record that the reward was paid out after its publicity."""
    case = lock_case(case, version)
    require_move(actor, case, EventKind.REWARD_PAID, occurred_on)
    reward = case.rewards.get(paid_on__isnull=True)
    write_event(
        actor=actor,
        case=case,
        kind=EventKind.REWARD_PAID,
        occurred_on=occurred_on,
        payload={"pool": str(reward.pool)},
        files=files,
    )
    reward.paid_on = occurred_on
    reward.save(update_fields=["paid_on"])
    tell_parties(case, actor, gettext_lazy("The completers' reward was paid out"))
    return reward
