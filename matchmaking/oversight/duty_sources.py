"""The sources of duties; each says in its query what is still to be done."""

from datetime import date

from django.db.models import (
    CharField,
    DateField,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from achievements.models import InstitutePage
from matchmaking.cases.enums import END_STAGES, CaseStage, PartyRole, RuleCode, Track, TrackState
from matchmaking.cases.models import (
    CaseParty,
    Contract,
    ContractType,
    ConversionCase,
    FollowUp,
    Instalment,
    Objection,
    PricePublicity,
)
from matchmaking.enums import NeedState
from matchmaking.interests.enums import InterestState
from matchmaking.interests.models import Interest
from matchmaking.models import Need
from portal.accounts.enums import PUBLISHING_KINDS

from .duties import Reach, source
from .enums import DutyKind, ReportState
from .kpis.process import rewarded_cases
from .models import AnnualReport

RUNNING = [TrackState.RUNNING, TrackState.OBJECTED]


def taker_of_case(case: str) -> Subquery:
    """The first organization that takes the result in the case that ``case`` leads to."""
    parties = CaseParty.objects.present().filter(
        case=OuterRef(case), role=PartyRole.TAKER, organization__isnull=False
    )
    return Subquery(parties.order_by("pk").values("organization")[:1])


def _columns(
    rows: QuerySet, *, base: str | Combinable, party: str | Combinable, case: str
) -> QuerySet:
    """Give rows of cases the columns of a duty; ``case`` is the path to the case."""
    return rows.annotate(
        ref=F("pk"),
        base=F(base) if isinstance(base, str) else base,
        party=F(party) if isinstance(party, str) else party,
        **{name: F(f"{case}{name}") for name in ("code", "title") if case},
    )


@source(DutyKind.PUBLICITY, rule=RuleCode.PRICE_PUBLICITY)
def publicities(reach: Reach) -> QuerySet:
    rows = PricePublicity.objects.filter(reach.of_case("case"), state__in=RUNNING)
    rows = rows.exclude(case__stage__in=END_STAGES)
    return _columns(rows, base="ends_on", party="case__lead_owner", case="case__")


@source(DutyKind.OBJECTION, rule=RuleCode.PRICE_PUBLICITY)
def objections(reach: Reach) -> QuerySet:
    """Undecided ones; the law sets no day, so they are due when the publicity would end."""
    rows = Objection.objects.filter(
        reach.of_case("publicity__case"), is_upheld__isnull=True, publicity__state__in=RUNNING
    ).exclude(publicity__case__stage__in=END_STAGES)
    owner = "publicity__case__lead_owner"
    return _columns(rows, base="publicity__ends_on", party=owner, case="publicity__case__")


@source(DutyKind.REFUSAL, rule=RuleCode.FIRST_REFUSAL)
def refusals(reach: Reach) -> QuerySet:
    rows = ConversionCase.objects.open().filter(
        reach.of_case("pk"), **{f"tracks__{Track.FIRST_REFUSAL}": TrackState.NOTIFIED}
    )
    until = Cast(KT("facts__refusal_until"), DateField())
    return _columns(rows, base=until, party="lead_owner", case="")


@source(DutyKind.FILING, rule=RuleCode.LICENCE_FILING, months="months")
def filings(reach: Reach) -> QuerySet:
    """Patent licences, counted from the day they take effect (Rules for the Patent Law 15)."""
    rows = Contract.objects.filter(
        reach.of_case("case"), type=ContractType.LICENCE_PATENT, licence_filed_on__isnull=True
    ).exclude(case__stage=CaseStage.TERMINATED)
    return _columns(rows, base="valid_from", party="seller__organization", case="case__")


@source(DutyKind.INSTALMENT)
def instalments(reach: Reach) -> QuerySet:
    """Instalments that the money received so far does not cover, the earlier ones first."""
    earlier = Q(due_on__lt=OuterRef("due_on")) | Q(
        due_on=OuterRef("due_on"), pk__lte=OuterRef("pk")
    )
    planned = Instalment.objects.filter(earlier, contract=OuterRef("contract")).order_by()
    total = planned.values("contract").annotate(planned=Sum("amount")).values("planned")
    rows = Instalment.objects.filter(reach.of_case("contract__case"))
    rows = rows.exclude(contract__case__stage__in=END_STAGES)
    rows = rows.annotate(planned=Subquery(total)).filter(planned__gt=F("contract__case__received"))
    return _columns(
        rows, base="due_on", party="contract__buyer__organization", case="contract__case__"
    )


@source(DutyKind.REWARD, rule=RuleCode.REWARD, months="pay_months")
def rewards(reach: Reach) -> QuerySet:
    """Income of a public owner that was not shared yet, counted from its first payment."""
    track = f"tracks__{Track.REWARDS}"
    unpaid = Q(**{f"{track}__isnull": True}) | ~Q(**{track: TrackState.PAID})
    rows = rewarded_cases().filter(reach.of_case("pk"), unpaid)
    rows = rows.exclude(stage=CaseStage.TERMINATED)
    return _columns(rows, base="first_received_on", party="lead_owner", case="")


@source(DutyKind.FOLLOW_UP)
def follow_ups(reach: Reach) -> QuerySet:
    rows = FollowUp.objects.filter(
        reach.of_case("case"), answered_at__isnull=True, closed_at__isnull=True
    ).exclude(case__stage=CaseStage.TERMINATED)
    return _columns(rows, base="due_on", party=taker_of_case("case"), case="case__")


def _to_need(code: str, _ref: int, _reach: Reach) -> str:
    return reverse("matchmaking:need", args=[code])


def _to_listing(code: str, ref: int, reach: Reach) -> str:
    """The owner minds it in the workspace; others find it in the list."""
    if reach.is_all:
        return f"{reverse('achievements:list')}?q={code}"
    return reverse("achievements:listing", args=[ref])


def _to_reports(_code: str, _ref: int, _reach: Reach) -> str:
    return reverse("oversight:reports")


def _to_interest(code: str, _ref: int, _reach: Reach) -> str:
    return reverse("interests:interest", args=[code])


@source(DutyKind.INTEREST, link=_to_interest)
def interests(reach: Reach) -> QuerySet:
    """The receiver's alone: a company that keeps its name to itself is not named to the sender."""
    rows = Interest.objects.filter(
        reach.of_organization("receiver_organization"), state=InterestState.SENT
    )
    rows = rows.annotate(title=Coalesce("page__title", "need__title", output_field=CharField()))
    return _columns(rows, base="due_on", party="receiver_organization", case="")


@source(DutyKind.NEED, link=_to_need)
def needs(reach: Reach) -> QuerySet:
    rows = Need.objects.filter(
        reach.of_organization("organization"),
        state=NeedState.PUBLISHED,
        valid_until__isnull=False,
    )
    return _columns(rows, base="valid_until", party="organization", case="")


@source(DutyKind.LISTING, link=_to_listing)
def listings(reach: Reach) -> QuerySet:
    """Achievements and patent pages that stand on the portal and whose validity ends, or has."""
    either = [
        {
            "live": True,
            **{f"{model}__{name}__isnull": True for name in ("withdrawn_at", "archived_at")},
        }
        | {f"{model}__valid_until__isnull": False}
        for model in ("achievementpage", "patentpage")
    ]
    own = reach.of_organization("achievementpage__institute__organization")
    own |= reach.of_organization("patentpage__institute__organization")
    rows = Page.objects.filter(Q(**either[0]) | Q(**either[1]), own)
    return rows.order_by().annotate(
        ref=F("pk"),
        base=_either("valid_until"),
        party=_either("institute__organization"),
        code=_either("code"),
    )


def _either(name: str) -> Coalesce:
    return Coalesce(f"achievementpage__{name}", f"patentpage__{name}")


@source(DutyKind.REPORT, rule=RuleCode.ANNUAL_REPORT, link=_to_reports)
def reports(reach: Reach) -> QuerySet:
    """Institutes that have not signed off last year's report (Zhejiang regulation, art. 28)."""
    today, day = timezone.localdate(), reach.rules[RuleCode.ANNUAL_REPORT].parameters
    done = AnnualReport.objects.filter(year=today.year - 1).exclude(state=ReportState.DRAFT)
    rows = InstitutePage.objects.live().filter(
        reach.of_organization("organization"), organization__kind__in=PUBLISHING_KINDS
    )
    rows = rows.exclude(organization__in=done.values("organization"))
    return rows.order_by().annotate(
        ref=F("pk"),
        base=Value(date(today.year, day["month"], day["day"]), output_field=DateField()),
        party=F("organization"),
        code=Value(str(today.year - 1), output_field=CharField()),
    )
