"""What must hold before a move, in words and with the rule of law behind it.

A guard is data: its text stands on the case's page, its rule leads to the article. Pure: it judges
a ``CaseState`` and the ``Circumstances`` that the services gather.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .enums import (
    PRICED_MODES,
    THREE_MODES,
    ConversionMode,
    EventKind,
    LicenceKind,
    PricingRoute,
    RuleCode,
    Track,
    TrackState,
)
from .ledger import CaseState
from .moves import UNASKED


@dataclass(frozen=True)
class Circumstances:
    """What guards need to know beyond the events: who the parties are.

    ``owner_ids`` are party ids; ``owner_is_public`` says that a state-owned institution is
    among the owners.
    """

    owner_is_public: bool = False
    owner_ids: frozenset[int] = frozenset()


Check = Callable[[CaseState, Circumstances, date], bool]


@dataclass(frozen=True)
class Guard:
    text: str | Promise
    holds: Check = field(repr=False)
    rule: RuleCode | None = None


def _mode(state: CaseState) -> str:
    return state.facts.get("mode", "")


def needs_publicity(state: CaseState, around: Circumstances) -> bool:
    """A public owner's price by agreement is made public (L1 art. 18, Zhejiang art. 17)."""
    return (
        around.owner_is_public
        and _mode(state) in PRICED_MODES
        and state.facts.get("route") == PricingRoute.AGREEMENT
    )


def needs_all_owners(state: CaseState, around: Circumstances) -> bool:
    """Everything but an ordinary licence needs every co-owner (Patent Law art. 14)."""
    is_ordinary = _mode(state) == ConversionMode.LICENCE and (
        state.facts.get("licence_kind") in {None, "", LicenceKind.ORDINARY}
    )
    return len(around.owner_ids) > 1 and not is_ordinary


def needs_reward(state: CaseState, around: Circumstances) -> bool:
    """Income of a public owner from an existing result is shared with its completers."""
    return around.owner_is_public and _mode(state) in THREE_MODES and state.money("received") > 0


def _price_fixed(state: CaseState, _around: Circumstances, _on: date) -> bool:
    return state.track(Track.PRICING) == TrackState.SET


def _price_cleared(state: CaseState, around: Circumstances, _on: date) -> bool:
    is_clean = state.track(Track.PUBLICITY) == TrackState.CLEAN
    return is_clean or not needs_publicity(state, around)


def _price_not_public(state: CaseState, _around: Circumstances, _on: date) -> bool:
    return state.track(Track.PUBLICITY) in {TrackState.NONE, TrackState.UPHELD}


def _publicity_over(state: CaseState, _around: Circumstances, on: date) -> bool:
    ends = state.day("publicity_ends")
    return ends is not None and on > ends and not state.facts.get("open_objections")


def _refusal_answered(state: CaseState, _around: Circumstances, _on: date) -> bool:
    answered = {TrackState.WAIVED, TrackState.EXERCISED}
    is_assignment = _mode(state) == ConversionMode.TRANSFER
    return not is_assignment or state.track(Track.FIRST_REFUSAL) in answered


def _co_owners_consent(state: CaseState, around: Circumstances, _on: date) -> bool:
    consented = set(state.facts.get("consented", []))
    return not needs_all_owners(state, around) or around.owner_ids <= consented


def _reward_over(state: CaseState, _around: Circumstances, on: date) -> bool:
    ends = state.day("reward_publicity_ends")
    return ends is not None and on > ends


def _money_received(state: CaseState, _around: Circumstances, _on: date) -> bool:
    without_money = {ConversionMode.EQUITY, ConversionMode.SELF, ConversionMode.JOINT}
    return state.money("received") > 0 or _mode(state) in without_money


def _reward_paid(state: CaseState, around: Circumstances, _on: date) -> bool:
    is_paid = state.track(Track.REWARDS) == TrackState.PAID
    return is_paid or not needs_reward(state, around)


# When a move is expected, beyond being possible; the others always are, but for ``UNASKED``.
_EXPECTED: dict[EventKind, Callable[[CaseState, Circumstances], bool]] = {
    EventKind.PRICE_SET: lambda state, around: (
        _mode(state) in PRICED_MODES and state.track(Track.PRICING) == TrackState.NONE
    ),
    EventKind.PUBLICITY_OPENED: needs_publicity,
    EventKind.CO_OWNER_CONSENTED: lambda state, around: (
        not _co_owners_consent(state, around, date.min)
    ),
    EventKind.CONTRACT_SIGNED: lambda state, around: _mode(state) != ConversionMode.SELF,
    EventKind.PERFORMANCE_BEGUN: lambda state, around: (
        "contract_total" in state.facts or _mode(state) == ConversionMode.SELF
    ),
    EventKind.REWARD_FIXED: lambda state, around: (
        needs_reward(state, around) and state.track(Track.REWARDS) == TrackState.NONE
    ),
}


def is_expected(kind: EventKind, state: CaseState, around: Circumstances) -> bool:
    """Whether the case waits for this move, rather than merely allowing it."""
    expected = _EXPECTED.get(kind)
    return kind not in UNASKED and (expected is None or expected(state, around))


def applies(track: Track, state: CaseState, around: Circumstances) -> bool:
    """Whether a track that has not begun can be called for in this case."""
    mode = _mode(state)
    if track == Track.FIRST_REFUSAL:
        return mode in {"", ConversionMode.TRANSFER}
    if track == Track.FILING:
        return mode in {"", ConversionMode.LICENCE}
    if track == Track.PUBLICITY:
        is_open = not mode or (mode in PRICED_MODES and not state.facts.get("route"))
        return needs_publicity(state, around) or (around.owner_is_public and is_open)
    if track == Track.PRICING:
        return not mode or mode in PRICED_MODES
    if track == Track.REWARDS:
        return around.owner_is_public and (not mode or mode in THREE_MODES)
    return True


GUARDS: dict[str, Guard] = {
    "price-fixed": Guard(_("the price is fixed"), _price_fixed),
    "price-known": Guard(
        _("the price is fixed"),
        lambda state, around, on: (
            _mode(state) not in PRICED_MODES or _price_fixed(state, around, on)
        ),
    ),
    "price-not-public": Guard(
        _("the price is not under publicity or cleared by it already"), _price_not_public
    ),
    "price-cleared": Guard(
        _("the price by agreement has been public for its term and no objection is open"),
        _price_cleared,
        RuleCode.PRICE_PUBLICITY,
    ),
    "publicity-over": Guard(
        _("the term of the publicity is over and no objection is open"),
        _publicity_over,
        RuleCode.PRICE_PUBLICITY,
    ),
    "is-assignment": Guard(
        _("the result is assigned; a licence knows no first refusal"),
        lambda state, around, on: _mode(state) == ConversionMode.TRANSFER,
        RuleCode.FIRST_REFUSAL,
    ),
    "refusal-answered": Guard(
        _("every completer has waived or one has exercised the first refusal"),
        _refusal_answered,
        RuleCode.FIRST_REFUSAL,
    ),
    "co-owners-consent": Guard(
        _("every co-owner has consented"), _co_owners_consent, RuleCode.CO_OWNERS
    ),
    "is-licence": Guard(
        _("the contract is a licence"),
        lambda state, around, on: _mode(state) == ConversionMode.LICENCE,
        RuleCode.LICENCE_FILING,
    ),
    "signed-or-own": Guard(
        _("the contract is signed, unless the owner carries the result out itself"),
        lambda state, around, on: (
            "contract_total" in state.facts or _mode(state) == ConversionMode.SELF
        ),
    ),
    "contract-signed": Guard(
        _("a contract is signed"), lambda state, around, on: "contract_total" in state.facts
    ),
    "no-dispute": Guard(
        _("no dispute is open"),
        lambda state, around, on: state.track(Track.DISPUTE) != TrackState.OPEN,
    ),
    "money-received": Guard(_("money has been received"), _money_received, RuleCode.REWARD),
    "reward-publicity-over": Guard(
        _("the reward shares have been public for their term"), _reward_over, RuleCode.REWARD
    ),
    "paid-in-full": Guard(
        _("the contract's amount has been received; otherwise amend the contract"),
        lambda state, around, on: state.money("received") >= state.money("contract_total"),
    ),
    "reward-paid": Guard(
        _("the completers' reward has been paid out"), _reward_paid, RuleCode.REWARD
    ),
}
