"""What happens to a conversion case of the demo city, step by step."""

import random
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from achievements.models import AchievementPage
from matchmaking.cases.enums import (
    ConversionMode as Mode,
    EventKind as Kind,
    LicenceKind,
    Ownership,
    PartyRole,
    PricingRoute,
    TerminationReason,
    TrackState,
)
from matchmaking.cases.models import ContractType, IpType, PaymentTerms
from matchmaking.cases.rewards import floors, net_income
from matchmaking.cases.services import (
    CaseDraft,
    InstalmentEntry,
    Step,
)
from portal.accounts.models import User

TYPES = {
    Mode.LICENCE: ContractType.LICENCE_PATENT,
    Mode.TRANSFER: ContractType.TRANSFER_PATENT,
    Mode.DEVELOPMENT: ContractType.DEVELOPMENT_COMMISSIONED,
    Mode.SERVICE: ContractType.SERVICE,
    Mode.CONSULTING: ContractType.CONSULTING,
    Mode.EQUITY: ContractType.TRANSFER_PATENT,
    Mode.JOINT: ContractType.DEVELOPMENT_JOINT,
}
RULE = {"pool": "0.70", "main": "0.70", "staff": "0.05"}
DECIDERS = ("院务会", "成果转化领导小组会议", "校长办公会", "所长办公会")
MARKETS = ("湖城技术市场", "浙江网上技术市场", "湖城产权交易所")
OBJECTIONS = (
    (
        "拟交易价格低于同类技术近两年的成交价，请说明依据。",
        "价格以第三方评估报告为依据，评估机构和方法已补充公示，异议不成立。",
    ),
    (
        "完成人名单遗漏了参与中试的两名工程师。",
        "经核对实验记录，两名工程师未参加关键技术研发，异议不成立。",
    ),
)
UPHELD = (
    "受让方实际控制人与完成人为近亲属，公示未注明。",
    "情况属实，退回重新定价并注明关联关系。",
)
SHORTFALL = "主要完成人书面约定以股权激励补足，现金部分从低。"


class _Over(Exception):
    """The story has come to its end, or to today."""


class Story:
    """Lives one case: each step some days after the one before, until it would be tomorrow."""

    def __init__(self, chance: random.Random, draft: CaseDraft, actors: dict[str, User | None]):
        self.chance, self.draft, self.actors = chance, draft, actors
        self.day, self.steps = draft.opened_on, [*draft.steps]
        self.today = timezone.localdate()

    def step(self, kind: Kind, least: int, most: int, payload: Any = None, side="owner") -> int:
        day = self.day + timedelta(days=self.chance.randint(least, most))
        if day > self.today:
            raise _Over
        self.day = day
        self.steps.append(Step(kind, day, payload or {}, self.actors[side]))
        return len(self.steps) + 1

    def live(self, mode: Mode, page: AchievementPage, number: int) -> None:
        """Live as far as today, and answer the follow-ups that came due."""
        with suppress(_Over):
            _tell(self, mode, page, number)
        _answer(self)

    def likely(self, share: float) -> bool:
        return self.chance.random() < share


def _tell(story: Story, mode: Mode, page: AchievementPage, number: int) -> None:
    """The whole way, with what happens beside it."""
    story.step(Kind.TALKS_BEGUN, 2, 12)
    if story.likely(0.7):
        until = (story.day + timedelta(days=365)).isoformat()
        story.step(Kind.NDA_SIGNED, 1, 10, {"nda_until": until})
    if story.likely(0.12):
        _break_off(story)
    if story.likely(0.65):
        story.step(Kind.EXAMINATION_BEGUN, 6, 25)
    _try_out(story, number)
    if story.likely(0.1):
        _break_off(story)
    facts = {"mode": mode, "decided_by": story.chance.choice(DECIDERS)}
    if mode == Mode.LICENCE:
        facts["licence_kind"] = story.chance.choice(LicenceKind.values)
    story.step(Kind.DECIDED, 8, 40, facts)
    total = _price(story, mode, page, number)
    if mode == Mode.TRANSFER:
        _ask_completers(story, number)
    if mode == Mode.SELF:
        story.step(Kind.PERFORMANCE_BEGUN, 5, 20)
        story.step(Kind.ACCEPTED, 90, 260, {}, "taker")
        story.step(Kind.INDUSTRIALISED, 30, 120, {}, "taker")
        return
    _sign(story, mode, total, number)
    _perform(story, mode, total, number)


def _break_off(story: Story) -> None:
    reason = story.chance.choice(
        [TerminationReason.PRICE, TerminationReason.TECHNOLOGY, TerminationReason.FUNDS]
    )
    story.step(Kind.TERMINATED, 10, 60, {"reason": reason})
    raise _Over


def _try_out(story: Story, number: int) -> None:
    good = TrackState.PASSED if story.likely(0.85) else TrackState.FAILED
    if number % 9 == 0:
        story.step(Kind.PROOF_BEGUN, 3, 12)
        story.step(Kind.PROOF_ENDED, 40, 90, {"result": good})
    if number % 11 == 0:
        story.step(Kind.PILOT_BEGUN, 5, 20)
        story.step(Kind.PILOT_ENDED, 60, 140, {"result": TrackState.PASSED})
    if number % 13 == 0:
        until = (story.day + timedelta(days=180)).isoformat()
        story.step(Kind.TRIAL_BEGUN, 3, 15, {"trial_until": until, "trial_is_insured": True})
        is_kept = number % 2 == 0
        result = TrackState.CONVERTED if is_kept else TrackState.RETURNED
        story.step(Kind.TRIAL_ENDED, 80, 170, {"result": result})
        if not is_kept:
            _break_off(story)


def _price(story: Story, mode: Mode, page: AchievementPage, number: int) -> Decimal:
    low, high = page.price_min or page.price_max or 0, page.price_max or 0
    total = Decimal(round((low + story.chance.random() * (high - low)) / 1000) * 1000)
    if mode in {Mode.DEVELOPMENT, Mode.SERVICE, Mode.CONSULTING, Mode.SELF}:
        return total
    route = PricingRoute.LISTING if number % 10 == 3 else PricingRoute.AGREEMENT
    story.step(Kind.PRICE_SET, 3, 15, _price_payload(story, route, total))
    if route == PricingRoute.AGREEMENT:
        _publicise(story, mode, page, total, number)
    return total


def _price_payload(story: Story, route: PricingRoute, total: Decimal) -> dict[str, Any]:
    venue = story.chance.choice(MARKETS) if route != PricingRoute.AGREEMENT else ""
    return {"route": route, "price": f"{total:.2f}", "price_venue": venue, "base_price": None}


def _publicise(
    story: Story, mode: Mode, page: AchievementPage, total: Decimal, number: int
) -> None:
    is_upheld = number % 37 == 5
    ends_on = _open_publicity(story, mode, page, total, is_related=number % 17 == 4)
    if number % 8 == 1 or is_upheld:
        text, reasons = UPHELD if is_upheld else OBJECTIONS[number % 2]
        story.draft.objections = [text]
        objected = story.step(Kind.OBJECTION_RAISED, 3, 9, {}, "anyone")
        raised_on = story.day
        kind = Kind.OBJECTION_UPHELD if is_upheld else Kind.OBJECTION_DISMISSED
        days = story.chance.randint(3, 8)
        if raised_on + timedelta(days=days) > story.today:
            raise _Over
        if not is_upheld:
            ends_on += timedelta(days=days)
        payload = {"objection": objected, "reasons": reasons, "ends_on": ends_on.isoformat()}
        story.step(kind, days, days, payload)
        if is_upheld:
            story.step(Kind.DECIDED, 15, 40, {"mode": mode, "decided_by": DECIDERS[0]})
            payload = _price_payload(story, PricingRoute.AGREEMENT, total)
            story.step(Kind.PRICE_SET, 3, 10, payload)
            ends_on = _open_publicity(story, mode, page, total, is_related=True)
    left = (ends_on - story.day).days + 1
    story.step(Kind.PUBLICITY_CLOSED, left, left + 4)


def _open_publicity(
    story: Story, mode: Mode, page: AchievementPage, total: Decimal, *, is_related: bool
) -> date:
    days = story.chance.randint(2, 9)
    ends_on = story.day + timedelta(days=days + 15)
    payload = {
        "name": page.title,
        "mode": mode,
        "price": f"{total:.2f}",
        "own_venue": "单位官网公示栏和办公楼公告栏",
        "market_venue": story.chance.choice(MARKETS),
        "is_related": is_related,
        "related_note": "受让方由一名完成人参股，已回避定价讨论。" if is_related else "",
        "ends_on": ends_on.isoformat(),
    }
    story.step(Kind.PUBLICITY_OPENED, days, days, payload)
    return ends_on


def _ask_completers(story: Story, number: int) -> None:
    count = sum(entry.role == PartyRole.COMPLETER for entry in story.draft.parties)
    until = (story.day + timedelta(days=20)).isoformat()

    def notice(parties):
        completers = [p.pk for p in parties if p.role == PartyRole.COMPLETER]
        return {"completers": completers, "terms": "同等条件", "answer_until": until}

    story.step(Kind.REFUSAL_NOTIFIED, 1, 4, notice)
    for place in range(count):
        if number % 33 == 9 and place == count - 1:
            story.step(Kind.REFUSAL_EXERCISED, 1, 6, _answer_of(place))
            _break_off(story)
        story.step(Kind.REFUSAL_WAIVED, 1, 6, _answer_of(place))


def _answer_of(place: int):
    def answer(parties):
        return {"completer": [p for p in parties if p.role == PartyRole.COMPLETER][place].pk}

    return answer


def _sign(story: Story, mode: Mode, total: Decimal, number: int) -> None:
    parts = _parts(total, 1 + number % 3)
    technology = (total * Decimal("0.9")).quantize(Decimal("0.01"))
    payload = {
        "type": TYPES[mode],
        "contract_total": f"{total:.2f}",
        "technology_amount": str(technology),
        "ownership": Ownership.SILENT if number % 5 == 0 else Ownership.SHARED,
    }
    story.step(Kind.CONTRACT_SIGNED, 4, 20, payload)
    on = story.day
    story.draft.contract = {
        "name": story.draft.title,
        "type": TYPES[mode],
        "valid_from": on,
        "valid_to": on + timedelta(days=730),
        "total_amount": total,
        "technology_amount": technology,
        "payment_terms": PaymentTerms.LUMP if len(parts) == 1 else PaymentTerms.INSTALMENTS,
        "ip_type": IpType.INVENTION if mode in {Mode.LICENCE, Mode.TRANSFER} else IpType.KNOW_HOW,
        "ownership": payload["ownership"],
        "plan_source": "企业委托",
        "social_goal": "促进工商业发展",
    }
    story.draft.instalments = [
        InstalmentEntry(on + timedelta(days=30 + 150 * place), amount, f"第{place + 1}期")
        for place, amount in enumerate(parts)
    ]


def _parts(total: Decimal, count: int) -> list[Decimal]:
    each = (total / count).quantize(Decimal(1))
    return [each] * (count - 1) + [total - each * (count - 1)]


def _perform(story: Story, mode: Mode, total: Decimal, number: int) -> None:
    if story.likely(0.85):
        story.step(Kind.REGISTRATION_SUBMITTED, 5, 20, {}, "owner")
        if number % 29 == 7:
            story.step(Kind.REGISTRATION_REFUSED, 8, 15, {"reason": "技术内容描述不完整"})
            story.step(Kind.REGISTRATION_SUBMITTED, 5, 12)
        serial = f"{story.day.year}330100{number:06d}"
        story.step(Kind.CONTRACT_REGISTERED, 8, 20, {"registration_number": serial})
    if mode == Mode.LICENCE and story.likely(0.8):
        story.step(Kind.LICENCE_FILED, 10, 60, {"filing_number": f"X{story.day.year}{number:06d}"})
    story.step(Kind.PERFORMANCE_BEGUN, 2, 10, {}, "taker")
    received = _receive(story, [entry.amount for entry in story.draft.instalments], number)
    if number % 23 == 6:
        story.step(Kind.DISPUTE_OPENED, 10, 40, {}, "taker")
        if number % 2:
            raise _Over
        story.step(Kind.DISPUTE_SETTLED, 30, 90)
    story.step(Kind.ACCEPTED, 20, 120, {}, "taker")
    if mode in {Mode.LICENCE, Mode.TRANSFER} and received:
        _reward(story, received, number)
    if story.likely(0.75):
        story.step(Kind.INDUSTRIALISED, 20, 110, {}, "taker")
        sales = total * story.chance.randint(3, 14)
        output = {"sales": f"{sales:.2f}", "tax": f"{sales / 20:.2f}", "jobs": number % 40 + 4}
        story.step(Kind.OUTPUT_REPORTED, 60, 180, output, "taker")
        if number % 5 == 1:
            story.step(Kind.SUBSIDY_GRANTED, 10, 60, _subsidy(total, number), "taker")
    if received == total and mode not in {Mode.EQUITY, Mode.JOINT} and story.likely(0.5):
        story.step(Kind.CLOSED, 20, 90)


PROGRAMMES = (
    ("科技成果转化产业化补助", "市科技局"),
    ("技术合同成交奖补", "区科技局"),
    ("首台（套）与新产品应用补助", "市经济和信息化局"),
)


def _subsidy(total: Decimal, number: int) -> dict[str, str]:
    programme, granted_by = PROGRAMMES[number % len(PROGRAMMES)]
    amount = (total / 10).quantize(Decimal("0.01"))
    return {"amount": str(amount), "programme": programme, "granted_by": granted_by}


def _receive(story: Story, parts: list[Decimal], number: int) -> Decimal:
    received = Decimal(0)
    for place, amount in enumerate(parts):
        if place == len(parts) - 1 and len(parts) > 1 and number % 6 == 2:
            break
        reference = f"回单{story.day.year}{number:04d}{place}"
        payload = {"amount": f"{amount:.2f}", "reference": reference}
        story.step(Kind.PAYMENT_RECEIVED, 12, 90, payload)
        received += amount
    return received


def _reward(story: Story, received: Decimal, number: int) -> None:
    costs = (received * Decimal("0.06")).quantize(Decimal("0.01"))
    taxes = (received * Decimal("0.03")).quantize(Decimal("0.01"))
    net = net_income(received, costs, taxes)
    least = floors(net, RULE).pool
    is_below = number % 31 == 8
    pool = (least * Decimal("0.8")).quantize(Decimal("0.01")) if is_below else least
    payload = {
        "income": f"{received:.2f}",
        "costs": str(costs),
        "taxes": str(taxes),
        "net": str(net),
        "pool": str(pool),
        "is_below_floor": is_below,
        "below_floor_reason": SHORTFALL if is_below else "",
        "people": len(story.draft.shares),
    }
    story.step(Kind.REWARD_FIXED, 15, 60, payload)
    days = story.chance.randint(2, 8)
    ends_on = story.day + timedelta(days=days + 15)
    story.step(Kind.REWARD_PUBLICISED, days, days, {"ends_on": ends_on.isoformat()})
    left = (ends_on - story.day).days + 1
    story.step(Kind.REWARD_PAID, left, left + 50)


def _answer(story: Story) -> None:
    """Answers to the follow-ups that were due; one in five is never answered."""
    signed = next((step.on for step in story.steps if step.kind == Kind.CONTRACT_SIGNED), None)
    if signed is None or story.draft.contract is None:
        return
    total = story.draft.contract["total_amount"]
    for months in (3, 6, 12, 24):
        if signed + timedelta(days=31 * months + 40) > story.today:
            return
        if story.likely(0.2):
            story.draft.answers[months] = None
            continue
        in_use = months >= 6 or story.likely(0.3)
        sales = total * months // 4 if in_use else Decimal(0)
        story.draft.answers[months] = {
            "in_use": in_use,
            "sales": Decimal(sales),
            "tax": Decimal(sales) / 20,
            "jobs": months // 2 if in_use else 0,
        }
