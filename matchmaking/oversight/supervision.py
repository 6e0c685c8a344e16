"""What is worth a second look: stated rules and the cases that they hit (监管提示).

A hit is no verdict. Each rule says in words, with its figures, why a case is listed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import (
    Count,
    DateField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Window,
)
from django.db.models.functions import ExtractYear, Lag, Lead
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from matchmaking.cases.enums import OPEN_STAGES, EventKind
from matchmaking.cases.models import CaseEvent, Contract, ConversionCase, PricePublicity, Reward
from matchmaking.cases.moves import MOVES
from matchmaking.interests.models import Interest

from .kpis.process import clean_publicity, standing_events, under_publicity_rule
from .models import SupervisionHit
from .queries import TOO_FEW, median

BEYOND = 2
CLOSE_DAYS = 90
REPEATS = 3


Hits = Callable[[], QuerySet]


@dataclass(frozen=True)
class Rule:
    """One stated rule; ``hits`` finds the cases, or interests, that it lists."""

    key: str
    label: str | Promise
    words: str | Promise
    hits: Hits
    model: type[ConversionCase] | type[Interest]


RULES: dict[str, Rule] = {}


def rule(
    key: str,
    label: str | Promise,
    words: str | Promise,
    model: type[ConversionCase] | type[Interest] = ConversionCase,
) -> Callable[[Hits], Hits]:
    def register(hits: Hits) -> Hits:
        RULES[key] = Rule(key, label, words, hits, model)
        return hits

    return register


STAGE_OF = {kind: move.stage_after for kind, move in MOVES.items() if move.stage_after}


def usual_days() -> dict[str, float]:
    """Stage → median days that cases spent in it, where enough have left it."""
    steps = CaseEvent.objects.filter(kind__in=[EventKind.OPENED, *STAGE_OF]).annotate(
        left_on=Window(Lead("occurred_on"), partition_by=F("case"), order_by=F("sequence").asc())
    )
    spent = steps.annotate(
        days=ExpressionWrapper(F("left_on") - F("occurred_on"), output_field=DurationField())
    )
    by_stage: dict[str, dict[int, int]] = {}
    for kind, days in spent.filter(left_on__isnull=False).values_list("kind", "days").iterator():
        stage = STAGE_OF.get(EventKind(kind), "INTENT")
        counts = by_stage.setdefault(stage, {})
        whole = max(days // timedelta(days=1), 0)
        counts[whole] = counts.get(whole, 0) + 1
    return {
        stage: middle
        for stage, counts in by_stage.items()
        if sum(counts.values()) >= TOO_FEW
        and (middle := median(sorted(counts.items()))) is not None
    }


@rule(
    "stuck",
    _("Stuck in a step"),
    _(
        "Open cases that have stood in a step for more than twice the median days of all cases "
        "that left it; steps that fewer than five cases left are not judged."
    ),
)
def stuck() -> QuerySet:
    today = timezone.localdate()
    late = Q(pk__in=[])
    for stage, days in usual_days().items():
        if stage in OPEN_STAGES:
            late |= Q(stage=stage, stage_since__lt=today - timedelta(days=max(BEYOND * days, 1)))
    return ConversionCase.objects.filter(late)


@rule(
    "publicity",
    _("Signed without clean publicity"),
    _(
        "Cases that a public owner signed at a price by agreement without a price publicity that "
        "closed without an open objection; entered from earlier years, mostly."
    ),
)
def without_publicity() -> QuerySet:
    return under_publicity_rule().exclude(clean_publicity())


@rule(
    "reward",
    _("Reward below the floor"),
    _("Cases whose reward was decided below the rule's floor; the owner's reason is in the case."),
)
def low_reward() -> QuerySet:
    below = Reward.objects.filter(case=OuterRef("pk")).exclude(below_floor_reason="")
    return ConversionCase.objects.filter(Exists(below))


@rule(
    "unanswered",
    _("Interests without an answer"),
    _("Interests whose term for an answer has passed; the clock has told both sides."),
    Interest,
)
def unanswered() -> QuerySet:
    return Interest.objects.overdue()


@rule(
    "same-parties",
    _("Same parties within 90 days"),
    _("Contracts signed by the same owner and taker not more than 90 days after the one before."),
)
def same_parties() -> QuerySet:
    sides = [F("seller__organization"), F("buyer__organization")]
    before = Window(
        Lag("signed_on"), partition_by=sides, order_by=[F("signed_on").asc(), F("pk").asc()]
    )
    rows = Contract.objects.filter(
        seller__organization__isnull=False, buyer__organization__isnull=False
    ).annotate(before=before)
    gap = ExpressionWrapper(F("signed_on") - F("before"), output_field=DurationField())
    rows = rows.annotate(gap=gap).filter(gap__lte=timedelta(days=CLOSE_DAYS))
    return ConversionCase.objects.filter(pk__in=rows.values("case"))


@rule(
    "subsidy",
    _("Same parties around a subsidy"),
    _(
        "Contracts of the same owner and taker, of another case, signed not more than 90 days "
        "before or after a subsidy was granted."
    ),
)
def around_subsidy() -> QuerySet:
    near = timedelta(days=CLOSE_DAYS)
    granted = standing_events(EventKind.SUBSIDY_GRANTED).exclude(case=OuterRef("case"))
    granted = granted.filter(
        case__contracts__seller__organization=OuterRef("seller__organization"),
        case__contracts__buyer__organization=OuterRef("buyer__organization"),
        on__gte=ExpressionWrapper(OuterRef("signed_on") - near, output_field=DateField()),
        on__lte=ExpressionWrapper(OuterRef("signed_on") + near, output_field=DateField()),
    )
    rows = Contract.objects.filter(Exists(granted))
    return ConversionCase.objects.filter(pk__in=rows.values("case"))


@rule(
    "same-price",
    _("One price repeated"),
    _(
        "Contracts of an owner with an amount that the same owner signed three times or more in "
        "a year."
    ),
)
def same_price() -> QuerySet:
    times = Window(
        Count("pk"),
        partition_by=[F("seller__organization"), F("total_amount"), ExtractYear("signed_on")],
    )
    rows = Contract.objects.filter(seller__organization__isnull=False, total_amount__gt=0)
    rows = rows.annotate(times=times).filter(times__gte=REPEATS)
    return ConversionCase.objects.filter(pk__in=rows.values("case"))


@rule(
    "related",
    _("Related parties"),
    _("Cases whose price publicity marks the taker as a completer or as related to the owner."),
)
def related() -> QuerySet:
    marked = PricePublicity.objects.filter(case=OuterRef("pk"), is_related=True)
    return ConversionCase.objects.filter(Exists(marked))


def counts() -> list[tuple[Rule, int]]:
    """Every rule with the number of its hits at the last count."""
    hits = SupervisionHit.objects.order_by().values_list("rule").annotate(number=Count("pk"))
    found = dict(hits)
    return [(each, found.get(each.key, 0)) for each in RULES.values()]


def listed(rule: Rule) -> QuerySet:
    """The cases, or interests, of the last count, each with ``listed_on``, its first day there."""
    hits = SupervisionHit.objects.filter(rule=rule.key)
    since = hits.filter(record=OuterRef("pk")).values("listed_on")
    rows = rule.model._default_manager.filter(pk__in=hits.values("record"))
    return rows.annotate(listed_on=Subquery(since))
