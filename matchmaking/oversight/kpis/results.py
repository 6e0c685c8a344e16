"""K7, K9–K11, K17, K18: what was published, recommended, asked for, and lies dormant."""

from dateutil.relativedelta import relativedelta
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from ip.enums import LIVING_STATUSES, HolderRole, PatentKind
from ip.models import Patent, PatentHolder
from matchmaking.cases.enums import AFTER_CONTRACT, CaseStage, RuleCode
from matchmaking.cases.models import ConversionCase
from matchmaking.cases.queries import rule_for
from matchmaking.enums import NeedOutcome, NeedState
from matchmaking.interests.models import Interest
from matchmaking.models import Need
from matchmaking.queries import industry_of_need, industry_of_page
from matchmaking.statistics import impressions

from .dimensions import cut, flag
from .registry import Unit, kpi

PUBLISHED = _("year in which the result was first published")
SOLVED = [NeedOutcome.SOLVED_HERE, NeedOutcome.SOLVED_ELSEWHERE]


def _of_institute(field: str) -> Coalesce:
    path = f"institute__organization{field}"
    return Coalesce(f"achievementpage__{path}", f"patentpage__{path}")


def results(day: str = "published_on") -> QuerySet:
    """Achievements and patent pages that were ever published."""
    is_result = Q(achievementpage__isnull=False) | Q(patentpage__isnull=False)
    rows = Page.objects.filter(is_result, first_published_at__isnull=False).annotate(
        published_on=TruncDate("first_published_at"),
        granted_or_published_on=Coalesce(
            "patentpage__patent__granted_on", TruncDate("first_published_at")
        ),
    )
    return cut(
        rows.select_related("achievementpage__institute", "patentpage__institute"),
        day=day,
        industry=industry_of_page("pk"),
        district=_of_institute("__district__code"),
        institute=_of_institute(""),
    )


def is_converted() -> Exists:
    """Signed, or carried out by the owner itself."""
    after = Q(signed_on__isnull=False) | Q(stage__in=[*AFTER_CONTRACT, CaseStage.CLOSED])
    return Exists(ConversionCase.objects.filter(after, page=OuterRef("pk")))


@kpi(
    "K7",
    _("Conversion rate of published results"),
    formula=_(
        "Achievements and patents with at least one signed case ÷ all that were published, by "
        "the year of publication: later signatures count for the year of publication."
    ),
    unit=Unit.RATIO,
    period=PUBLISHED,
    source=_("listings of the portal and their conversion cases"),
)
def conversion_rate() -> QuerySet:
    return results().annotate(part=flag(is_converted()), whole=Value(1))


@kpi(
    "K17",
    _("Dormant for more than a year"),
    formula=_(
        "Results published, or patents granted, more than a year ago without a signed case: the "
        "completers may carry them out themselves."
    ),
    unit=Unit.COUNT,
    period=_("year of the grant, or of the first publication"),
    source=_("listings and patent records; Zhejiang regulation, art. 38"),
)
def dormant() -> QuerySet:
    today = timezone.localdate()
    months = rule_for(RuleCode.DORMANT, today).parameters["months"]
    rows = results("granted_or_published_on").exclude(is_converted())
    limit = today - relativedelta(months=months)
    return rows.filter(granted_or_published_on__lt=limit).annotate(part=Value(1))


@kpi(
    "K9",
    _("Working days until an answer"),
    formula=_(
        "Median of the working days from an interest to the receiver's yes or no; interests "
        "without an answer stand in the list of duties."
    ),
    unit=Unit.DAYS,
    period=_("year in which the interest was sent"),
    source=_("interests and their answers"),
)
def response_time() -> QuerySet:
    rows = Interest.objects.filter(answered_in__isnull=False).annotate(sent_on=TruncDate("sent_at"))
    found = cut(
        rows.select_related("need", "page", "sender_organization", "receiver_organization"),
        day="sent_on",
        district=F("receiver_organization__district__code"),
    )
    return found.annotate(part=F("answered_in"))


@kpi(
    "K10",
    _("Precision of the recommendations"),
    formula=_(
        "Matches that the company or its broker judged relevant ÷ matches that the company was "
        "shown."
    ),
    unit=Unit.RATIO,
    period=_("year in which the match was shown"),
    source=_("matches shown and judgements"),
)
def match_precision() -> QuerySet:
    rows = impressions().annotate(shown_on=TruncDate("shown_at"))
    rows = cut(
        rows.select_related("need", "page"),
        day="shown_on",
        industry=industry_of_need("need"),
        district=F("need__organization__district__code"),
    )
    return rows.annotate(part=flag(Q(accepted=True)), whole=Value(1))


@kpi(
    "K11",
    _("Needs that were solved"),
    formula=_(
        "Needs closed as solved, through the portal or elsewhere ÷ needs published, by the year "
        "of publication."
    ),
    unit=Unit.RATIO,
    period=_("year in which the need was published"),
    source=_("needs and the outcome that the company gave"),
)
def needs_solved() -> QuerySet:
    rows = Need.objects.filter(published_at__isnull=False).annotate(
        published_on=TruncDate("published_at")
    )
    rows = cut(
        rows.select_related("organization"),
        day="published_on",
        industry=industry_of_need("pk"),
        district=F("organization__district__code"),
    )
    is_solved = Q(state=NeedState.CLOSED, outcome__in=SOLVED)
    return rows.annotate(part=flag(is_solved), whole=Value(1))


@kpi(
    "K18",
    _("Invention patents in force"),
    formula=_("Granted invention patents on the portal whose term has not ended."),
    unit=Unit.COUNT,
    period=_("year of the grant"),
    source=_("patent records"),
)
def invention_patents() -> QuerySet:
    holders = PatentHolder.objects.filter(
        patent=OuterRef("pk"), role=HolderRole.HOLDER, organization__isnull=False
    ).order_by("sort_order", "pk")
    rows = Patent.objects.filter(
        kind=PatentKind.INVENTION,
        status__in=LIVING_STATUSES,
        expires_on__gte=timezone.localdate(),
    )
    rows = cut(
        rows,
        day="granted_on",
        district=Subquery(
            holders.values("organization__district__code")[:1], output_field=CharField()
        ),
        institute=Subquery(holders.values("organization")[:1]),
    )
    return rows.annotate(part=Value(1))
