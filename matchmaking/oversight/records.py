"""How a record behind a number is shown: day, what it is, whose, with whom, what it adds."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import singledispatch
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page

from achievements.amounts import write_yuan
from ip.models import Patent
from matchmaking.cases.enums import PartyRole
from matchmaking.cases.models import (
    CaseParty,
    Contract,
    ConversionCase,
    Payment,
    Reward,
    RewardShare,
)
from matchmaking.interests.models import Interest
from matchmaking.models import Impression, Need

from .kpis import Unit


@dataclass(frozen=True)
class Record:
    """One line; ``part`` is what it adds to the number, in words."""

    day: date | None
    code: str
    title: str
    url: str
    owner: str = ""
    taker: str = ""
    part: str = ""
    raw: Any = None
    whole: Any = None


PRESENT = Prefetch("parties", CaseParty.objects.present().select_related("organization"))
# What is fetched beside the records of a model; rooms above add theirs.
FETCHED: dict[Any, Any] = {
    ConversionCase: PRESENT,
    Payment: Prefetch("case__parties", PRESENT.queryset),
    Reward: Prefetch("case__parties", PRESENT.queryset),
    RewardShare: Prefetch("reward__case__parties", PRESENT.queryset),
}


def prepare(rows: QuerySet) -> QuerySet:
    """Fetch the parties with the rows, so that a page asks as often as a line."""
    return rows.prefetch_related(FETCHED[rows.model]) if rows.model in FETCHED else rows


def record_of(row: Any, unit: Unit) -> Record:
    whole = getattr(row, "whole", None)
    part = row.part.days if isinstance(row.part, timedelta) else row.part
    return Record(
        day=row.in_day,
        part=_in_words(part, whole, unit),
        raw=part,
        whole=whole,
        **describe(row),
    )


def _in_words(part: Any, whole: Any, unit: Unit) -> str:
    if part is None:
        return "–"
    if unit in {Unit.RATIO, Unit.TIMES}:
        if whole == 1:
            return _("counts") if part else _("does not count")
        return f"{write_yuan(part)} ÷ {write_yuan(whole)}"
    if unit in {Unit.MONEY, Unit.MEAN}:
        return write_yuan(part)
    if unit == Unit.DAYS:
        return _("%(days)s days") % {"days": part}
    return f"{part:,.0f}"


def _side(case: ConversionCase, role: PartyRole) -> str:
    return "、".join(str(party) for party in case.parties.all() if party.role == role)


@singledispatch
def describe(row: Any) -> dict[str, str]:
    """What a record is called and where it leads; rooms above register theirs."""
    raise TypeError(type(row))


@describe.register
def _describe_case(row: ConversionCase) -> dict[str, str]:
    return {
        "code": row.code,
        "title": row.title,
        "url": row.get_absolute_url(),
        "owner": _side(row, PartyRole.OWNER),
        "taker": _side(row, PartyRole.TAKER),
    }


@describe.register
def _describe_payment(row: Payment) -> dict[str, str]:
    return _describe_case(row.case)


@describe.register
def _describe_reward(row: Reward) -> dict[str, str]:
    return _describe_case(row.case)


@describe.register
def _describe_share(row: RewardShare) -> dict[str, str]:
    """Without the person's name: only the institute's own list of shares has it."""
    return _describe_case(row.reward.case) | {"taker": str(row.get_group_display())}


@describe.register
def _describe_contract(row: Contract) -> dict[str, str]:
    return {
        "code": row.case.code,
        "title": row.name,
        "url": row.case.get_absolute_url(),
        "owner": str(row.seller),
        "taker": str(row.buyer),
    }


@describe.register
def _describe_page(row: Page) -> dict[str, str]:
    listing = getattr(row, "achievementpage", None) or row.patentpage
    return {
        "code": listing.code,
        "title": row.title,
        "url": f"{reverse('achievements:list')}?q={listing.code}",
        "owner": listing.institute.title,
    }


@describe.register
def _describe_need(row: Need) -> dict[str, str]:
    return {
        "code": row.code,
        "title": row.label,
        "url": row.get_absolute_url(),
        "taker": row.organization.label,
    }


@describe.register
def _describe_impression(row: Impression) -> dict[str, str]:
    return {
        "code": row.need.code,
        "title": f"{row.need.label} – {row.page.title}",
        "url": row.need.get_absolute_url(),
    }


@describe.register
def _describe_interest(row: Interest) -> dict[str, str]:
    return {
        "code": row.code,
        "title": row.target_label,
        "url": row.get_absolute_url(),
        "owner": row.receiver_organization.label,
        "taker": row.sender_organization.label,
    }


@describe.register
def _describe_patent(row: Patent) -> dict[str, str]:
    return {"code": row.number_label, "title": row.title, "url": ""}
