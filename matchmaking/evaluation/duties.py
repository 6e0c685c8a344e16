"""What rounds ask of units: reports to write and results to answer stand among the duties."""

from django.db.models import Case, CharField, F, Q, QuerySet, When
from django.db.models.functions import Cast
from django.urls import reverse

from matchmaking.oversight.duties import Reach, source
from matchmaking.oversight.enums import DutyKind

from .enums import Answer, RoundState, SubjectState
from .models import Subject


def _to_subject(_code: str, ref: int, _reach: Reach) -> str:
    return reverse("evaluation:subject", args=[ref])


@source(DutyKind.EVALUATION, link=_to_subject)
def evaluations(reach: Reach) -> QuerySet:
    to_report = Q(
        round__state=RoundState.SELF_REPORT,
        state__in=[SubjectState.OPEN, SubjectState.RETURNED],
        round__report_until__isnull=False,
    )
    to_answer = Q(
        round__state=RoundState.CONFIRMATION,
        answer=Answer.PENDING,
        round__answer_until__isnull=False,
    )
    rows = Subject.objects.taking_part().filter(
        to_report | to_answer, reach.of_organization("organization")
    )
    until = Case(When(to_report, then="round__report_until"), default="round__answer_until")
    return rows.annotate(
        ref=F("pk"),
        base=until,
        party=F("organization"),
        code=Cast("round__year", CharField()),
        title=F("label_zh"),
    )
