"""Price, its publicity, objections to it, and the completers' first refusal."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext as _, gettext_lazy

from portal.accounts.models import User
from portal.notifications.services import notify
from portal.workdays.queries import add_working_days, working_days_between

from ..enums import EventKind, PartyRole, PricingRoute, RuleCode, TrackState
from ..models import CaseEvent, CaseParty, ConversionCase, Objection, PricePublicity
from ..queries import end_of_term, rule_for
from .cases import tell_parties
from .ledger import UnableToMoveCase, lock_case, require_fit, require_move, write_event

CENT = Decimal("0.01")
LARGEST = Decimal(10) ** 12


def as_money(amount: Decimal, *, least: Decimal = CENT) -> str:
    """Return an amount of yuan as events keep it; raises ``UnableToMoveCase`` for odd ones."""
    if amount != amount.quantize(CENT):
        raise UnableToMoveCase(_("An amount has at most two decimals."))
    if not least <= amount <= LARGEST:
        raise UnableToMoveCase(_("The amount is out of range."))
    return str(amount.quantize(CENT))


@transaction.atomic
def set_price(
    *,
    actor: User,
    case: ConversionCase,
    route: PricingRoute,
    price: Decimal,
    occurred_on: date,
    venue: str = "",
    base_price: Decimal | None = None,
    files: Iterable[File] = (),
    version: int | None = None,
) -> CaseEvent:
    """Fix the price: agreed on, or the result of a listing or auction held elsewhere.

    The last two name their ``venue``. Raises ``UnableToMoveCase`` as ``make_move`` does.
    """
    case = lock_case(case, version)
    require_move(actor, case, EventKind.PRICE_SET, occurred_on)
    if route != PricingRoute.AGREEMENT and not venue.strip():
        raise UnableToMoveCase(_("Please name where the result was listed or auctioned."))
    return write_event(
        actor=actor,
        case=case,
        kind=EventKind.PRICE_SET,
        occurred_on=occurred_on,
        payload={
            "route": route,
            "price": as_money(price),
            "price_venue": venue.strip()[:200],
            "base_price": as_money(base_price) if base_price is not None else None,
        },
        files=files,
    )


@transaction.atomic
def open_publicity(
    *,
    actor: User,
    case: ConversionCase,
    name: str,
    abstract: str,
    own_venue: str,
    market_venue: str,
    occurred_on: date,
    is_related: bool = False,
    related_note: str = "",
    files: Iterable[File] = (),
    version: int | None = None,
) -> PricePublicity:
    """Make a price by agreement public, at both venues and with the four facts (价格公示).

    Law on Promoting the Transformation art. 18, Zhejiang regulation art. 17. Raises
    ``UnableToMoveCase`` when a fact or venue is missing or a related taker is not explained.
    """
    case = lock_case(case, version)
    require_move(actor, case, EventKind.PUBLICITY_OPENED, occurred_on)
    rule = rule_for(RuleCode.PRICE_PUBLICITY, occurred_on)
    if case.route != PricingRoute.AGREEMENT:
        raise UnableToMoveCase(_("Only a price by agreement is made public here."))
    is_on_market = rule.parameters["venues"] == 1 or bool(market_venue.strip())
    _require_facts([name, abstract, own_venue], is_on_market=is_on_market)
    if is_related and not related_note.strip():
        raise UnableToMoveCase(_("Please explain how the taker is related."))
    ends_on = end_of_term(occurred_on, rule.parameters["days"], rule.parameters["unit"])
    shown: dict[str, Any] = {
        "name": name.strip()[:200],
        "mode": case.mode,
        "own_venue": own_venue.strip()[:200],
        "market_venue": market_venue.strip()[:200],
        "is_related": is_related,
        "related_note": related_note.strip()[:500],
    }
    event = write_event(
        actor=actor,
        case=case,
        kind=EventKind.PUBLICITY_OPENED,
        occurred_on=occurred_on,
        payload=shown | {"price": str(case.price), "ends_on": ends_on.isoformat()},
        files=files,
    )
    publicity = PricePublicity.objects.create(
        case=case,
        sequence=event.sequence,
        abstract=abstract.strip()[:2000],
        price=case.state.money("price"),
        started_on=occurred_on,
        ends_on=ends_on,
        **shown,
    )
    tell_parties(case, actor, gettext_lazy("The price is public now"), ends_on.isoformat())
    return publicity


def _require_facts(facts: list[str], *, is_on_market: bool) -> None:
    if not all(fact.strip() for fact in facts):
        raise UnableToMoveCase(_("Name, abstract and the place in the own unit have to be given."))
    if not is_on_market:
        raise UnableToMoveCase(_("The price has to stand on a technology market, too."))


@transaction.atomic
def raise_objection(
    *, actor: User, publicity: PricePublicity, text: str, raised_on: date
) -> Objection:
    """Object to a price while it is public; everybody with an account may.

    Raises ``UnableToMoveCase`` when the term is over or nothing is said.
    """
    case = lock_case(publicity.case)
    publicity.refresh_from_db()
    require_fit(case, EventKind.OBJECTION_RAISED, raised_on)
    if not publicity.is_running or raised_on > publicity.ends_on:
        raise UnableToMoveCase(_("The term of this publicity is over."))
    if not text.strip():
        raise UnableToMoveCase(_("Please write what you object to."))
    event = write_event(
        actor=actor,
        case=case,
        kind=EventKind.OBJECTION_RAISED,
        occurred_on=raised_on,
        payload={"publicity": publicity.sequence},
    )
    publicity.state = TrackState.OBJECTED
    publicity.save(update_fields=["state"])
    tell_parties(case, actor, gettext_lazy("An objection to the price was raised"))
    return Objection.objects.create(
        publicity=publicity,
        sequence=event.sequence,
        author=actor,
        text=text.strip()[:2000],
        raised_on=raised_on,
    )


@transaction.atomic
def decide_objection(
    *,
    actor: User,
    objection: Objection,
    is_upheld: bool,
    reasons: str,
    decided_on: date,
    version: int | None = None,
) -> Objection:
    """Uphold an objection, which ends the publicity, or dismiss it with reasons.

    A dismissal moves the end as the rule says: the days of the objection do not count (stop),
    the term begins anew (restart), or it runs on. Raises ``UnableToMoveCase``.
    """
    publicity = objection.publicity
    case = lock_case(publicity.case, version)
    kind = EventKind.OBJECTION_UPHELD if is_upheld else EventKind.OBJECTION_DISMISSED
    require_move(actor, case, kind, decided_on)
    objection = Objection.objects.select_for_update().get(pk=objection.pk)
    if objection.is_upheld is not None:
        raise UnableToMoveCase(_("This objection has been decided already."))
    if not reasons.strip():
        raise UnableToMoveCase(_("A decision on an objection needs its reasons."))
    ends_on = publicity.ends_on if is_upheld else _end_after(publicity, objection, decided_on)
    objection.is_upheld, objection.decided_on = is_upheld, decided_on
    objection.reasons = reasons.strip()[:2000]
    objection.save()
    write_event(
        actor=actor,
        case=case,
        kind=kind,
        occurred_on=decided_on,
        payload={
            "objection": objection.sequence,
            "reasons": objection.reasons,
            "ends_on": ends_on.isoformat(),
        },
    )
    publicity.ends_on, publicity.state = ends_on, TrackState(case.tracks["PUBLICITY"])
    publicity.closed_on = decided_on if is_upheld else None
    publicity.save()
    tell_parties(case, actor, gettext_lazy("An objection to the price was decided"))
    if objection.author:
        notify(
            user=objection.author,
            kind="objection-decided",
            title=gettext_lazy("Your objection to a price was decided"),
            body=publicity.name,
            url=publicity.get_absolute_url(),
        )
    return objection


def _end_after(publicity: PricePublicity, objection: Objection, decided_on: date) -> date:
    rule = rule_for(RuleCode.PRICE_PUBLICITY, publicity.started_on).parameters
    if rule["on_objection"] == "restart":
        return end_of_term(decided_on, rule["days"], rule["unit"])
    if rule["on_objection"] == "run":
        return publicity.ends_on
    if rule["unit"] == "working":
        stopped = working_days_between(objection.raised_on, decided_on)
        return add_working_days(publicity.ends_on, stopped)
    return publicity.ends_on + (decided_on - objection.raised_on)


@transaction.atomic
def close_publicity(
    *,
    actor: User,
    publicity: PricePublicity,
    occurred_on: date,
    files: Iterable[File] = (),
    version: int | None = None,
) -> PricePublicity:
    """End a publicity whose term is over without an open objection."""
    case = lock_case(publicity.case, version)
    require_move(actor, case, EventKind.PUBLICITY_CLOSED, occurred_on)
    write_event(
        actor=actor,
        case=case,
        kind=EventKind.PUBLICITY_CLOSED,
        occurred_on=occurred_on,
        payload={"publicity": publicity.sequence},
        files=files,
    )
    publicity.refresh_from_db()
    publicity.state, publicity.closed_on = TrackState.CLEAN, occurred_on
    publicity.save(update_fields=["state", "closed_on"])
    return publicity


@transaction.atomic
def notify_completers(
    *,
    actor: User,
    case: ConversionCase,
    terms: str,
    occurred_on: date,
    files: Iterable[File] = (),
    version: int | None = None,
) -> CaseEvent:
    """Give the completers notice of an assignment on these terms (优先受让权; Civil Code 847).

    Those with an account are told. Raises ``UnableToMoveCase`` when the case names no completers.
    """
    case = lock_case(case, version)
    require_move(actor, case, EventKind.REFUSAL_NOTIFIED, occurred_on)
    parties = case.parties.present().select_related("user")
    completers = list(parties.filter(role=PartyRole.COMPLETER))
    if not completers:
        raise UnableToMoveCase(_("Please enter the completers as parties of the case first."))
    rule = rule_for(RuleCode.FIRST_REFUSAL, occurred_on)
    until = occurred_on + timedelta(days=rule.parameters["answer_days"])
    title = format_lazy(
        gettext_lazy("A result of yours is to be assigned: first refusal until {date}"),
        date=until.isoformat(),
    )
    for person in {party.user for party in completers} - {None}:
        notify(
            user=person,
            kind="first-refusal",
            title=title,
            body=f"{case.code} {case.title}\n{terms.strip()[:500]}",
            url=case.get_absolute_url(),
        )
    return write_event(
        actor=actor,
        case=case,
        kind=EventKind.REFUSAL_NOTIFIED,
        occurred_on=occurred_on,
        payload={
            "completers": [party.pk for party in completers],
            "terms": terms.strip()[:500],
            "answer_until": until.isoformat(),
        },
        files=files,
    )


@transaction.atomic
def record_refusal(
    *,
    actor: User,
    case: ConversionCase,
    completer: CaseParty,
    is_exercised: bool,
    occurred_on: date,
    files: Iterable[File] = (),
    version: int | None = None,
) -> CaseEvent:
    """Record one completer's answer to the notice: first refusal waived or exercised."""
    case = lock_case(case, version)
    kind = EventKind.REFUSAL_EXERCISED if is_exercised else EventKind.REFUSAL_WAIVED
    require_move(actor, case, kind, occurred_on)
    if completer.pk not in case.facts["completers"] or completer.pk in case.facts["waived"]:
        raise UnableToMoveCase(_("This completer has not been notified, or has answered already."))
    return write_event(
        actor=actor,
        case=case,
        kind=kind,
        occurred_on=occurred_on,
        payload={"completer": completer.pk},
        files=files,
    )


@transaction.atomic
def record_consent(
    *,
    actor: User,
    case: ConversionCase,
    owner: CaseParty,
    occurred_on: date,
    files: Iterable[File] = (),
    version: int | None = None,
) -> CaseEvent:
    """Record that a co-owner consents to the conversion (Patent Law art. 14)."""
    case = lock_case(case, version)
    require_move(actor, case, EventKind.CO_OWNER_CONSENTED, occurred_on)
    if owner.case_id != case.pk or owner.role != PartyRole.OWNER:
        raise UnableToMoveCase(_("Only an owner's consent is asked for."))
    return write_event(
        actor=actor,
        case=case,
        kind=EventKind.CO_OWNER_CONSENTED,
        occurred_on=occurred_on,
        payload={"owner": owner.pk},
        files=files,
    )
