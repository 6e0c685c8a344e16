"""What completers and transfer staff receive of a conversion's income, exact to the cent.

Zhejiang regulation on promoting the transformation of achievements, art. 37, 39, 40; national law
art. 45. Amounts are yuan; they are rounded half up to the cent, and a pool is split by largest
remainders, so that shares always sum to it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Floors:
    """The least that the rule asks for: pool, main contributors, transfer staff and managers."""

    pool: Decimal
    main: Decimal
    staff: Decimal


def to_cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def net_income(income: Decimal, costs: Decimal, taxes: Decimal) -> Decimal:
    """Income less the transaction's costs and taxes, never below zero.

    Public research money that was spent before is no cost of the transaction.
    """
    return max(to_cents(income - costs - taxes), Decimal("0.00"))


def floors(net: Decimal, rule: Mapping[str, Any], pool: Decimal | None = None) -> Floors:
    """Return the floors that ``rule`` (a REWARD rule's parameters) sets for a net income.

    The shares of main contributors and staff are counted of the pool that is paid, which may be
    larger than its floor.
    """
    least = to_cents(net * Decimal(rule["pool"]))
    paid = max(pool or least, least)
    return Floors(
        pool=least,
        main=to_cents(paid * Decimal(rule["main"])),
        staff=to_cents(paid * Decimal(rule["staff"])),
    )


def distribute(pool: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Split a pool by weights; what rounding leaves goes to the largest remainders, then in order.

    Raises ``ValueError`` for negative weights and when nobody has any.
    """
    total = sum(weights, Decimal(0))
    if total <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("weights")
    exact = [pool * weight / total for weight in weights]
    shares = [amount.quantize(CENT, rounding=ROUND_FLOOR) for amount in exact]
    left = int((pool - sum(shares, Decimal(0))) / CENT)
    by_remainder = sorted(range(len(shares)), key=lambda i: (shares[i] - exact[i], i))
    for place in by_remainder[:left]:
        shares[place] += CENT
    return shares
