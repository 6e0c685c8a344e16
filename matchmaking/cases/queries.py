from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from django.db.models import Case, IntegerField, Q, Value, When
from django.utils import timezone

from portal.accounts.models import Visitor
from portal.workdays.queries import add_working_days

from .enums import EventKind, Jurisdiction, PartyRole, RuleCode
from .guards import GUARDS, Circumstances, Guard
from .ledger import CaseState
from .models import ConversionCase, LawRule
from .moves import INDIRECT, MOVES, Move
from .rules import roles_in

NARROWEST_FIRST = Case(
    When(jurisdiction=Jurisdiction.CITY, then=Value(0)),
    When(jurisdiction=Jurisdiction.PROVINCE, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


def rule_for(code: RuleCode, on: date) -> LawRule:
    """Return the rule in force on a day, the narrowest jurisdiction first.

    Raises ``LawRule.DoesNotExist`` where no rule was in force.
    """
    in_force = Q(valid_to__isnull=True) | Q(valid_to__gte=on)
    rules = LawRule.objects.filter(in_force, code=code, valid_from__lte=on)
    found = rules.order_by(NARROWEST_FIRST, "-valid_from").first()
    if found is None:
        raise LawRule.DoesNotExist(f"{code} on {on}")
    return found


def end_of_term(start: date, days: int, unit: str) -> date:
    """Return the last day of a term of ``days`` calendar or working days after ``start``."""
    if unit == "working":
        return add_working_days(start, days)
    return start + relativedelta(days=days)


def circumstances_of(case: ConversionCase) -> Circumstances:
    owners = [
        party
        for party in case.parties.present().select_related("organization")
        if party.role == PartyRole.OWNER
    ]
    return Circumstances(
        owner_is_public=any(owner.is_public_owner for owner in owners),
        owner_ids=frozenset(owner.pk for owner in owners),
    )


def fits(move: Move, state: CaseState) -> bool:
    """Whether the table knows the move in this stage and track state."""
    in_track = move.track is None or state.track(move.track) in move.track_from
    return state.stage in move.stages and in_track


def missing_guards(move: Move, state: CaseState, around: Circumstances, on: date) -> list[Guard]:
    return [GUARDS[name] for name in move.guards if not GUARDS[name].holds(state, around, on)]


@dataclass(frozen=True)
class Option:
    """A move that the table knows now: whether it may be made, and what it waits for."""

    kind: EventKind
    missing: list[Guard]
    is_mine: bool

    @property
    def is_open(self) -> bool:
        return self.is_mine and not self.missing


def options(case: ConversionCase, user: Visitor) -> list[Option]:
    """Return the moves that fit where the case stands, the main way's first."""
    state, around, mine = case.state, circumstances_of(case), roles_in(user, case)
    today = timezone.localdate()
    fitting = [move for move in MOVES.values() if move.kind not in INDIRECT and fits(move, state)]
    fitting.sort(key=lambda move: move.stage_after is None)
    return [
        Option(move.kind, missing_guards(move, state, around, today), bool(move.by & mine))
        for move in fitting
    ]
