"""How far a round is, and what it waits for."""

from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from portal.accounts.models import User

from ..enums import (
    SETTLED_ANSWERS,
    STEPS,
    Answer,
    AssignmentState,
    RoundState,
    SubjectState,
)
from ..models import Assignment, Round, Subject


@dataclass(frozen=True)
class Progress:
    """Counts over the objects that take part."""

    subjects: int
    reported: int
    accepted: int
    tasks: int
    scored: int
    answered: int


def progress_of(round_: Round) -> Progress:
    reported = (SubjectState.SUBMITTED, SubjectState.ACCEPTED)
    counts = round_.subjects.taking_part().aggregate(
        subjects=Count("pk"),
        reported=Count("pk", filter=Q(state__in=reported)),
        accepted=Count("pk", filter=Q(state=SubjectState.ACCEPTED)),
        answered=Count("pk", filter=Q(answer__in=SETTLED_ANSWERS)),
    )
    tasks = Assignment.objects.filter(subject__in=round_.subjects.taking_part()).exclude(
        state=AssignmentState.DECLINED
    )
    counts |= tasks.aggregate(
        tasks=Count("pk"), scored=Count("pk", filter=Q(state=AssignmentState.SUBMITTED))
    )
    return Progress(**counts)


def steps_of(round_: Round) -> list[dict[str, str]]:
    """The steps as the component shows them."""
    order = [str(step) for step in STEPS]
    here = order.index(round_.state) if round_.state in order else len(order)
    states = ["done"] * here + ["current"] + [""] * len(order)
    return [
        {"label": str(step.label), "url": "", "state": state}
        for step, state in zip(STEPS, states, strict=False)
    ]


def with_tasks(subjects: QuerySet[Subject]) -> QuerySet[Subject]:
    """Subjects with ``task_count`` and ``scored_count``."""
    kept = ~Q(assignments__state=AssignmentState.DECLINED)
    scored = Q(assignments__state=AssignmentState.SUBMITTED)
    return subjects.annotate(
        task_count=Count("assignments", filter=kept),
        scored_count=Count("assignments", filter=scored),
    )


def open_calls(user: User) -> QuerySet[Round]:
    """Rounds that a unit's office may still enter objects in."""
    if not user.office_organization_ids:
        return Round.objects.none()
    return Round.objects.filter(state=RoundState.CALL).select_related("scheme")


def waiting_for(user: User) -> QuerySet[Subject]:
    """What waits for a person: objects to score, which carry ``task_id``, and those of the own
    units whose self-report or answer is due.
    """
    tasks = Assignment.objects.for_user(user).filter(
        subject=OuterRef("pk"),
        state=AssignmentState.OPEN,
        subject__round__state=RoundState.SCORING,
    )
    reported = Q(round__state=RoundState.SELF_REPORT, state=SubjectState.OPEN) | Q(
        round__state__in=(RoundState.SELF_REPORT, RoundState.FORMAL_CHECK),
        state=SubjectState.RETURNED,
    )
    answered = Q(
        round__state=RoundState.CONFIRMATION,
        answer=Answer.PENDING,
        state=SubjectState.ACCEPTED,
        organization__in=user.office_organization_ids,
    )
    own = Q(organization__in=user.organization_ids) & (reported | answered)
    return (
        Subject.objects.annotate(task_id=Subquery(tasks.values("pk")[:1]))
        .filter(own | Q(task_id__isnull=False))
        .select_related("round")
        .order_by("round", "number")
    )
