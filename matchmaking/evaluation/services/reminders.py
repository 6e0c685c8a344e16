"""Reminders of what is due soon, derived from the database: a second run tells nobody twice."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy

from portal.notifications.services import notify

from ..enums import Answer, AssignmentState, RoundState, SubjectState
from ..models import Assignment, Subject
from .base import tell_office
from .panel import tasks_address

DAYS_AHEAD = timedelta(days=3)


def remind_of_deadlines() -> int:
    """Tell units and experts what ends within three days; return how much is still open."""
    last = timezone.localdate() + DAYS_AHEAD
    subjects = Subject.objects.select_related("round").order_by("pk")
    reports = subjects.filter(
        round__state=RoundState.SELF_REPORT,
        round__report_until__lte=last,
        state__in=[SubjectState.OPEN, SubjectState.RETURNED],
    )
    for subject in reports:
        title = gettext_lazy("A self-report for an evaluation is due")
        key = f"evaluation-report-due:{subject.pk}:{subject.round.report_until}"
        tell_office(subject, "evaluation-report-due", title, dedupe_key=key)
    answers = subjects.taking_part().filter(
        round__state=RoundState.CONFIRMATION,
        round__answer_until__lte=last,
        answer=Answer.PENDING,
    )
    for subject in answers:
        title = gettext_lazy("The confirmation of an evaluation result is due")
        key = f"evaluation-answer-due:{subject.pk}:{subject.round.answer_until}"
        tell_office(subject, "evaluation-answer-due", title, dedupe_key=key)
    tasks = Assignment.objects.filter(
        state=AssignmentState.OPEN,
        subject__round__state=RoundState.SCORING,
        subject__round__score_until__lte=last,
    ).select_related("expert", "subject__round")
    for task in tasks:
        round_ = task.subject.round
        notify(
            user=task.expert,
            kind="evaluation-task-due",
            title=gettext_lazy("Scorings for an evaluation are due"),
            body=round_.label,
            url=tasks_address(),
            dedupe_key=f"evaluation-task-due:{round_.pk}:{task.expert_id}:{round_.score_until}",
        )
    return len(reports) + len(answers) + len(tasks)
