from dataclasses import dataclass
from datetime import date
from itertools import groupby

from dateutil.relativedelta import relativedelta
from django.db.models import Case, Count, IntegerField, Prefetch, Q, QuerySet, Value, When
from django.utils import timezone

from portal.accounts.models import User, Visitor
from portal.workdays.queries import add_working_days

from .enums import CaseStage, EventKind, Jurisdiction, PartyRole, RuleCode, Track
from .guards import GUARDS, Circumstances, Guard, is_expected
from .ledger import CaseState
from .models import CaseParty, ConversionCase, LawRule
from .moves import INDIRECT, MOVES, Move
from .rules import roles_in

NARROWEST_FIRST = Case(
    When(jurisdiction=Jurisdiction.CITY, then=Value(0)),
    When(jurisdiction=Jurisdiction.PROVINCE, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)
MOST_WAITING = 200
FETCHED: str = "fetched_parties"


def rules_in_force(on: date) -> dict[str, LawRule]:
    """Every rule in force on a day by its code, the narrowest jurisdiction's."""
    in_force = Q(valid_to__isnull=True) | Q(valid_to__gte=on)
    rules = LawRule.objects.filter(in_force, valid_from__lte=on)
    return {rule.code: rule for rule in rules.order_by(NARROWEST_FIRST.desc(), "valid_from")}


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
    owners = [party for party in case.present_parties() if party.role == PartyRole.OWNER]
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
    is_expected: bool

    @property
    def is_open(self) -> bool:
        return self.is_mine and not self.missing

    @property
    def slug(self) -> str:
        return slug_of(self.kind)

    @property
    def track(self) -> Track | None:
        return MOVES[self.kind].track

    @property
    def is_main(self) -> bool:
        """Whether the move leads the case on along its main way."""
        return bool(MOVES[self.kind].stage_after) and self.kind != EventKind.TERMINATED

    @property
    def roles(self) -> list[str]:
        """Who may make it, in words."""
        return [str(role.label) for role in PartyRole if role in MOVES[self.kind].by]


def slug_of(kind: EventKind) -> str:
    """How a move is called in addresses."""
    return kind.value.lower().replace("_", "-")


def options(case: ConversionCase, user: Visitor) -> list[Option]:
    """Return the moves that fit where the case stands, the main way's first."""
    state, around, mine = case.state, circumstances_of(case), roles_in(user, case)
    today = timezone.localdate()
    fitting = [move for move in MOVES.values() if move.kind not in INDIRECT and fits(move, state)]
    fitting.sort(key=lambda move: move.stage_after is None)
    return [
        Option(
            kind=move.kind,
            missing=missing_guards(move, state, around, today),
            is_mine=bool(move.by & mine),
            is_expected=is_expected(move.kind, state, around),
        )
        for move in fitting
    ]


def with_parties(cases: QuerySet[ConversionCase]) -> QuerySet[ConversionCase]:
    """Fetch what the options of many cases ask for, in a fixed number of queries."""
    parties = CaseParty.objects.select_related("organization").order_by("pk")
    return cases.prefetch_related(Prefetch("parties", parties, to_attr=FETCHED))


def find_cases(
    user: Visitor, *, stage: str = "", mode: str = "", text: str = ""
) -> QuerySet[ConversionCase]:
    """Cases that ``user`` may read; ``text`` is looked for in title, code and organizations.

    Names of persons are not looked for: a hit would tell who they are.
    """
    cases = ConversionCase.objects.for_user(user)
    if stage:
        cases = cases.filter(stage=stage)
    if mode:
        cases = cases.filter(mode=mode)
    if text:
        named = Q(organization__name__icontains=text) | Q(organization__short_name__icontains=text)
        parties = CaseParty.objects.filter(named).values("case")
        found = Q(title__icontains=text) | Q(code__icontains=text) | Q(pk__in=parties)
        cases = cases.filter(found)
    return cases.order_by("-opened_on", "-pk")


def count_by_stage(cases: QuerySet[ConversionCase]) -> list[tuple[CaseStage, int]]:
    counted = dict(cases.order_by().values_list("stage").annotate(Count("pk")))
    return [(stage, counted.get(stage, 0)) for stage in CaseStage]


@dataclass(frozen=True)
class Waiting:
    """A case in which a step of the reader's own is expected now."""

    case: ConversionCase
    options: list[Option]


def waiting_cases(user: User) -> list[Waiting]:
    """The open cases that wait for ``user``, those that stood still longest first."""
    offices = CaseParty.objects.present().filter(organization__in=user.office_organization_ids)
    mine = Q(broker=user) | Q(pk__in=offices.values("case"))
    cases = ConversionCase.objects.open().filter(mine).order_by("stage_since", "pk")
    parties = CaseParty.objects.filter(case__in=cases[:MOST_WAITING])
    parties = parties.select_related("case", "organization")
    found = []
    for case, of_case in groupby(
        parties.order_by("case__stage_since", "case", "pk"), key=lambda party: party.case
    ):
        case.fetched_parties = list(of_case)
        open_now = [each for each in options(case, user) if each.is_open and each.is_expected]
        if open_now:
            found.append(Waiting(case, open_now))
    return found
