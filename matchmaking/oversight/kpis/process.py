"""K8, K15, K16, K19, K20: how cases go, from first interest to their effect."""

from datetime import date

from dateutil.relativedelta import relativedelta
from django.db.models import (
    BooleanField,
    Case,
    DateField,
    DecimalField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KT, KeyTextTransform
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking.cases.enums import (
    PRICED_MODES,
    THREE_MODES,
    EventKind,
    PartyRole,
    PricingRoute,
    RuleCode,
    Track,
    TrackState,
)
from matchmaking.cases.models import (
    CaseEvent,
    CaseParty,
    ConversionCase,
    FollowUp,
    PricePublicity,
    Reward,
)
from matchmaking.cases.queries import rule_for

from .dimensions import cut_cases, flag
from .registry import Unit, kpi

OPENED = _("year in which the case was opened")
EVENTS = _("entries of the cases' ledger, corrections applied")
MONEY = DecimalField(max_digits=18, decimal_places=2)


def standing_events(kind: EventKind) -> QuerySet:
    """Entries of one kind that no correction has declared void, ``on`` their corrected day.

    Corrections are looked up in the few cases that have any; the others cost nothing.
    """
    corrected = CaseEvent.objects.filter(kind=EventKind.CORRECTED)
    corrections = (
        corrected.filter(case=OuterRef("case"))
        .annotate(corrects=Cast(KT("payload__corrects"), IntegerField()))
        .filter(corrects=OuterRef("sequence"))
        .order_by("-sequence")
    )
    moved = corrections.annotate(day=Cast(KT("payload__occurred_on"), DateField()))
    has_any = Q(case__in=corrected.values("case"))
    is_void = Exists(corrections.filter(payload__is_void=True))
    day = Coalesce(Subquery(moved.values("day")[:1]), F("occurred_on"))
    return (
        CaseEvent.objects.filter(kind=kind)
        .annotate(
            on=Case(When(has_any, then=day), default=F("occurred_on"), output_field=DateField()),
            is_void=Case(When(has_any, then=is_void), default=False, output_field=BooleanField()),
        )
        .filter(is_void=False)
    )


def days_between(start: str, end: str) -> ExpressionWrapper:
    return ExpressionWrapper(F(end) - F(start), output_field=DurationField())


def cases(day: str = "opened_on") -> QuerySet:
    return cut_cases(ConversionCase.objects.all(), day=day)


def has_public_owner(case: str = "pk") -> Exists:
    """Whether a state-owned institution is among the owners."""
    return Exists(
        CaseParty.objects.present().filter(
            case=OuterRef(case),
            role=PartyRole.OWNER,
            organization__is_public_body=True,
        )
    )


@kpi(
    "K8-INTENT",
    _("Cases opened"),
    formula=_("Cases that were opened, whatever became of them."),
    unit=Unit.COUNT,
    period=OPENED,
    source=EVENTS,
)
def opened() -> QuerySet:
    return cases().annotate(part=Value(1))


@kpi(
    "K8-NDA",
    _("Confidentiality agreed"),
    formula=_("Median of the days from the opening of a case to its non-disclosure agreement."),
    unit=Unit.DAYS,
    period=OPENED,
    source=EVENTS,
)
def agreed_on_confidence() -> QuerySet:
    return cases().exclude(nda_on=None).annotate(part=days_between("opened_on", "nda_on"))


@kpi(
    "K8-SIGNED",
    _("Contracts signed"),
    formula=_("Median of the days from the opening of a case to the signature."),
    unit=Unit.DAYS,
    period=OPENED,
    source=EVENTS,
)
def signed() -> QuerySet:
    return cases().exclude(signed_on=None).annotate(part=days_between("opened_on", "signed_on"))


@kpi(
    "K8-ACCEPTED",
    _("Results accepted"),
    formula=_("Median of the days from the signature to the taker's acceptance."),
    unit=Unit.DAYS,
    period=OPENED,
    source=EVENTS,
)
def accepted() -> QuerySet:
    rows = cases().exclude(accepted_on=None)
    return rows.annotate(part=days_between("signed_on", "accepted_on"))


@kpi(
    "K8-INDUSTRIALISED",
    _("Brought into production"),
    formula=_("Median of the days from acceptance to industrial production."),
    unit=Unit.DAYS,
    period=OPENED,
    source=EVENTS,
)
def industrialised() -> QuerySet:
    rows = cases().exclude(industrialised_on=None)
    return rows.annotate(part=days_between("accepted_on", "industrialised_on"))


FUNNEL = ("K8-INTENT", "K8-NDA", "K8-SIGNED", "K8-ACCEPTED", "K8-INDUSTRIALISED")


def rewarded_cases() -> QuerySet:
    """Cases whose income a public owner shares."""
    return ConversionCase.objects.filter(
        has_public_owner(), mode__in=THREE_MODES, received__gt=0, first_received_on__isnull=False
    )


def reward_months(on: date) -> int:
    return rule_for(RuleCode.REWARD, on).parameters["pay_months"]


@kpi(
    "K15",
    _("Rewards paid as the rule asks"),
    formula=_(
        "Cases whose reward was paid out and not below the floor ÷ cases whose reward is due: "
        "paid out, or the term after the first income is over."
    ),
    unit=Unit.RATIO,
    period=_("year of the first income"),
    source=_("rewards of the conversion cases; Zhejiang regulation, art. 37, 39, 40"),
)
def reward_compliance() -> QuerySet:
    today = timezone.localdate()
    paid = Q(**{f"tracks__{Track.REWARDS}": TrackState.PAID})
    over = Q(first_received_on__lt=today - relativedelta(months=reward_months(today)))
    below = Reward.objects.filter(case=OuterRef("pk")).exclude(below_floor_reason="")
    rows = cut_cases(rewarded_cases().filter(paid | over), day="first_received_on")
    return rows.annotate(part=flag(paid & ~Exists(below)), whole=Value(1))


def under_publicity_rule() -> QuerySet:
    """Signed at a price by agreement by a public owner (Law on Promoting the Transformation 18)."""
    return cases("signed_on").filter(
        has_public_owner(),
        signed_on__isnull=False,
        route=PricingRoute.AGREEMENT,
        mode__in=PRICED_MODES,
    )


def clean_publicity() -> Exists:
    return Exists(PricePublicity.objects.filter(case=OuterRef("pk"), state=TrackState.CLEAN))


@kpi(
    "K16",
    _("Signed after clean publicity"),
    formula=_(
        "Cases whose price publicity closed without an open objection ÷ cases that a public "
        "owner signed at a price by agreement."
    ),
    unit=Unit.RATIO,
    period=_("year in which the contract was signed"),
    source=_("price publicity; law art. 18, Zhejiang regulation art. 17"),
)
def publicity_compliance() -> QuerySet:
    return under_publicity_rule().annotate(part=flag(clean_publicity()), whole=Value(1))


def _added_up(kind: EventKind, name: str) -> Subquery:
    """An amount that the standing entries of a kind give, summed over the case."""
    entries = standing_events(kind).filter(case=OuterRef("pk")).order_by().values("case")
    amount = Cast(KeyTextTransform(name, "payload"), MONEY)
    return Subquery(entries.annotate(total=Sum(amount)).values("total"), output_field=MONEY)


def _reported(name: str) -> Combinable:
    """What takers reported: the ledger's reports added up, else the latest follow-up's answer."""
    answers = FollowUp.objects.filter(case=OuterRef("pk"), answered_at__isnull=False)
    answers = answers.exclude(**{name: None}).order_by("-months").values(name)[:1]
    return Coalesce(
        _added_up(EventKind.OUTPUT_REPORTED, name),
        Cast(Subquery(answers), MONEY),
        output_field=MONEY,
    )


def _effect(name: str) -> QuerySet:
    reported = CaseEvent.objects.filter(kind=EventKind.OUTPUT_REPORTED)
    answered = FollowUp.objects.filter(answered_at__isnull=False)
    told = Q(pk__in=reported.values("case")) | Q(pk__in=answered.values("case"))
    return cases("signed_on").filter(told).annotate(part=_reported(name)).exclude(part=None)


EFFECT = _(
    "What takers reported of cases: the reports in the ledger added up; without any, the latest "
    "answer to a follow-up. Cases that nobody reported on are left out, not counted as zero."
)
EFFECT_SOURCE = _("reported outputs and follow-ups")


@kpi(
    "K20-SALES",
    _("New sales"),
    formula=EFFECT,
    unit=Unit.MONEY,
    period=_("year in which the contract was signed"),
    source=EFFECT_SOURCE,
)
def new_sales() -> QuerySet:
    return _effect("sales")


@kpi(
    "K20-TAX",
    _("New tax"),
    formula=EFFECT,
    unit=Unit.MONEY,
    period=_("year in which the contract was signed"),
    source=EFFECT_SOURCE,
)
def new_tax() -> QuerySet:
    return _effect("tax")


@kpi(
    "K20-JOBS",
    _("New jobs"),
    formula=EFFECT,
    unit=Unit.COUNT,
    period=_("year in which the contract was signed"),
    source=EFFECT_SOURCE,
)
def new_jobs() -> QuerySet:
    return _effect("jobs")


@kpi(
    "K19",
    _("Leverage of subsidies"),
    formula=_(
        "Contract amounts of the cases that were granted a subsidy ÷ the subsidies, corrections "
        "applied."
    ),
    unit=Unit.TIMES,
    period=_("year in which the contract was signed"),
    source=EVENTS,
)
def subsidy_leverage() -> QuerySet:
    granted = CaseEvent.objects.filter(kind=EventKind.SUBSIDY_GRANTED)
    rows = cases("signed_on").filter(pk__in=granted.values("case"), contract_total__gt=0)
    rows = rows.annotate(
        part=F("contract_total"), whole=_added_up(EventKind.SUBSIDY_GRANTED, "amount")
    )
    return rows.filter(whole__gt=0)
